// Projected features back in the space of the backbone's own features, mean-centred: what decides
// who is near whom, whatever was learned. Pure.
import { BLOCK_ROWS, normaliseRows } from './features.ts'
import { fromHalves } from './float16.ts'
import { PROJECTED } from './projection.ts'
import type { Projection } from './projection.ts'

/**
 * Rows [n, 256] of length 1 in the frozen features' own space: the scale of each component, which
 * the projection gave it, is taken back, so that cosines are those of mean-centred features.
 */
export function frozenRows(projected: Uint16Array, { matrix }: Projection): Float32Array {
  const scales = new Float64Array(PROJECTED)
  matrix.forEach((value, at) => (scales[at % PROJECTED]! += value * value))
  const factors = scales.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0))
  const rows = new Float32Array(projected.length)
  for (let from = 0; from < rows.length; from += BLOCK_ROWS * PROJECTED) {
    const block = rows.subarray(from, from + BLOCK_ROWS * PROJECTED)
    fromHalves(projected.subarray(from, from + block.length), block)
    for (let i = 0; i < block.length; i++) block[i]! *= factors[i % PROJECTED]!
  }
  normaliseRows(rows, PROJECTED, 1)
  return rows
}
