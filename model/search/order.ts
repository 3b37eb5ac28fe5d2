// Exact order by cosine: of a scan's candidates by what is stored of them, or of a small library by
// its features while there is no quantizer. Pure.
import { fromHalves } from '../quant/float16.ts'
import { TopK } from './top-k.ts'

/** Photos, best first; equal scores are ordered by id. Parallel arrays of one length. */
export interface Scored {
  ids: Uint32Array
  /** 0..1; 1 is the same as what was asked for. */
  scores: Float32Array
}

/** One kind of vectors that photos are compared by. */
export interface Space {
  /** What is asked for, [size]: cosines with it are multiplied by its length. */
  query: Float32Array
  /** Of the photos, f16 bit patterns [n, size]. */
  vectors: Uint16Array
  weight: number
  /** What a vector of zeros adds where the query is one, too: they are equal; 0 when left out. */
  ofEqual?: number
}

/**
 * Orders photos `ids` [n] by score = sum over spaces of weight * (query . v / |v|), and returns the
 * best `top`; a vector of zeros adds 0, unless the query is one, too. Scores come back as they are,
 * of either sign.
 * Throws RangeError when the vectors are not n rows of the query's size.
 */
export function orderBySpaces(
  ids: Uint32Array,
  spaces: readonly Space[],
  top: number
): { ids: Uint32Array; scores: Float32Array } {
  const sums = new Float64Array(ids.length)
  for (const { query, vectors, weight, ofEqual = 0 } of spaces) {
    const size = query.length
    if (vectors.length !== ids.length * size)
      throw new RangeError(
        `vectors: expected ${ids.length} rows of ${size}, got ${vectors.length} numbers`
      )
    const ofZeros = query.every((value) => value === 0) ? ofEqual : 0
    const row = new Float32Array(size)
    for (let i = 0; i < ids.length; i++) {
      fromHalves(vectors.subarray(i * size, (i + 1) * size), row)
      let dot = 0
      let squares = 0
      for (let j = 0; j < size; j++) {
        dot += query[j]! * row[j]!
        squares += row[j]! * row[j]!
      }
      sums[i]! += squares > 0 ? (weight * dot) / Math.sqrt(squares) : ofZeros
    }
  }
  const best = new TopK(Math.min(top, ids.length))
  ids.forEach((id, i) => best.offer(id, -sums[i]!))
  const { ids: ordered, distances } = best.sorted()
  return { ids: ordered, scores: distances.map((negative) => -negative) }
}

/**
 * Orders photos `ids` [n] by the cosine of their vectors [n, size] (f16 bit patterns) with the
 * query [size], and returns the best `top`. A vector of zeros has score 0, as has a cosine below 0.
 */
export function orderByCosine(
  query: Float32Array,
  ids: Uint32Array,
  vectors: Uint16Array,
  top: number
): Scored {
  const length = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0))
  const space = { query, vectors, weight: length > 0 ? 1 / length : 0 }
  const { ids: ordered, scores } = orderBySpaces(ids, [space], top)
  return { ids: ordered, scores: scores.map((score) => Math.min(1, Math.max(0, score))) }
}
