// Files that lie at several paths: hard links, and directories that are seen at two places. Each is
// one photo. Runs in the writer.
//
// [Note: other paths] Two paths lead to one file when the system gives both the same device and
// inode. The inodes of photos only say which to ask about: devices change their numbers at each
// start, and as JavaScript numbers the 64 bits of NTFS and of some shares are rounded. Those of
// other paths are exact: where the path of the photo leads to nothing, nothing else tells that a
// path still leads to its file. The file that was known first has the row; when its path goes, the
// row moves to another path of it, with all that is known and was decided.
import type { BigIntStats } from 'node:fs'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Candidate, FileFacts } from '../../catalogue/file-table.ts'
import type { KnownOtherPath, OtherPath } from '../../catalogue/other-path-table.ts'
import { isFault } from '../../wire/fault.ts'
import { exactFacts, lstat, noneOf, unknownOf } from '../faults/disk.ts'
import { pathOf } from '../photo-paths.ts'
import { listingFault } from './closed.ts'
import { nameDate } from './name-date.ts'
import type { Listing } from './walk.ts'

/** What the system calls a file by; exact, see [Note: other paths]. */
type FileId = Record<'dev' | 'ino', bigint>

/**
 * The listing of a directory without those photos that are known as other paths of photos. Of these
 * it drops the ones that are not there, or are other files now: so many. Where the disk gives no
 * answer meanwhile, that is its fault, and nothing is known of its photos.
 */
export async function withoutOtherPaths(
  catalogue: Catalogue,
  folder: number,
  listing: Listing
): Promise<{ own: Listing; dropped: number }> {
  const subject = listing.directory || (catalogue.folders.get(folder)?.name ?? '')
  try {
    const { files, dropped } = await ownFiles(catalogue, folder, listing)
    return { own: { ...listing, files }, dropped }
  } catch (error) {
    // The catalogue's own faults, and the end, are not the directory's.
    if (isFault(error) && error.record.about !== 'folder') throw error
    const fault = listingFault(error, subject)
    return { own: { ...listing, files: [], ...(fault && { fault }) }, dropped: 0 }
  }
}

async function ownFiles(
  catalogue: Catalogue,
  folder: number,
  { directory, files, fault }: Listing
): Promise<{ files: FileFacts[]; dropped: number }> {
  const known = catalogue.otherPaths.inDirectory(folder, directory)
  if (known.length === 0) return { files, dropped: 0 }
  const root = catalogue.folders.get(folder)?.path ?? ''
  const byName = new Map(files.map((file) => [file.name, file]))
  const kept = new Set<string>()
  for (const other of known) {
    const file = byName.get(other.name)
    const path = pathOf({ root, directory, name: other.name })
    if (file ? await isStill(other, path) : fault !== undefined) kept.add(other.name)
    else catalogue.otherPaths.drop(folder, directory, other.name)
  }
  const own = files.filter(({ name }) => !kept.has(name))
  return { files: own, dropped: known.length - kept.size }
}

/**
 * A photo whose own path leads to nothing is missing: it may take this one. One that is gone, its
 * file was thrown away, comes back as this one.
 */
async function isStill(other: KnownOtherPath, path: string): Promise<boolean> {
  const file = await factsAt(path)
  if (other.isGone === 1 || file?.ino.toString() !== other.inode) return false
  const own = await factsAt(pathOf({ ...other, name: other.photoName })).catch(unknownOf)
  return own === undefined || own === 'unknown' || isOneFile(file, own)
}

/**
 * Makes photos of a directory that are files of earlier photos other paths of those; the ids of
 * their rows, which are no more. `written`: its new rows; of the others those with more links.
 */
export async function foldSameFiles(
  catalogue: Catalogue,
  folder: number,
  { directory, files }: Pick<Listing, 'directory' | 'files'>,
  written: readonly number[]
): Promise<Set<number>> {
  const folded = new Set<number>()
  const linked = new Set(files.flatMap(({ name, links = 1 }) => (links > 1 ? [name] : [])))
  const rows = linked.size > 0 ? catalogue.files.inDirectory(folder, directory) : []
  const asked = rows.filter(({ name, status }) => status !== 'gone' && linked.has(name))
  const undecided = undecidedIn(catalogue, folder, directory)
  for (const id of new Set([...written, ...asked.map((row) => row.id), ...undecided])) {
    const became = await foldOne(catalogue, id)
    if (became === 'unknown') undecided.add(id)
    else undecided.delete(id)
    if (became === 'folded') folded.add(id)
  }
  return folded
}

