// Exact order by cosine: of a scan's candidates by their descriptors, or of a small library by its
// features while there is no quantizer. Runs in the engine. Pure.
import { fromHalves } from '../quant/float16.ts'
import { Top } from './top.ts'

/** Photos, best first; equal cosines are ordered by id. Parallel arrays of one length. */
export interface Scored {
  ids: Uint32Array
  /** Cosine of the two vectors, below 0 shown as 0: 1 is the same direction. */
  scores: Float32Array
}

/**
 * Orders photos `ids` [n] by the cosine of their vectors [n, size] (f16 bit patterns) with the
 * query [size], and returns the best `top`. A vector of zeros has score 0.
 */
export function orderByCosine(
  query: Float32Array,
  ids: Uint32Array,
  vectors: Uint16Array,
  top: number
): Scored {
  const size = query.length
  if (vectors.length !== ids.length * size)
    throw new RangeError(
      `vectors: expected ${ids.length} rows of ${size}, got ${vectors.length} numbers`
    )
  const best = new Top(Math.min(top, ids.length))
  const queryLength = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0))
  const row = new Float32Array(size)
  ids.forEach((id, i) => {
    fromHalves(vectors.subarray(i * size, (i + 1) * size), row)
    let dot = 0
    let squares = 0
    for (let j = 0; j < size; j++) {
      dot += query[j]! * row[j]!
      squares += row[j]! * row[j]!
    }
    const lengths = queryLength * Math.sqrt(squares)
    best.offer(id, lengths > 0 ? -dot / lengths : 0)
  })
  const { ids: ordered, distances } = best.sorted()
  return { ids: ordered, scores: distances.map((negative) => Math.min(1, Math.max(0, -negative))) }
}
