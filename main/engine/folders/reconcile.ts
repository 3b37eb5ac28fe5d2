// Compares what lies in the folders with what the catalogue says and makes them agree. Runs in the
// writer. Only a directory that was read says that a photo is not there; the rest is left as it
// was.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import type { StepAside } from '../../wire/step-aside.ts'
import type { Spacings } from '../faults/decision.ts'
import { Unanswered, currentMounts } from '../faults/disk.ts'
import { closedDirectories } from './closed.ts'
import type { ClosedDirectories } from './closed.ts'
import { compare, isExpected } from './difference.ts'
import type { Difference } from './difference.ts'
import { isWithin } from './directories.ts'
import { drivesBelow, isAway } from './drives.ts'
import { handOn } from './heirs.ts'
import { leftOutsOf } from './left-out.ts'
import type { LeftOuts } from './left-out.ts'
import { settleMoves } from './moves.ts'
import { agreeWithOmitted } from './omissions.ts'
import { foldSameFiles, withoutOtherPaths } from './other-paths.ts'
import { presenceOf } from './presence.ts'
import { Visit, hasVanished } from './visit.ts'
import type { Start } from './visit.ts'
import { walk } from './walk.ts'
import type { KnownFiles, Listing } from './walk.ts'
import { writeDifference } from './write-difference.ts'

export interface Scope {
  folder: FolderRow
  starts: Start[]
  /** Directories known from earlier scans: a shallow start looks into those that are not known. */
  known: Set<string>
}

export interface Findings {
  /** Anything changed in the catalogue. */
  changed: boolean
  /** Photos that are not to be found any more (gone, or merged into the row that moved). */
  left: number[]
  /** Photos that are to be found again. */
  returned: number[]
  /** Directories with files that may still be growing, by folder id. */
  unsettled: Map<number, Set<string>>
  /** Folders of which other directories are closed, left out or away than before. */
  told: Set<number>
  /** Folders whose look was given up: an answer of their disk is late. */
  unanswered: Set<number>
  /** Folders of which a directory can be listed that could not be: closed, or its drive away. */
  opened: Set<number>
}

/**
 * What moved is told from what came at the end. So long it is waited for, or files of a folder that
 * was renamed would be read again.
 */
const SHORT = 1000 // ms

export interface ReconcileOptions {
  /** A directory that is never looked into (the library's own). */
  except?: string
  /** A file that changed less than this long ago may still be growing, ms. */
  settle: number
  now: () => number
  /** How long is waited until a directory that cannot be listed is tried again. */
  spacing?: Spacings | undefined
  /** While somebody acts no directory is begun. */
  aside?: StepAside
  /** Told when rows were written, long before the end of a large scan; not in a short one. */
  onRows?(): void
  signal?: AbortSignal
}

/** Ids of rows that came, were not found, or whose file was replaced by another. */
type Rows = Record<'added' | 'missing' | 'replaced', number[]>

/**
 * Looks through the scopes and brings the catalogue up to date; moves are found across all of them.
 */
export async function reconcile(
  catalogue: Catalogue,
  scopes: readonly Scope[],
  options: ReconcileOptions
): Promise<Findings> {
  const findings: Findings = {
    changed: false,
    left: [],
    returned: [],
    unsettled: new Map(),
    told: new Set(),
    unanswered: new Set(),
    opened: new Set()
  }
  const all: Rows = { added: [], missing: [], replaced: [] }
  const began = performance.now()
  for (const scope of scopes) {
    const isNew = scope.known.size === 0
    const onRows = (): void => {
      if (isNew || performance.now() - began >= SHORT) options.onRows?.()
    }
    try {
      await lookAt(catalogue, scope, findings, all, { ...options, onRows })
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      findings.unanswered.add(scope.folder.id)
    }
  }
  const missing = [...new Set(all.missing)]
  const settled = await settleMoves(catalogue, all.added, missing, options.now, options.signal)
  findings.left.push(...settled.left)
  findings.returned.push(...settled.returned)
  if (settled.left.length > 0 || settled.moved > 0) findings.changed = true
  handOn(catalogue, [...settled.left, ...all.replaced])
  return findings
}

/**
 * Looks through one folder. Throws `Unanswered`: what was written by then holds, and what was
 * missing is found missing by the next look.
 */
async function lookAt(
  catalogue: Catalogue,
  scope: Scope,
  findings: Findings,
  all: Rows,
  options: ReconcileOptions
): Promise<void> {
  const { folder } = scope
  if (scope.known.size === 0) agree(catalogue, scope, findings, options.now())
  const closed = closedDirectories(catalogue, folder, options.now, options.spacing)
  const leftOuts = leftOutsOf(catalogue, folder)
  const omitted = catalogue.omitted.directories(folder.id)
  const drives = await drivesBelow(catalogue, folder, currentMounts())
  if (drives.isNews) findings.told.add(folder.id)
  if (drives.came) findings.opened.add(folder.id)
  const visits: Visit[] = []
  const rows: Rows = { ...all, missing: [] }
  for (const start of scope.starts) {
    const visit = new Visit(start, closed, { away: drives.away, omitted })
    visits.push(visit)
    await lookThrough(catalogue, scope, visit, leftOuts, findings, rows, options)
  }
  for (const id of inVanished(catalogue, scope, visits)) rows.missing.push(id)
  for (const directory of catalogue.otherPaths.directories(folder.id))
    if (hasVanished(directory, visits)) {
      catalogue.otherPaths.dropDirectory(folder.id, directory)
      findings.changed = true
    }
  for (const directory of closed.all)
    if (hasVanished(directory, visits)) hear(findings, scope, closed, directory)
  for (const directory of leftOuts.directories())
    if (hasVanished(directory, visits) && leftOuts.heard(directory, []))
      findings.told.add(folder.id)
  // Unplugged on the way: what was not found says nothing.
  for (const id of await stillMissing(catalogue, folder, rows.missing, findings))
    all.missing.push(id)
}

