// What the reference scan and its SIMD twin have in common: a set of PQ codes with ids, in memory.
// Whoever implements it returns the same ids and distances, bit for bit, for the same calls.
//
// [Note: the distance of a code]
// Let table be [M, 16] in f32 and byte_j, j = 0 .. M/2 - 1, the bytes of a code: its low half is
// the codeword of codebook 2j, its high half that of codebook 2j + 1. Every sum is rounded to f32
// at once:
//   pair_j   = f32(table[2j][byte_j & 15] + table[2j + 1][byte_j >> 4])
//   distance = pair_0, then for j = 1, 2, ...: distance = f32(distance + pair_j)
// So both twins may merge two 4-bit tables into one of 256 entries a byte and stay equal to the
// bit. Entries are finite, of either sign (a weighted sum of tables is a table).

/** Photos found, best first; equal distances are ordered by id. Parallel arrays of one length. */
export interface Matches {
  ids: Uint32Array
  /** As the note above sums them: squared Euclid to the reconstruction for a plain table. */
  distances: Float32Array
}

export interface SearchOptions {
  /**
   * Bit `id & 7` of byte `id >>> 3` is set where a photo may be found; ids beyond may not. An array
   * that was handed in is not to be written to: by it an index knows its filter again.
   */
  filter?: Uint8Array
}

export interface CodeIndex {
  /** Codebooks, even; K is 16, so a code is M/2 bytes, even codebook in the low half. */
  readonly M: number
  /** Codes held. */
  readonly size: number
  /** Bytes resident for the codes and their ids. */
  readonly bytes: number
  /**
   * Adds codes [n, M/2] of ids [n]. An id that is held already has its code replaced; of an id that
   * is named twice the last code stays. Throws RangeError when `codes` is not ids.length * M/2
   * bytes.
   */
  append(ids: Uint32Array, codes: Uint8Array): void
  /** Takes ids out; unknown ones are ignored. */
  remove(ids: Uint32Array): void
  /**
   * The k nearest by a table of distances [M, 16]; fewer when fewer are held or allowed.
   * Throws RangeError when the table is not [M, 16] or not finite, or k no whole number >= 0.
   */
  search(table: Float32Array, k: number, options?: SearchOptions): Matches
}
