// The nearest of some photos, by Euclid's distance of their descriptors: by comparing all, or, of
// many, by a scan of their codes and an exact order of the best. Pure.
import type { Codebooks } from '../quant/codes.ts'
import { createCodeIndex } from '../search/create-index.ts'
import type { Kernels } from '../search/simd/kernel.ts'
import { distanceTable } from '../search/table.ts'
import { TopK } from '../search/top-k.ts'

/** Descriptors of photos, row-major [n, size]. */
export interface Rows {
  size: number
  values: Float32Array
}

/** Codes [n, M/2] of the same photos, by the codebooks that they were made with. */
export interface Coded {
  codes: Uint8Array
  codebooks: Codebooks
  kernels: Kernels | undefined
}

/** Rows that were found, nearest first; equally near ones in their order. */
export interface Found {
  places: Uint32Array
  distances: Float32Array
}

/** Finds the `count` rows nearest to a descriptor [size]; fewer where there are fewer. */
export type Nearest = (query: Float32Array, count: number) => Found

/** Of a scan's rows so many for each that is asked for, and so many more, get their exact order. */
const SCANNED_FOR_EACH = 2
const SCANNED_MORE = 24

/** How many rows there are. */
export function countOf({ size, values }: Rows): number {
  return size === 0 ? 0 : values.length / size
}

/** The row at a place. */
export function rowAt({ size, values }: Rows, place: number): Float32Array {
  return values.subarray(place * size, (place + 1) * size)
}

/** Some of the rows, in the order given. */
export function rowsOf(rows: Rows, places: Uint32Array): Rows {
  const values = new Float32Array(places.length * rows.size)
  places.forEach((place, i) => values.set(rowAt(rows, place), i * rows.size))
  return { size: rows.size, values }
}

/** Codes of some of the photos, in the order given. */
export function codesOf({ codes, codebooks }: Coded, places: Uint32Array): Uint8Array {
  const bytes = codebooks.M / 2
  const chosen = new Uint8Array(places.length * bytes)
  places.forEach((at, i) => chosen.set(codes.subarray(at * bytes, (at + 1) * bytes), i * bytes))
  return chosen
}

/**
 * Finds among rows: by their codes where they are given, else each is looked at.
 * @param some these rows only, in their order; no row is copied
 */
export function nearestIn(rows: Rows, coded?: Coded, some?: Uint32Array): Nearest {
  const among = some ?? Uint32Array.from({ length: countOf(rows) }, (_, place) => place)
  if (!coded) return (query, count) => exactly(rows, query, among, count)
  const index = createCodeIndex({ M: coded.codebooks.M, kernels: coded.kernels })
  index.append(among, some ? codesOf(coded, some) : coded.codes)
  return (query, count) => {
    const table = distanceTable(query, coded.codebooks)
    const scanned = index.search(table, count * SCANNED_FOR_EACH + SCANNED_MORE).ids
    return exactly(rows, query, scanned, count)
  }
}

/** The nearest of some rows. */
function exactly(rows: Rows, query: Float32Array, some: Uint32Array, count: number): Found {
  const best = new TopK(Math.min(count, some.length))
  for (const place of some) best.offer(place, squaredDistance(query, rowAt(rows, place)))
  const { ids, distances } = best.sorted()
  return { places: ids, distances: distances.map(Math.sqrt) }
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!
    sum += difference * difference
  }
  return sum
}
