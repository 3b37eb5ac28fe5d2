// What every index checks of its arguments. Pure.
import { K } from '../../quant/codes.ts'

/** Throws RangeError when `codes` are not [ids.length, M/2] bytes. */
export function checkCodes(ids: Uint32Array, codes: Uint8Array, M: number): void {
  const expected = (ids.length * M) / 2
  if (codes.length !== expected)
    throw new RangeError(`codes: expected ${expected} bytes, got ${codes.length}`)
}

/** Throws RangeError when the table is not [M, 16] or not finite, or k no whole number >= 0. */
export function checkSearch(table: Float32Array, k: number, M: number): void {
  if (table.length !== M * K || !table.every(Number.isFinite))
    throw new RangeError(`table: expected ${M * K} finite numbers, got ${table.length}`)
  if (!Number.isInteger(k) || k < 0) throw new RangeError(`k: expected a whole number, got ${k}`)
}
