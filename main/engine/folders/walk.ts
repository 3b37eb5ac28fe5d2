// Lists the photos of a folder on disk, directory by directory. Runs in the writer; reads names and
// sizes, and the first bytes of files whose names say nothing. Links are never followed, so there
// are no loops and no way out of the folder.
import type { Dirent, Stats } from 'node:fs'
import { basename, join } from 'node:path'
import type { FileFacts, Sidecar } from '../../catalogue/file-table.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import type { LeftOut } from '../../wire/left-out.ts'
import { nameKind } from '../../wire/picture-names.ts'
import { lstat, noneOf, readdir } from '../faults/disk.ts'
import { listingFault } from './closed.ts'
import { hasRank, isSettingsFile, namedCompanions, pairFiles } from './companions.ts'
import { isPhotoInstead, isPictureFile } from './looks.ts'
import { childOf } from './directories.ts'
import { FoundLeftOut, isUnnameable } from './found-left-out.ts'
import { skippedKind } from './skipped.ts'

/** A directory as it was found. Names use '/' below the root, '' is the root itself. */
export interface Listing {
  directory: string
  files: FileFacts[] // the photos
  directories: string[] // paths of its directories, relative to the root
  leftOut: LeftOut[] // at most one of each kind
  /** What disk or permissions refused: nothing is known about what is not listed. */
  fault?: FaultRecord
}

/** What is known of the files of a directory: it decides what belongs together. */
export interface KnownFiles {
  /** Those that could not be read, by name: as they were then. */
  failures: ReadonlyMap<string, Pick<FileFacts, 'size' | 'modifiedAt'>>
  /** Edited versions that have their originals as companions. */
  edits: ReadonlySet<string>
  /** Files that belonged to a photo at the last look: what they are was looked at then. */
  companions: ReadonlySet<string>
}

const NOTHING: KnownFiles = { failures: new Map(), edits: new Set(), companions: new Set() }

/** In a directory, it says that nothing in it, or below, is for viewers: so phones have it. */
const NO_MEDIA = '.nomedia'
const SIDECAR = /\.xmp$/i

// Files whose facts are asked for at once: more only wait for their turn.
const AT_ONCE = 32

/**
 * Lists one directory; undefined when it is not there (any more). `except`: a path not looked into.
 * `known`: see [Note: companions].
 */
export async function list(
  root: string,
  directory: string,
  except?: string,
  known = NOTHING
): Promise<Listing | undefined> {
  const path = join(root, directory)
  const listing: Listing = { directory, files: [], directories: [], leftOut: [] }
  const subject = directory === '' ? basename(root) : directory
  let entries: Dirent[]
  try {
    entries = await readdir(path)
  } catch (error) {
    const fault = listingFault(error, subject)
    return fault && { ...listing, fault }
  }
  if (directory !== '' && entries.some(({ name }) => name === NO_MEDIA)) {
    listing.leftOut.push({ kind: 'marked', count: 1, first: directory })
    return listing
  }
  const names: string[] = []
  const settings: string[] = []
  const left = new FoundLeftOut(directory)
  for (const entry of entries) {
    const { name } = entry
    const skipped = entry.isDirectory() ? skippedKind(childOf(directory, name)) : undefined
    const wanted = entry.isDirectory() ? skipped === undefined : nameKind(name)
    if (wanted && (await isUnnameable(path, name))) left.add('name', name)
    else if (entry.isDirectory()) {
      if (skipped !== undefined) left.add(skipped, name)
      if (skipped !== undefined || join(path, name) === except) continue
      listing.directories.push(childOf(directory, name))
    } else if (entry.isSymbolicLink() && wanted) left.add('link', name)
    else if (entry.isFile() && isSettingsFile(name)) settings.push(name)
    else if (entry.isFile() && wanted) names.push(name)
  }
  listing.leftOut = left.all()
  const damaged = await stillDamaged(path, names, known).catch((error: unknown) => {
    listing.fault = listingFault(error, subject)
    return undefined
  })
  if (!damaged) return listing // what belongs together is not known
  const sidecars = sidecarsOf(settings)
  const isDamaged = (name: string): boolean => damaged.has(name)
  const isEdit = (name: string): boolean => known.edits.has(name)
  const instead = await photosInstead(path, names, known).catch((error: unknown) => {
    listing.fault = listingFault(error, subject) ?? listing.fault
    return new Set<string>()
  })
  const isOther = (name: string): boolean => instead.has(name)
  const photos = [...pairFiles(names, settings, { isDamaged, isPhotoInstead: isOther, isEdit })]
  for (let start = 0; start < photos.length; start += AT_ONCE) {
    const some = photos.slice(start, start + AT_ONCE)
    const found = await Promise.all(
      some.map(([name]) => factsOrFault(path, name, sidecarOf(name, sidecars), subject))
    )
    found.forEach(({ facts, fault }, i) => {
      if (fault) listing.fault ??= fault
      if (!facts) return
      const [name, photo] = some[i]!
      listing.files.push({ ...facts, ...photo, isDamaged: damaged.has(name) })
    })
  }
  return listing
}

