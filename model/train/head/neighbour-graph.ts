// Which photos are kin by the frozen features: mutual nearest neighbours (METHOD.md 4.3). Products
// run in ONNX Runtime, in blocks: there is never a matrix of all pairs. Runs in compute.
import type { NotKin } from './not-kin.ts'
import { nearest } from '../../runtime/products.ts'

export { frozenRows } from '../../quant/frozen.ts'

/** Nearest photos of each that may be its neighbours: k of METHOD.md 4.3. */
export const NEAREST = 20
const QUERIES = 1024

/** An undirected graph: neighbours of i are indices[offsets[i] .. offsets[i + 1]], ascending. */
export interface NeighbourGraph {
  n: number
  offsets: Uint32Array // [n + 1]
  indices: Uint32Array
  /** The cosine of each pair, beside `indices`. */
  similarities: Float32Array
}

/** The nearest photos of each, best first, itself left out. */
export interface Nearest {
  n: number
  k: number
  indices: Uint32Array // [n, k]
  similarities: Float32Array // [n, k]
  /** Of those rows, whom a person said are no kin; left out: nobody. */
  notKin?: NotKin
}

/** The k nearest of each row [n, size] of length 1, by cosine; fewer where there are fewer rows. */
export async function nearestRows(
  rows: Float32Array,
  size: number,
  k: number,
  onBlock: (done: number) => Promise<void> = async () => {}
): Promise<Nearest> {
  const n = rows.length / size
  const kept = Math.min(k, n - 1)
  const out: Nearest = {
    n,
    k: kept,
    indices: new Uint32Array(n * kept),
    similarities: new Float32Array(n * kept)
  }
  for (let from = 0; from < n; from += QUERIES) {
    await onBlock(from)
    const count = Math.min(QUERIES, n - from)
    const queries = rows.subarray(from * size, (from + count) * size)
    const found = await nearest(queries, rows, size, kept + 1)
    for (let row = 0; row < count; row++) {
      // Of equal photos another one may stand in the row's own place: the last is left out then.
      const first = row * (kept + 1)
      const own = found.indices.subarray(first, first + kept + 1).indexOf(from + row)
      for (let place = 0, to = (from + row) * kept; place <= kept; place++) {
        if (place === (own < 0 ? kept : own)) continue
        out.indices[to] = found.indices[first + place]!
        out.similarities[to++] = found.similarities[first + place]!
      }
    }
  }
  return out
}

/**
 * Photos i and j are neighbours if each is among the other's nearest and their similarity is at
 * least `similarityRatio` times the smaller of both photos' similarity to their own nearest
 * (METHOD.md 4.3). With more than 1 none are. Photos that are no kin are none, however near.
 */
export function mutualGraph(
  { n, k, indices, similarities, notKin }: Nearest,
  similarityRatio: number
): NeighbourGraph {
  const isCut = (i: number, j: number): boolean => notKin?.has(i, j) ?? false
  const toNearest = Float32Array.from({ length: n }, (_, i) => {
    let at = i * k
    while (at < (i + 1) * k && isCut(i, indices[at]!)) at++
    return at < (i + 1) * k ? similarities[at]! : Infinity // none may be its neighbour
  })
  const kept: { i: number; j: number; similarity: number }[] = []
  const reach = Math.min(NEAREST, k)
  for (let i = 0; i < n; i++)
    for (let at = i * k; at < i * k + reach; at++) {
      const j = indices[at]!
      const similarity = similarities[at]!
      const nearest = Math.min(toNearest[i]!, toNearest[j]!)
      if (!(similarity >= similarityRatio * nearest) || isCut(i, j)) continue
      if (indices.subarray(j * k, j * k + reach).includes(i)) kept.push({ i, j, similarity })
    }
  kept.sort((a, b) => a.i - b.i || a.j - b.j)
  const offsets = new Uint32Array(n + 1)
  for (const { i } of kept) offsets[i + 1]!++
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!
  return {
    n,
    offsets,
    indices: Uint32Array.from(kept, ({ j }) => j),
    similarities: Float32Array.from(kept, ({ similarity }) => similarity)
  }
}

/** The neighbours of a photo. */
export function neighboursOf({ offsets, indices }: NeighbourGraph, i: number): Uint32Array {
  return indices.subarray(offsets[i], offsets[i + 1])
}

/** Rows of a matrix [n, size], one after the other. */
export function pickRows<T extends Float32Array | Uint16Array>(
  matrix: T,
  size: number,
  rows: Uint32Array
): T
/** See above. */
export function pickRows(
  matrix: Float32Array | Uint16Array,
  size: number,
  rows: Uint32Array
): Float32Array | Uint16Array {
  const length = rows.length * size
  const out = matrix instanceof Uint16Array ? new Uint16Array(length) : new Float32Array(length)
  rows.forEach((row, place) =>
    out.set(matrix.subarray(row * size, (row + 1) * size), place * size)
  )
  return out
}
