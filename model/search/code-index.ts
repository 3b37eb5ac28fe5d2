// The seam between the reference scan and its SIMD twin: an in-memory set of PQ codes with ids.
// Whoever implements it returns the same ids and distances, bit for bit, for the same calls.

/** Photos found, best first; equal distances are ordered by id. Parallel arrays of one length. */
export interface Matches {
  ids: Uint32Array
  /** Squared distances to the reconstructions: the table entries added in the order of books, in f32. */
  distances: Float32Array
}

export interface SearchOptions {
  /** Bit `id & 7` of byte `id >> 3` is set where the photo may be found; ids beyond its end may not. */
  filter?: Uint8Array
}

export interface CodeIndex {
  /** Codebooks; K is 16, so a code is M/2 bytes, even book in the low half. */
  readonly M: number
  /** Codes held. */
  readonly size: number
  /** Bytes resident for the codes and their ids. */
  readonly bytes: number
  /** Adds codes [n, M/2] of ids [n]. An id that is held already has its code replaced. */
  append(ids: Uint32Array, codes: Uint8Array): void
  /** Takes ids out; unknown ones are ignored. */
  remove(ids: Uint32Array): void
  /** The k nearest by a table of distances [M, 16]; fewer when fewer are held or allowed. */
  search(table: Float32Array, k: number, options?: SearchOptions): Matches
}
