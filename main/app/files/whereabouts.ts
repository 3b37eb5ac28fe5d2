// Is a file that Kindred moved or copied still where it was brought? Runs in app; knows files, not
// Electron.
import { readFileSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Volumes } from '../../wire/disk/asked-volumes.ts'
import { MOUNT_LIST, mountsBy } from '../../wire/disk/mount-list.ts'
import { Fault } from '../../wire/fault.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'

const volumes = new Volumes(() => mountsBy(() => readFileSync(MOUNT_LIST, 'utf8')))
volumes.atOnce = 1 // of the four threads that app has, thumbnails and logs keep one at any time

/**
 * The file's facts, or 'gone' where its directory is there without it.
 * @throws {Fault} where the directory is not there either, as when a drive is away, or its disk
 *   does not answer
 */
export async function whereabouts(path: string): Promise<Stats | 'gone'> {
  const file = await factsOf(path)
  if (file) return file
  if (await factsOf(dirname(path))) return 'gone'
  const [expected, received] = ['the folder that the files were brought to', 'no folder there']
  const subject = basename(dirname(path))
  throw new Fault({ kind: 'disk-error', about: 'folder', subject, expected, received })
}

async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    return await volumes.of(path).reach(() => lstat(path), { isPatient: true, file: path })
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
