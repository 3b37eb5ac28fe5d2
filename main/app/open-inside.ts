// Opens a file for the page only if it is a plain one that really lies in a folder it may see. Runs
// in app; knows files, not what they are for.
import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { isInside } from './inside.ts'

// A link put in the place of the file after the check is not followed; a pipe does not block.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Opens the file if it is one and its real path lies in the real `root`; else the status to refuse
 * with: 404 where it is not there, 403 for anything else.
 */
export async function openInside(path: string, root: string): Promise<FileHandle | 403 | 404> {
  try {
    const [realPath, realRoot] = await Promise.all([realpath(path), realpath(root)])
    if (!isInside(realPath, realRoot)) return 403
    const handle = await open(realPath, FLAGS)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    return 403
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ENOTDIR' ? 404 : 403
  }
}
