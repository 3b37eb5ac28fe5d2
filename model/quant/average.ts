// Vectors averaged with those of their kin (METHOD.md 4.9): what several near photos have in common
// counts for more than what one of them happens to show. Pure.
import { normaliseRows } from './features.ts'
import { PROJECTED } from './projection.ts'

/** Kin of a photo that its descriptor is averaged with. */
export const AVERAGED = 5
/** A kin weighs its similarity to so many powers. */
const POWER = 3
/** A photo as similar as this is the same picture once more: it adds nothing and takes no place. */
const SAME = 0.9999

/** How much the frozen feature counts beside the descriptor in how near photos are. */
const FEATURE_SHARE = 0.5

/** The nearest of the first n rows, best first. */
export interface NearestOfRows {
  k: number
  indices: Uint32Array // [n, k]
  similarities: Float32Array // [n, k]
  /** Which rows are not to be averaged with which, however near they are; left out: none. */
  notKin?: { has(row: number, other: number): boolean }
}

/**
 * What decides who is whose kin: rows [n, size + 256] of length 1 whose cosines are those of the
 * descriptors [n, size] plus half those of the frozen features [n, 256], over one and a half.
 */
export function kinshipRows(
  descriptors: Float32Array,
  size: number,
  frozen: Float32Array
): Float32Array {
  const n = descriptors.length / size
  const width = size + PROJECTED
  const units = Float32Array.from(descriptors)
  normaliseRows(units, size, Math.sqrt(1 / (1 + FEATURE_SHARE)))
  const features = Float32Array.from(frozen)
  normaliseRows(features, PROJECTED, Math.sqrt(FEATURE_SHARE / (1 + FEATURE_SHARE)))
  const rows = new Float32Array(n * width)
  for (let row = 0; row < n; row++) {
    rows.set(units.subarray(row * size, (row + 1) * size), row * width)
    rows.set(features.subarray(row * PROJECTED, (row + 1) * PROJECTED), row * width + size)
  }
  return rows
}

/**
 * Each of the first n of the rows [.., size], brought to length 1, plus its nearest `count` other
 * pictures times their similarity cubed; the sums [n, size] have the given length. Only
 * similarities above 0 count. Throws RangeError when a number is not finite.
 */
export function averageWithKin(
  rows: Float32Array,
  size: number,
  { k, indices, similarities, notKin }: NearestOfRows,
  { count = AVERAGED, length = 1 }: { count?: number; length?: number } = {}
): Float32Array {
  const n = k > 0 ? indices.length / k : rows.length / size
  const units = Float32Array.from(rows)
  normaliseRows(units, size, 1)
  const out = units.slice(0, n * size)
  for (let row = 0; row < n; row++) {
    for (let at = row * k, used = 0; at < (row + 1) * k && used < count; at++) {
      const similarity = similarities[at]!
      if (!(similarity > 0)) break
      if (similarity >= SAME || notKin?.has(row, indices[at]!)) continue
      addTimes(out, row * size, units, indices[at]! * size, similarity ** POWER, size)
      used++
    }
  }
  normaliseRows(out, size, length)
  return out
}

function addTimes(
  to: Float32Array,
  toAt: number,
  from: Float32Array,
  fromAt: number,
  weight: number,
  size: number
): void {
  for (let i = 0; i < size; i++) to[toAt + i]! += weight * from[fromAt + i]!
}
