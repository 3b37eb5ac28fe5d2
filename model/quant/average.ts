// Vectors averaged with those of their kin (METHOD.md 4.8): what several near photos have in common
// counts for more than what one of them happens to show. Pure.
import { normaliseRows } from './features.ts'

/** Kin of a photo that its descriptor is averaged with. */
export const AVERAGED = 5
/** A kin weighs its similarity to so many powers. */
const POWER = 3
/** A photo as similar as this is the same picture once more: it adds nothing and takes no place. */
const SAME = 0.9999

/** The nearest of each row, best first. */
export interface NearestOfRows {
  k: number
  indices: Uint32Array // [n, k]
  similarities: Float32Array // [n, k]
}

/**
 * Each of the rows [n, size], brought to length 1, plus its nearest `count` other pictures times
 * their similarity cubed; the sums [n, size] have the given length. Only similarities above 0
 * count. Throws RangeError when a number is not finite.
 */
export function averageWithKin(
  rows: Float32Array,
  size: number,
  { k, indices, similarities }: NearestOfRows,
  { count = AVERAGED, length = 1 }: { count?: number; length?: number } = {}
): Float32Array {
  const units = Float32Array.from(rows)
  normaliseRows(units, size, 1)
  const out = Float32Array.from(units)
  for (let row = 0; row * size < rows.length; row++) {
    for (let at = row * k, used = 0; at < (row + 1) * k && used < count; at++) {
      const similarity = similarities[at]!
      if (!(similarity > 0)) break
      if (similarity >= SAME) continue
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
