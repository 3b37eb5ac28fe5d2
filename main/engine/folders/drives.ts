// Which drives and shares of a folder are not there. Runs in the writer.
//
// [Note: drives] Where a drive was, an empty directory is left, or one into which a program has
// written since, or none. Nothing there says that a photo was deleted: the system's list of mounts
// tells whether the drive is there. While it is not, what is known of its photos stays as it is,
// and what lies in its place is not looked at. A folder on a drive that is there, and empty, is
// empty.
import { join, relative, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { SampledFile } from '../../catalogue/sample-table.ts'
import { currentMounts, lstat, noneOf } from '../faults/disk.ts'
import { isWithin } from './directories.ts'
import { isFault } from '../../wire/fault.ts'
import { mountHolding } from '../../wire/disk/mount-list.ts'
import { mountsBelow } from './mounts.ts'
import type { Mounts } from '../../wire/disk/mount-list.ts'
import { isOmitted } from './omissions.ts'
import { isSkipped } from './skipped.ts'
import { isAnother, volumeAt } from './volumes.ts'

/** Photos of a drive that are looked for in its place. */
const SAMPLE = 16

export interface Drives {
  /** Directories whose drive is not there: nothing is known about what is in them and below. */
  away: string[]
  /** Others are away than at the last look. */
  isNews: boolean
  /** One was mounted since then. */
  came: boolean
}

/** Looks which drives below a folder are there, and keeps that. */
export async function drivesBelow(
  catalogue: Catalogue,
  folder: FolderRow,
  mounts: Mounts | undefined
): Promise<Drives> {
  const drives: Drives = { away: [], isNews: false, came: false }
  if (!mounts) return drives
  const known = new Map(catalogue.mounts.ofFolder(folder.id).map((row) => [row.directory, row]))
  for (const [directory, point] of pointsBelow(catalogue, folder, mounts)) {
    const before = known.get(directory)
    const volume = await volumeAt(mounts, point)
    // Another drive is in its place: what is on that is not what was here.
    if (isAnother(before, volume) && !(await isLike(catalogue, folder, directory))) continue
    known.delete(directory)
    if (before && !before.away && before.volume === (volume ?? before.volume)) continue
    catalogue.mounts.put(folder.id, directory, point, volume)
    if (before && !before.away) continue // only now it is known which one it is
    drives.came = true
    if (before) drives.isNews = true
  }
  known.delete('')
  const omitted = catalogue.omitted.directories(folder.id)
  for (const { directory, away } of known.values()) {
    if (isOmitted(directory, omitted)) continue // until it is taken back
    const isMounted = mounts.has(join(folder.path, directory))
    if (!isMounted && (await isLike(catalogue, folder, directory))) {
      catalogue.mounts.drop(folder.id, directory)
      if (away) drives.isNews = true
      continue
    }
    drives.away.push(directory)
    if (away) continue
    catalogue.mounts.setAway(folder.id, directory, true)
    drives.isNews = true
  }
  return drives
}

/** True when drives below the folder came or went since the last look. */
export async function haveDrivesChanged(
  catalogue: Catalogue,
  folder: FolderRow,
  mounts: Mounts | undefined
): Promise<boolean> {
  if (!mounts) return false
  const there = pointsBelow(catalogue, folder, mounts)
  const omitted = catalogue.omitted.directories(folder.id)
  const known = catalogue.mounts
    .ofFolder(folder.id)
    .filter(({ directory }) => directory !== '' && !isOmitted(directory, omitted))
  for (const row of known) {
    const point = there.get(row.directory)
    if (point !== undefined && isAnother(row, await volumeAt(mounts, point)))
      there.delete(row.directory)
  }
  const expected = known.filter(({ away }) => !away).map(({ directory }) => directory)
  return expected.length !== there.size || !expected.every((directory) => there.has(directory))
}

/**
 * Whether the drive that a folder lies on is there; undefined where that is not known. Keeps which
 * one it is when it is there.
 */
export async function isDriveThere(
  catalogue: Catalogue,
  folder: FolderRow
): Promise<boolean | undefined> {
  const mounts = currentMounts()
  const now = mounts && mountHolding(mounts, folder.path)
  if (!now) return undefined
  const before = catalogue.mounts.ofFolder(folder.id).find(({ directory }) => directory === '')
  const volume = await volumeAt(mounts, now)
  const isOther = isAnother(before, volume)
  if (before?.point === now && !isOther) {
    if (before.volume === null && volume !== null)
      catalogue.mounts.put(folder.id, '', now, volume)
    return true
  }
  const isGone = before !== undefined && (isOther || !mounts.has(before.point))
  if (isGone && !(await isLike(catalogue, folder, ''))) return false
  catalogue.mounts.put(folder.id, '', now, volume)
  return before ? true : undefined
}

/**
 * A person adds a folder that is in the library: where another drive is in the place of its own,
 * or of one below it that holds `path`, that one is it from now on.
 */
export async function acceptDrive(
  catalogue: Catalogue,
  folder: FolderRow,
  path: string
): Promise<void> {
  const mounts = currentMounts()
  const point = mounts && mountHolding(mounts, path)
  if (!mounts || point === undefined) return
  const volume = await volumeAt(mounts, point)
  for (const row of catalogue.mounts.ofFolder(folder.id))
    if (row.point === point && isAnother(row, volume))
      catalogue.mounts.put(folder.id, row.directory, point, volume)
}

/** Where something is mounted that is looked into, by directory below the folder. */
function pointsBelow(
  catalogue: Catalogue,
  { id, path }: FolderRow,
  mounts: Mounts
): Map<string, string> {
  const omitted = catalogue.omitted.directories(id)
  const points = new Map<string, string>()
  for (const point of mountsBelow(mounts, path)) {
    const directory = relative(path, point).split(sep).join('/')
    if (isSkipped(directory) || isOmitted(directory, omitted)) continue
    points.set(directory, point)
  }
  return points
}

/** What is there now has the photos that were there, or there were none. */
async function isLike(
  catalogue: Catalogue,
  { id, path }: FolderRow,
  directory: string
): Promise<boolean> {
  const sample = catalogue.samples.of(id, directory, SAMPLE)
  const found = await Promise.all(sample.map((file) => isThere(path, file)))
  return 2 * found.filter(Boolean).length >= sample.length
}

async function isThere(root: string, { directory, name, size }: SampledFile): Promise<boolean> {
  const stats = await lstat(join(root, directory, name)).catch(noneYet)
  return stats?.isFile() === true && stats.size === size
}

/** What a silent drive has counts as not there: nothing is changed then. */
function noneYet(error: unknown): undefined {
  return isFault(error) ? undefined : noneOf(error)
}

/** True for what lies on a drive that is away. */
export function isAway(directory: string, away: readonly string[]): boolean {
  return away.some((top) => isWithin(directory, top))
}
