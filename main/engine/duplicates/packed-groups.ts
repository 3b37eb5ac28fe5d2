// Groups of duplicates as a few arrays of numbers: handed from thread to thread without a copy, and
// small while they are kept. Pure.
import * as v from 'valibot'
import { DUPLICATE_KINDS, REASONS } from '../../wire/duplicate-messages.ts'
import type { DuplicateKind, Reason } from '../../wire/duplicate-messages.ts'
import { Bug } from '../../wire/fault.ts'
import type { FoundDuplicates, FoundGroup } from './duplicate-groups.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** Groups of one kind: group i has the photos `ids[ends[i - 1] .. ends[i]]`. */
const PackedKind = v.object({
  ids: v.instance(Uint32Array),
  ends: v.instance(Uint32Array), // [groups]
  reasons: v.instance(Uint8Array), // [groups], places in REASONS
  bytes: count // that all groups win
})
export type PackedKind = v.InferOutput<typeof PackedKind>

/** What was found, in few arrays. */
export const PackedDuplicates = v.object({
  identical: PackedKind,
  same: PackedKind,
  bursts: PackedKind,
  decided: count,
  protected: count,
  away: count
})
export type PackedDuplicates = v.InferOutput<typeof PackedDuplicates>

/** Packs what was found, each kind in its order. */
export function packed({ groups, ...counts }: FoundDuplicates): PackedDuplicates {
  const of = (kind: DuplicateKind): PackedKind =>
    packedKind(groups.filter((group) => group.kind === kind))
  const [identical, same, bursts] = DUPLICATE_KINDS.map(of)
  if (!identical || !same || !bursts) throw new Bug('there are three kinds')
  return {
    identical,
    same,
    bursts,
    decided: counts.decided,
    protected: counts.protected,
    away: counts.away
  }
}

function packedKind(groups: readonly FoundGroup[]): PackedKind {
  let end = 0
  return {
    ids: Uint32Array.from(groups.flatMap(({ photos }) => photos.map(({ id }) => id))),
    ends: Uint32Array.from(groups, ({ photos }) => (end += photos.length)),
    reasons: Uint8Array.from(groups, ({ reason }) => REASONS.indexOf(reason)),
    bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}

/** The memory that is handed over. */
export function buffersOf({ identical, same, bursts }: PackedDuplicates): ArrayBuffer[] {
  return [identical, same, bursts].flatMap(({ ids, ends, reasons }) =>
    [ids, ends, reasons].flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []))
  )
}

/** The photos of some groups, the one to keep first, and why. */
export function groupsFrom(
  { ids, ends, reasons }: PackedKind,
  offset: number,
  count: number
): { ids: number[]; reason: Reason }[] {
  return [...ends.subarray(offset, offset + count)].map((end, place) => ({
    ids: [...ids.subarray(ends[offset + place - 1] ?? 0, end)],
    reason: REASONS[reasons[offset + place] ?? 0] ?? 'place'
  }))
}
