// Tells whether a folder that is added is one of the library that lies elsewhere now: renamed,
// moved, or on a drive that is mounted at another place. Runs in the writer; reads names, sizes and
// times of a few files.
import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { SampledFile } from '../../catalogue/sample-table.ts'
import { presenceOf } from './presence.ts'

/** Photos of each end of a folder, by path, that are looked for. */
const SAMPLE = 16
/** The share of them that has to be there: a few may have been edited or deleted since. */
const ENOUGH = 0.9

/**
 * The folder of the library that lies at `path` now. It is not where it was, and its photos are
 * there as they were, by path, size and time. A drive that is unplugged may have a copy elsewhere:
 * unless the place that held the folder is there without it, the files have to be the very same.
 */
export async function movedFolder(
  catalogue: Catalogue,
  path: string
): Promise<FolderRow | undefined> {
  if (catalogue.folders.isKnown(path)) return undefined
  for (const folder of catalogue.folders.list()) {
    const { present, fault } = await presenceOf(catalogue, folder)
    if (present || fault) continue
    const sample = catalogue.samples.ends(folder.id, SAMPLE)
    const found = await Promise.all(sample.map((file) => lookFor(path, file)))
    const needed = Math.max(1, Math.ceil(ENOUGH * sample.length))
    const isSame = (await isThere(dirname(folder.path)))
      ? found.filter((one) => one !== 'none')
      : found.filter((one) => one === 'same')
    if (isSame.length >= needed) return folder
  }
  return undefined
}

/** True when some of a folder's photos are at `path`, or when it has none. */
export async function hasPhotosOf(
  catalogue: Catalogue,
  folder: FolderRow,
  path: string
): Promise<boolean> {
  const sample = catalogue.samples.ends(folder.id, SAMPLE)
  const found = await Promise.all(
    sample.map(async ({ directory, name, size }) => {
      const stats = await lstat(join(path, directory, name)).catch(() => undefined)
      return stats?.size === size
    })
  )
  return sample.length === 0 || found.some(Boolean)
}

/** 'same': the very file; 'equal': one of its size and time, which a copy has, too. */
async function lookFor(path: string, file: SampledFile): Promise<'same' | 'equal' | 'none'> {
  const stats = await lstat(join(path, file.directory, file.name)).catch(() => undefined)
  if (stats?.size !== file.size || stats.mtimeMs !== file.modifiedAt) return 'none'
  return stats.ino === file.inode ? 'same' : 'equal'
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true
}
