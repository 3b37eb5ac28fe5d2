// Features on their way into a quantizer: read from f16 in blocks, L2-normalised, centred. Pure.
import { fromHalves } from './float16.ts'

/** Features [n, D], row-major: f16 bit patterns as they are stored, or numbers. */
export type Features = Uint16Array | Float32Array

/** Rows that are worked on at a time: 2,048 rows of 1,280 numbers are 10 MB. */
export const BLOCK_ROWS = 2048

/** The number of rows. Throws RangeError when `features` is no whole number of rows of D. */
export function rowsOf(features: Features, D: number): number {
  const n = features.length / D
  if (!Number.isInteger(n))
    throw new RangeError(`features: expected a multiple of ${D}, got ${features.length}`)
  return n
}

/** Rows from .. from + count - 1 as new numbers, each of length 1 (a row of zeros stays). */
export function unitRows(features: Features, D: number, from: number, count: number): Float32Array {
  const part = features.subarray(from * D, (from + count) * D)
  const rows = part instanceof Uint16Array ? fromHalves(part) : Float32Array.from(part)
  normaliseRows(rows, D, 1)
  return rows
}

/** Scales rows [n, size] in place to a length; zeros stay. Throws RangeError if not finite. */
export function normaliseRows(rows: Float32Array, size: number, length: number): void {
  for (let from = 0; from < rows.length; from += size) {
    let sum = 0
    for (let i = from; i < from + size; i++) sum += rows[i]! * rows[i]!
    if (!Number.isFinite(sum)) throw new RangeError(`rows: expected finite numbers, got ${sum}`)
    const factor = sum > 0 ? length / Math.sqrt(sum) : 0
    for (let i = from; i < from + size; i++) rows[i]! *= factor
  }
}

/** Takes `mean` [D] from each row, in place. */
export function centreRows(rows: Float32Array, mean: Float32Array): void {
  const D = mean.length
  for (let from = 0; from < rows.length; from += D)
    for (let i = 0; i < D; i++) rows[from + i]! -= mean[i]!
}
