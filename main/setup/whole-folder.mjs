// Folders that are made once and never changed: `<base>-<key>`, which is there whole or not at all,
// however many processes ask for it at once. Set-up, plain Node without dependencies.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { statSync, utimesSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const DAY = 24 * 60 * 60 * 1000

/** What began in a folder may look for further files in it for as long as it runs. */
function removeOld(base, kept) {
  for (const name of readdirSync(dirname(base))) {
    const path = join(dirname(base), name)
    if (name !== basename(base) && !name.startsWith(`${basename(base)}-`)) continue
    try {
      if (path === kept || Date.now() - statSync(path).mtimeMs < DAY) continue
      // By way of another name: who looks meanwhile finds all of it, or nothing.
      const going = `${path}-${process.pid}`
      renameSync(path, going)
      rmSync(going, { recursive: true, force: true })
    } catch {
      // Another process removes it, or it must not be: it only takes up room.
    }
  }
}

/**
 * The folder of `key`, made if there is none: in a folder beside it, which then gets its name. Who
 * comes second leaves the folder as it is. Those that nobody asked for within a day are removed.
 * @param make fills the folder that it is given
 */
export async function wholeFolder(base, key, make) {
  const folder = `${base}-${key}`
  if (existsSync(folder)) {
    try {
      utimesSync(folder, new Date(), new Date())
    } catch {
      // Of somebody else: it is used all the same.
    }
    return folder
  }
  mkdirSync(dirname(base), { recursive: true })
  const fresh = mkdtempSync(`${folder}-`)
  try {
    await make(fresh)
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  removeOld(base, folder)
  return folder
}
