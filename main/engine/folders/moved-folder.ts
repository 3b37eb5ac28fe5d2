// Tells whether a folder that is added is one of the library that lies elsewhere now: renamed,
// moved, or on a drive that is mounted at another place. Runs in the writer; reads names, sizes and
// times of a few files.
import { basename, dirname, join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { SampledFile } from '../../catalogue/sample-table.ts'
import { currentMounts, lstat, noneOf, readdir, unknownOf } from '../faults/disk.ts'
import { isInside } from '../photo-paths.ts'
import { contentHash } from './content-hash.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { presenceOf } from './presence.ts'
import { isSkipped } from './skipped.ts'
import { placeByVolume } from './volumes.ts'

/** Photos of each end of a folder, by path, that are looked for. */
const SAMPLE = 16
/** The share of them that has to be there: a few may have been edited or deleted since. */
const ENOUGH = 0.9
/** Directories beside the place of a folder in which it is looked for. */
const MOST_BESIDE = 200

/**
 * The folder of the library that lies at `path` now. It is not where it was, and either it is the
 * same place of the same volume, or its photos are there as they were, by path and size and by time
 * or content. A drive that is unplugged may have a copy elsewhere: unless the place that held the
 * folder is there without it, the files have to be the very same.
 */
export async function movedFolder(
  catalogue: Catalogue,
  path: string
): Promise<FolderRow | undefined> {
  if (catalogue.folders.isKnown(path)) return undefined
  const mounts = currentMounts()
  for (const folder of catalogue.folders.list())
    if ((await isNowAt(catalogue, folder, path, mounts).catch(unknownOf)) === true) return folder
  return undefined
}

async function isNowAt(
  catalogue: Catalogue,
  folder: FolderRow,
  path: string,
  mounts: Mounts | undefined
): Promise<boolean> {
  const { present, fault } = await presenceOf(catalogue, folder)
  if (present || fault) return false
  if (mounts && (await placeByVolume(catalogue, folder, mounts)) === path) return true
  const sample = catalogue.samples.ends(folder.id, SAMPLE)
  const found = await Promise.all(sample.map((file) => lookFor(path, file)))
  const needed = Math.max(1, Math.ceil(ENOUGH * sample.length))
  const isSame = (await isThere(dirname(folder.path)))
    ? found.filter((one) => one !== 'none')
    : found.filter((one) => one === 'same')
  return isSame.length >= needed
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
      const stats = await lstat(join(path, directory, name)).catch(noneOf)
      return stats?.size === size
    })
  )
  return sample.length === 0 || found.some(Boolean)
}

/**
 * Where a folder lies now that is not where it was, as far as that is certain: by its volume, or
 * renamed beside where it was, which its very files tell. `mounts`: undefined where not known.
 */
export async function placeNow(
  catalogue: Catalogue,
  folder: FolderRow,
  mounts: Mounts | undefined
): Promise<string | undefined> {
  const byVolume = mounts && (await placeByVolume(catalogue, folder, mounts))
  const places = byVolume === undefined ? await besides(folder, mounts) : [byVolume]
  const others = catalogue.folders.list().filter((one) => one.id !== folder.id)
  for (const path of places) {
    const isTaken = others.some((one) => isInside(path, one.path) || isInside(one.path, path))
    if (isTaken || catalogue.folders.isKnown(path)) continue
    const isIt = await isPlaceOf(catalogue, folder, path, path === byVolume).catch(unknownOf)
    if (isIt === true) return path
  }
  return undefined
}

async function isPlaceOf(
  catalogue: Catalogue,
  folder: FolderRow,
  path: string,
  isItsVolume: boolean
): Promise<boolean> {
  if (!(await isThere(path))) return false
  if (isItsVolume) return true
  const sample = catalogue.samples.ends(folder.id, SAMPLE)
  const found = await Promise.all(sample.map((file) => lookFor(path, file)))
  const same = found.filter((one) => one === 'same').length
  return same >= Math.max(1, Math.ceil(ENOUGH * sample.length))
}

/** Directories beside the place where a folder was; no drives, which may hang. */
async function besides({ path }: FolderRow, mounts?: Mounts): Promise<string[]> {
  const parent = dirname(path)
  const entries = await readdir(parent).catch(() => [])
  if (entries.some(({ name }) => name === basename(path))) return [] // only its drive is away
  return entries
    .filter((entry) => entry.isDirectory() && !isSkipped(entry.name))
    .map(({ name }) => join(parent, name))
    .filter((each) => !mounts?.has(each))
    .slice(0, MOST_BESIDE)
}

/** 'same': the very file; 'equal': one of its size, and of its time or content, as copies are. */
async function lookFor(path: string, file: SampledFile): Promise<'same' | 'equal' | 'none'> {
  const at = join(path, file.directory, file.name)
  const stats = await lstat(at).catch(noneOf)
  if (stats?.size !== file.size || !stats.isFile()) return 'none'
  if (stats.mtimeMs === file.modifiedAt) return stats.ino === file.inode ? 'same' : 'equal'
  if (file.hash === null) return 'none'
  return (await contentHash(at, undefined, false)) === file.hash ? 'equal' : 'none'
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(noneOf))?.isDirectory() === true
}
