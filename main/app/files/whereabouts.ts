// Is a file that Kindred moved or copied still where it was brought? Runs in app; knows files, not
// Electron.
import { lstat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Fault } from '../../wire/fault.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'

/**
 * The file's facts, or 'gone' where its directory is there without it.
 * @throws {Fault} where the directory is not there either, as when a drive is away
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
    return await lstat(path)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