/** The first look at a folder also mends what an earlier version left half done. */
function agree(catalogue: Catalogue, { folder }: Scope, findings: Findings, now: number): void {
  const { left, returned } = agreeWithOmitted(catalogue, folder.id, now)
  findings.left.push(...left)
  findings.returned.push(...returned)
  if (left.length > 0 || returned.length > 0) findings.changed = true
}

/** Keeps what came of listing a directory, or that it is not there any more. */
function hear(
  findings: Findings,
  { folder, known }: Scope,
  closed: ClosedDirectories,
  directory: string,
  fault?: FaultRecord
): void {
  const became = closed.heard(directory, fault)
  if (became !== 'same') findings.told.add(folder.id)
  if (became === 'opened') findings.opened.add(folder.id)
  if (became !== 'closed') return
  // Whatever lies below is looked through once it can be listed.
  for (const each of known) if (each !== directory && isWithin(each, directory)) known.delete(each)
}

/** Those that are missing though their drives are there after the look, too. */
async function stillMissing(
  catalogue: Catalogue,
  folder: FolderRow,
  ids: readonly number[],
  findings: Findings
): Promise<readonly number[]> {
  if (ids.length === 0 || !(await presenceOf(catalogue, folder)).present) return []
  const { away, isNews } = await drivesBelow(catalogue, folder, currentMounts())
  if (isNews) findings.told.add(folder.id)
  if (away.length === 0) return ids
  return ids.filter((id) => !isAway(catalogue.files.candidate(id)?.directory ?? '', away))
}

/** Looks through one part of a folder; adds the ids of rows that came, and were not found. */
async function lookThrough(
  catalogue: Catalogue,
  scope: Scope,
  visit: Visit,
  leftOuts: LeftOuts,
  findings: Findings,
  rows: Rows,
  options: ReconcileOptions
): Promise<void> {
  const { folder, known } = scope
  const failures = catalogue.companions.failed(folder.id)
  const edits = catalogue.companions.edits(folder.id)
  const knownFiles = (directory: string): KnownFiles => ({
    failures: failures.get(directory) ?? new Map(),
    edits: edits.get(directory) ?? new Set(),
    companions: new Set(catalogue.companions.inDirectory(folder.id, directory))
  })
  const deep = (directory: string): boolean =>
    (visit.start.deep || !known.has(directory)) && visit.mayList(directory)
  if (!visit.mayBegin()) return
  const listings = walk(folder.path, visit.start.directory, deep, options.except, knownFiles)
  for await (const listing of listings) {
    await options.aside?.over(options.signal)
    options.signal?.throwIfAborted()
    const { own, dropped } = await withoutOtherPaths(catalogue, folder.id, listing)
    visit.note(own)
    const { directory, files, fault } = own
    hear(findings, scope, visit.closed, directory, fault)
    if (!fault && leftOuts.heard(directory, own.leftOut)) findings.told.add(folder.id)
    known.add(directory)
    const difference = differenceOf(catalogue, folder.id, own, options)
    if (difference.unsettled) noteUnsettled(findings, folder.id, directory)
    const written = writeDifference(catalogue, folder.id, directory, difference, options.now())
    const folded = await foldSameFiles(catalogue, folder.id, { directory, files }, written)
    for (const id of written) if (!folded.has(id)) rows.added.push(id)
    for (const id of folded) findings.left.push(id)
    for (const id of difference.missing) rows.missing.push(id)
    for (const id of difference.returned) findings.returned.push(id)
    for (const id of difference.replaced) rows.replaced.push(id)
    const { added, changed, returned, beside, companions } = difference
    const isNews = [added, changed, returned, beside, companions].some((some) => some.length > 0)
    if (isNews || folded.size > 0 || dropped > 0) {
      findings.changed = true
      options.onRows?.()
    }
  }
}

/** Ids of the photos in directories that are not there any more. */
function inVanished(catalogue: Catalogue, { folder, known }: Scope, visits: Visit[]): number[] {
  const ids: number[] = []
  for (const directory of catalogue.files.directories(folder.id)) {
    if (!hasVanished(directory, visits)) continue
    known.delete(directory)
    for (const row of catalogue.files.inDirectory(folder.id, directory))
      if (isExpected(row)) ids.push(row.id)
  }
  return ids
}

function differenceOf(
  catalogue: Catalogue,
  folder: number,
  listing: Listing,
  options: ReconcileOptions
): Difference {
  const now = options.now()
  const difference = compare(
    catalogue.files.inDirectory(folder, listing.directory),
    listing.files,
    ({ modifiedAt, changedAt = modifiedAt }) =>
      Math.min(Math.abs(now - modifiedAt), Math.abs(now - changedAt)) < options.settle
  )
  if (listing.fault) difference.missing = [] // it may well be there
  return difference
}

function noteUnsettled(findings: Findings, folder: number, directory: string): void {
  const directories = findings.unsettled.get(folder) ?? new Set()
  findings.unsettled.set(folder, directories.add(directory))
}
