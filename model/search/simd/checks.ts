// What every index checks of its arguments, and the reading of filters. Pure.
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

/**
 * The ids that a filter allows, in order; undefined when there are more than `most`. Bit `id & 7`
 * of byte `id >> 3` stands for an id; the bytes are read four at a time.
 */
export function allowedIds(filter: Uint8Array, most: number): Uint32Array | undefined {
  const ids: number[] = []
  const words = new DataView(filter.buffer, filter.byteOffset, filter.length)
  for (let at = 0; at < filter.length; at += 4) {
    const isWhole = at + 4 <= filter.length
    let bits = isWhole ? words.getUint32(at, true) : lastWord(filter, at)
    for (; bits !== 0; bits &= bits - 1) ids.push(at * 8 + 31 - Math.clz32(bits & -bits))
    if (ids.length > most) return undefined
  }
  return Uint32Array.from(ids)
}

function lastWord(filter: Uint8Array, from: number): number {
  return filter.subarray(from).reduce((word, byte, i) => word | (byte << (8 * i)), 0)
}