/** The names of files that are what they were when they could not be read. */
async function stillDamaged(
  path: string,
  names: readonly string[],
  { failures }: KnownFiles
): Promise<ReadonlySet<string>> {
  const damaged = new Set<string>()
  if (failures.size === 0) return damaged
  for (const name of names) {
    const failed = failures.get(name)
    if (!failed || !hasRank(name)) continue
    const stats = await lstat(join(path, name)).catch(noneOf) // told when it is listed
    if (stats?.size === failed.size && stats.mtimeMs === failed.modifiedAt) damaged.add(name)
  }
  return damaged
}

/** The names of files that are called a RAW or a film of a photo, and are photos themselves. */
async function photosInstead(
  path: string,
  names: readonly string[],
  { companions }: KnownFiles
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const name of namedCompanions(names)) {
    if (companions.has(name)) continue
    const stats = await lstat(join(path, name)).catch(noneOf) // told when it is listed
    if (!stats?.isFile()) continue
    const facts = { size: stats.size, modifiedAt: stats.mtimeMs, inode: stats.ino }
    if (await isPhotoInstead(join(path, name), facts)) found.add(name)
  }
  return found
}

/**
 * Lists `directory` and, where `deep` says so, the directories below it, parents first.
 * What vanishes meanwhile is not listed; what cannot be read is, as such.
 */
export async function* walk(
  root: string,
  directory: string,
  deep: (directory: string) => boolean,
  except?: string,
  known: (directory: string) => KnownFiles = () => NOTHING
): AsyncGenerator<Listing> {
  const waiting = [directory]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const listing = await list(root, next, except, known(next))
    if (!listing) continue
    yield listing
    waiting.push(...listing.directories.filter(deep))
  }
}

/** XMP files by what they lie beside, in lower case. */
function sidecarsOf(settings: readonly string[]): ReadonlyMap<string, string> {
  const sidecars = settings.filter((name) => SIDECAR.test(name))
  return new Map(sidecars.map((name) => [name.replace(SIDECAR, '').toLowerCase(), name]))
}

/** The name of the XMP file beside a photo: a.jpg.xmp, else a.xmp. */
function sidecarOf(name: string, sidecars: ReadonlyMap<string, string>): string | undefined {
  if (sidecars.size === 0) return undefined
  const lower = name.toLowerCase()
  return sidecars.get(lower) ?? sidecars.get(lower.replace(/\.[^.]*$/, ''))
}

/** Facts of a file, none of one that is no picture; or why they cannot be had. */
async function factsOrFault(
  path: string,
  name: string,
  beside: string | undefined,
  subject: string
): Promise<{ facts?: FileFacts | undefined; fault?: FaultRecord | undefined }> {
  try {
    return { facts: await factsOf(path, name, beside) }
  } catch (error) {
    return { fault: listingFault(error, subject) }
  }
}

async function sidecarFacts(path: string, name: string): Promise<Sidecar | undefined> {
  const stats = await statsOf(path, name) // without, the photo has none
  return stats?.isFile() ? { name, modifiedAt: stats.mtimeMs } : undefined
}

async function factsOf(
  path: string,
  name: string,
  beside: string | undefined
): Promise<FileFacts | undefined> {
  const stats = await statsOf(path, name)
  if (!stats?.isFile()) return undefined
  const sidecar = beside === undefined ? undefined : await sidecarFacts(path, beside)
  const { size, mtimeMs: modifiedAt, ctimeMs: changedAt, ino: inode, nlink: links } = stats
  const facts = { name, size, modifiedAt, changedAt, inode, links, sidecar }
  if (nameKind(name) === 'picture') return facts
  return (await isPictureFile(join(path, name), facts)) ? facts : undefined
}

/** What the system says of a file; undefined where nothing is there. */
async function statsOf(path: string, name: string): Promise<Stats | undefined> {
  try {
    return await lstat(join(path, name))
  } catch (error) {
    if (listingFault(error, name)) throw error
    return undefined
  }
}
