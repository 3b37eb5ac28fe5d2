// What the app asks for and how it orders kin: several photos with weights are one direction in
// each kind of vectors, so they cost one table, one scan and one exact order. Pure.
//
// [Note: several photos as one direction]
// The score of a photo x for parts q_i with weights w_i is the sum of w_i cos(q_i, x), and that is
// d . x / |x| with d the sum of w_i q_i / |q_i|: one query d, whatever the weights. (It is also
// what a weighted sum of squared distances orders by, completing the square, if reconstructions
// were of one length; d keeps the scan from favouring short or long ones where weights nearly
// cancel.)
import type { Codebooks } from '../quant/codes.ts'
import { fromHalves } from '../quant/float16.ts'
import { type Scored, orderBySpaces } from './order.ts'
import { distanceTable } from './table.ts'

/** Survivors of a scan that get their exact order: at least, for each photo more, at most. */
const FEWEST_RERANKED = 200
const RERANKED_SHARE = 0.001
const MOST_RERANKED = 3000
/** How much the frozen features count in the exact order, by default. */
export const STRICTNESS = 0.5

/** How many of n photos get their exact order after a scan. */
export function rerankedOf(n: number): number {
  return Math.min(MOST_RERANKED, FEWEST_RERANKED + Math.floor(n * RERANKED_SHARE))
}

/** A vector (f16 bit patterns) of a photo that is asked for; weight below 0: unlike it. */
export interface WeightedVector {
  vector: Uint16Array
  weight: number
}

/** The sum of the parts' unit vectors times their weights, [size]; a zero vector adds nothing. */
export function directionOf(parts: readonly WeightedVector[]): Float32Array {
  const sum = new Float64Array(parts[0]?.vector.length ?? 0)
  for (const { vector, weight } of parts) {
    if (vector.length !== sum.length)
      throw new RangeError(`vector: expected ${sum.length} numbers, got ${vector.length}`)
    const values = fromHalves(vector)
    const length = Math.sqrt(values.reduce((squares, value) => squares + value * value, 0))
    if (length > 0) values.forEach((value, i) => (sum[i]! += (weight * value) / length))
  }
  return Float32Array.from(sum)
}

/** The table of a scan for what lies in a direction [M*L] of descriptors (of length sqrt(M)). */
export function tableOfDirection(direction: Float32Array, codebooks: Codebooks): Float32Array {
  const length = Math.sqrt(direction.reduce((squares, value) => squares + value * value, 0))
  const scale = length > 0 ? Math.sqrt(codebooks.M) / length : 0
  return distanceTable(direction.map((value) => value * scale), codebooks)
}

/** Candidates [n] with what is stored of them, f16 bit patterns. */
export interface Candidates {
  ids: Uint32Array
  descriptors: Uint16Array // [n, M*L]
  projected: Uint16Array // [n, 256]
}

/**
 * Orders candidates by cos(descriptors) + strictness * cos(projected), the sum over the parts, and
 * returns the best `top` with scores 0..1. `wanted` is the sum of the weights above 0.
 */
export function orderKin(
  { ids, descriptors, projected }: Candidates,
  query: { descriptor: Float32Array; projected: Float32Array; positiveWeight: number },
  top: number,
  strictness = STRICTNESS
): Scored {
  const weight = 1 / (query.positiveWeight * (1 + strictness))
  // Where all photos are equal, each is their mean: nothing is left of it once that is taken away.
  const ofEqual = 1 / (1 + strictness)
  const spaces = [
    { query: query.descriptor, vectors: descriptors, weight, ofEqual },
    {
      query: query.projected,
      vectors: projected,
      weight: weight * strictness,
      ofEqual: ofEqual * strictness
    }
  ]
  const found = orderBySpaces(ids, strictness > 0 ? spaces : spaces.slice(0, 1), top)
  return { ids: found.ids, scores: found.scores.map((score) => Math.min(1, Math.max(0, score))) }
}
