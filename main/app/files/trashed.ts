// Finds a file that the system's trash has just taken, so that it can be put back: in the folders
// that freedesktop.org's trash specification 1.0 names. Runs in app; knows files, not Electron. On
// systems with another trash it finds nothing, and then there is no undo.
import { readFile, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
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
  const [stem = ''] = basename(path).split('.', 1)
  const own = await latestOf(path, since, stem)
  // Where its name was taken some count on: “a (1)” lies as “a (2)”.
  const base = stem.replace(/ \(\d+\)$/, '')
  const isSure = base === stem || (own !== undefined && own.at >= since)
  const latest = isSure ? own : await latestOf(path, since, base)
  return latest && { path: latest.path, info: latest.info }
}

/** The latest of those whose names in the trash begin with `stem`: numbers follow. */
async function latestOf(
  path: string,
  since: number,
  stem: string
): Promise<(Trashed & { at: number }) | undefined> {
  const found: (Trashed & { at: number })[] = []
  for (const { trash, top } of trashFolders(path)) {
    for (const name of await namesIn(join(trash, 'info'))) {
      if (!name.startsWith(stem) || !name.endsWith('.trashinfo')) continue
      const info = join(trash, 'info', name)
      const at = await trashedAt(info)
      if (at < since - SLACK || (await formerPath(info, top)) !== path) continue
      found.push({ path: join(trash, 'files', name.slice(0, -'.trashinfo'.length)), info, at })
    }
  }
  return found.sort((a, b) => b.at - a.at)[0]
}

/** When it was thrown away, ms since 1970; long ago for an entry that is no more. */
async function trashedAt(info: string): Promise<number> {
  try {
    return (await stat(info)).mtimeMs
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return -Infinity
    throw error
  }
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
  try {
    const encoded = /^Path=(.*)$/m.exec(await readFile(info, 'utf8'))?.[1]
    return encoded === undefined ? undefined : resolve(top, decodeURIComponent(encoded))
  } catch (error) {
    // Not written by the specification, or no file that can be read: it is that of another.
    if (error instanceof URIError || systemCodeOf(error) !== undefined) return undefined
    throw error
  }
}
