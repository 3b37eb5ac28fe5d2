// What differs between the files of a directory and what the catalogue has of them. Runs in the
// writer. Pure.
import { storedNames } from '../../catalogue/file-table.ts'
import type { FileFacts, FileRow } from '../../catalogue/file-table.ts'
import { hasRank } from './companions.ts'

export interface Difference {
  added: FileFacts[]
  changed: { id: number; file: FileFacts }[]
  /** Their content is what it was; when the system last changed them was not known before. */
  noted: { id: number; changedAt: number }[]
  returned: number[]
  missing: number[]
  /** Only the XMP files beside them changed. */
  beside: { id: number; file: FileFacts }[]
  /** Other files belong to them than before. */
  companions: { id: number; file: FileFacts }[]
  /** Damaged photos beside which another file is the photo from now on. */
  replaced: number[]
  /** A new or changed file may still be growing: it is left for later. */
  unsettled: boolean
}

/** What differs between the rows and the files of one directory. Pure. */
export function compare(
  rows: readonly FileRow[],
  files: readonly FileFacts[],
  growing: (file: FileFacts) => boolean
): Difference {
  const difference: Difference = {
    added: [],
    changed: [],
    noted: [],
    returned: [],
    missing: [],
    beside: [],
    companions: [],
    replaced: [],
    unsettled: false
  }
  const byName = new Map(rows.map((row) => [row.name, row]))
  for (const file of files) {
    const row = byName.get(file.name)
    byName.delete(file.name)
    if (row && isAsItWas(row, file)) {
      const { changedAt } = file
      if (row.changedAt === null && changedAt !== undefined)
        difference.noted.push({ id: row.id, changedAt })
      if (row.status === 'gone' && row.omitted === null) difference.returned.push(row.id)
      if (!hasSidecar(row, file)) difference.beside.push({ id: row.id, file })
      if (!hasCompanions(row, file)) {
        difference.companions.push({ id: row.id, file })
        if (row.status === 'failed' && file.isDamaged) difference.replaced.push(row.id)
      }
      if (hasJustFailed(row, file) || hasJustBeenPaired(row, file)) difference.unsettled = true
    } else if (growing(file)) {
      difference.unsettled = true
      for (const name of file.companions ?? []) byName.delete(name) // photos as long as it is none
    } else if (row) difference.changed.push({ id: row.id, file })
    else difference.added.push(file)
  }
  for (const row of byName.values()) if (isExpected(row)) difference.missing.push(row.id)
  return difference
}

/** Its file was there at the last look. One that is too small for its folder counts as gone. */
export function isExpected({ status, omitted }: FileRow): boolean {
  return status !== 'gone' || omitted === 'small'
}

/**
 * A program that turns a photo may put its time back (exiftool -P), and the size may be the same:
 * the time that the system keeps tells. It also changes with names and permissions, which costs a
 * hash, but no describing, since a photo of the same content is its own twin.
 */
function isAsItWas(row: FileRow, file: FileFacts): boolean {
  if (row.size !== file.size || row.modifiedAt !== file.modifiedAt) return false
  return row.changedAt === null || row.changedAt === (file.changedAt ?? null)
}

/** It failed after it was decided which files belong together: that is decided once more. */
function hasJustFailed({ status }: FileRow, { name, companions, isDamaged }: FileFacts): boolean {
  const hasSome = companions !== undefined && companions.length > 0
  return status === 'failed' && !isDamaged && hasRank(name) && hasSome
}

/** It was found to be an edited version after that: its original was listed as a photo. */
function hasJustBeenPaired({ isEdit }: FileRow, { original, companions }: FileFacts): boolean {
  return isEdit === 1 && original !== undefined && companions?.includes(original) === false
}

function hasCompanions(row: FileRow, { companions, original }: FileFacts): boolean {
  return row.companions === storedNames(companions) && row.original === (original ?? null)
}

function hasSidecar(row: FileRow, { sidecar }: FileFacts): boolean {
  if (row.sidecar !== (sidecar?.name ?? null)) return false
  return row.sidecarModifiedAt === (sidecar?.modifiedAt ?? null)
}
