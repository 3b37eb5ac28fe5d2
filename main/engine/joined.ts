// Rows of numbers put one after the other, as they are sent and compared, and taken apart. Pure.
import type { Encoded } from '../wire/records.ts'

/** Rows one after the other. */
export function joined(rows: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return filled(new Uint8Array(lengthOf(rows)), rows)
}

/** Rows of f16 one after the other. */
export function joinedHalves(rows: readonly Uint16Array[]): Uint16Array<ArrayBuffer> {
  return filled(new Uint16Array(lengthOf(rows)), rows)
}

/** Rows of ids one after the other. */
export function joinedWords(rows: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  return filled(new Uint32Array(lengthOf(rows)), rows)
}

/** Rows of f32 one after the other. */
export function joinedFloats(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return filled(new Float32Array(lengthOf(rows)), rows)
}

type Row = Uint8Array | Uint16Array | Uint32Array | Float32Array

function lengthOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.length, 0)
}

function filled<T extends Row>(all: T, rows: readonly Row[]): T {
  let at = 0
  for (const row of rows) {
    all.set(row, at)
    at += row.length
  }
  return all
}

/** Row `index` of `n` encodings. */
export function rowOf(
  { projected, descriptors, codes }: Encoded,
  index: number,
  n: number
): { projected: Uint16Array; descriptor: Uint16Array; code: Uint8Array } {
  const [P, D, C] = [projected.length / n, descriptors.length / n, codes.length / n]
  return {
    projected: projected.subarray(index * P, (index + 1) * P),
    descriptor: descriptors.subarray(index * D, (index + 1) * D),
    code: codes.subarray(index * C, (index + 1) * C)
  }
}
