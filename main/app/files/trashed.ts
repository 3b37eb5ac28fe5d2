// Finds a file that the system's trash has just taken, so that it can be put back: in the folders
// that freedesktop.org's trash specification 1.0 names. Runs in app; knows files, not Electron. On
// systems with another trash it finds nothing, and then there is no undo.
import { readFile, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { systemCodeOf } from '../../wire/system-fault.ts'

export interface Trashed {
  /** Where its content lies now. */
  path: string
  /** What says where it was: to be removed once it is put back. */
  info: string
}

/** A clock of a network drive may be behind by so much, ms. */
const SLACK = 60_000

/** The file that lay at `path` and was thrown away at `since` (ms since 1970) or later. */
export async function findTrashed(path: string, since: number): Promise<Trashed | undefined> {
  const found: (Trashed & { at: number })[] = []
  for (const { trash, top } of trashFolders(path)) {
    for (const name of await namesIn(join(trash, 'info'))) {
      if (!name.endsWith('.trashinfo')) continue
      const info = join(trash, 'info', name)
      const at = (await stat(info)).mtimeMs
      if (at < since - SLACK || (await formerPath(info, top)) !== path) continue
      found.push({ path: join(trash, 'files', name.slice(0, -'.trashinfo'.length)), info, at })
    }
  }
  found.sort((a, b) => b.at - a.at)
  const [latest] = found
  return latest && { path: latest.path, info: latest.info }
}

/** The trash of the home folder, and those at the top of each mount on the way to the file. */
function trashFolders(path: string): { trash: string; top: string }[] {
  const data = process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share')
  const folders = [{ trash: join(data, 'Trash'), top: '/' }]
  const user = process.getuid?.() ?? 0
  for (let top = dirname(path); ; top = dirname(top)) {
    folders.push({ trash: join(top, `.Trash-${user}`), top })
    folders.push({ trash: join(top, '.Trash', String(user)), top })
    if (top === dirname(top)) return folders
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return [] // no trash there, or not ours
    throw error
  }
}

/** The path that a trashinfo file names; relative ones are below `top`. */
async function formerPath(info: string, top: string): Promise<string | undefined> {
  const encoded = /^Path=(.*)$/m.exec(await readFile(info, 'utf8'))?.[1]
  if (encoded === undefined) return undefined
  try {
    return resolve(top, decodeURIComponent(encoded))
  } catch {
    return undefined // not written by the specification
  }
}
