// Packages of the npm registry that set-up needs besides node_modules: checked, unpacked and made
// ready once, and kept in the user's cache. Set-up, plain Node without dependencies.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, cacheFolder, mustRun, outputOf } from './machine.mjs'

const STALE_MILLISECONDS = 60 * 60_000

/** Removes what killed set-ups left behind; those of the last hour may still be at work. */
function removeLeftovers(cache) {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    if (
      name.startsWith('unfinished-') &&
      Date.now() - statSync(folder).mtimeMs > STALE_MILLISECONDS
    )
      rmSync(folder, { recursive: true, force: true })
  }
}

async function fetchArchive({ package: name, archive, integrity }, folder) {
  const listed = await outputOf('npm', ['view', '--silent', name, 'dist.integrity'])
  if (listed !== integrity)
    throw new SetupError(`${name}: the registry lists ${listed}, expected ${integrity}`)
  await mustRun('npm', ['pack', '--silent', '--pack-destination', folder, name], { quiet: true })
  const file = join(folder, archive)
  const sum = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  if (sum !== integrity) throw new SetupError(`${archive}: has ${sum}, expected ${integrity}`)
  return file
}

/**
 * The folder of a package in the cache, made there if it is missing. Several set-ups may do so at
 * once, and any may be killed: each works in a folder of its own and renames it when complete.
 * @param wanted `package` (name@version), its `archive` (file name) and `integrity` (sha512-...).
 * @param name what the folder is called; another name for each version and way of preparing.
 * @param prepare unpacks the archive (a file) below the work folder and resolves with the folder
 * that is to be kept.
 * @throws {SetupError} a wrong checksum, or a failed download.
 */
export async function cachedPackage(wanted, name, prepare) {
  const cache = cacheFolder()
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  removeLeftovers(cache)
  const work = join(cache, `unfinished-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(work)
  try {
    const complete = await prepare(await fetchArchive(wanted, work), work)
    try {
      renameSync(complete, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error // else another set-up was first with the same
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}