/** By catalogue, and by folder and directory. */
const undecidedOf = new WeakMap<Catalogue, Map<string, Set<number>>>()

/** Photos of a directory whose disk, or that of an earlier one, gave no answer: asked again. */
function undecidedIn(catalogue: Catalogue, folder: number, directory: string): Set<number> {
  const all = undecidedOf.get(catalogue) ?? new Map<string, Set<number>>()
  undecidedOf.set(catalogue, all)
  const place = `${folder} ${directory}`
  const ids = all.get(place) ?? new Set()
  all.set(place, ids)
  return ids
}

/** 'own': it is a photo of its own, or the next look tells what became of it. */
async function foldOne(catalogue: Catalogue, id: number): Promise<'folded' | 'own' | 'unknown'> {
  const photo = await earlierOfSameFile(catalogue, id)
  if (photo === 'unknown') return photo
  const row = catalogue.files.candidate(id)
  if (photo === undefined || !row || !catalogue.files.candidate(photo)) return 'own'
  const root = catalogue.folders.get(row.folder)?.path ?? ''
  const facts = await factsAt(pathOf({ root, ...row })).catch(unknownOf)
  if (facts === 'unknown') return facts
  const inode = facts?.ino.toString()
  if (inode === undefined) return 'own'
  const marks = catalogue.companions.marked(id)
  if (marks?.favourite === 1) catalogue.favourites.set([photo], true)
  if (marks && marks.rating > 0) catalogue.ratings.set([photo], marks.rating)
  catalogue.transaction(() => {
    catalogue.otherPaths.handOver(id, photo)
    catalogue.files.erase(id)
    catalogue.otherPaths.put(row.folder, row.directory, row.name, photo, inode)
  })
  return 'folded'
}

async function earlierOfSameFile(
  catalogue: Catalogue,
  id: number
): Promise<number | 'unknown' | undefined> {
  const earlier = catalogue.otherPaths.earlier(id)
  const row = earlier.length > 0 ? catalogue.files.candidate(id) : undefined
  const root = row && catalogue.folders.get(row.folder)?.path
  if (!row || root === undefined) return undefined
  const path = pathOf({ root, ...row })
  let isUnknown = false
  for (const other of earlier) {
    const isSame = await isSameFile(path, pathOf(other)).catch(unknownOf)
    if (isSame === true) return other.id
    isUnknown ||= isSame === 'unknown'
  }
  return isUnknown ? 'unknown' : undefined
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map(factsAt))
  return one !== undefined && two !== undefined && isOneFile(one, two)
}

/** What the system says of a file, in exact numbers; undefined where it says nothing. */
function factsAt(path: string): Promise<BigIntStats | undefined> {
  return exactFacts(path).catch(noneOf)
}

/** Whether the system gives both the same name. An inode of 0 is that of a share that has none. */
export function isOneFile(one: FileId, two: FileId): boolean {
  return one.ino !== 0n && one.ino === two.ino && one.dev === two.dev
}

/**
 * The path that a photo is to have, whose own path leads to nothing, or is not to be looked at any
 * more; undefined for none.
 */
export async function anotherPath(
  catalogue: Catalogue,
  photo: number,
  isAllowed: (other: OtherPath) => boolean = () => true
): Promise<Candidate | undefined> {
  const row = catalogue.files.candidate(photo)
  if (!row) return undefined
  for (const other of catalogue.otherPaths.ofPhoto(photo)) {
    if (!isAllowed(other)) continue
    const exact = await factsAt(pathOf(other))
    if (!exact?.isFile() || exact.ino.toString() !== other.inode) continue
    const stats = await lstat(pathOf(other)).catch(noneOf) // times as photos have them
    if (!stats) continue
    const { folder, directory, name } = other
    const beside = { sidecar: null, sidecarModifiedAt: null, companions: null, original: null }
    const times = { modifiedAt: stats.mtimeMs, changedAt: stats.ctimeMs }
    return { ...row, ...beside, ...times, folder, directory, name }
  }
  return undefined
}

/** Gives a photo that path. Inside a transaction. */
export function takePath(catalogue: Catalogue, photo: number, to: Candidate): void {
  catalogue.otherPaths.drop(to.folder, to.directory, to.name)
  catalogue.files.relocate(photo, to)
  catalogue.dates.rename(photo, nameDate(to.name))
}
