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
  const factors = factorsOf(matrix)
  const rows = new Float32Array(projected.length)
  for (let from = 0; from < rows.length; from += BLOCK_ROWS * PROJECTED) {
    const block = rows.subarray(from, from + BLOCK_ROWS * PROJECTED)
    fromHalves(projected.subarray(from, from + block.length), block)
    for (let row = 0; row < block.length; row += PROJECTED)
      for (let i = 0; i < PROJECTED; i++) block[row + i]! *= factors[i]!
  }
  normaliseRows(rows, PROJECTED, 1)
  return rows
}

/** Of projections that are in use: averaging asks again for each photo. */
const known = new WeakMap<Float32Array, Float64Array>()

/** What takes the scale of each component back, [256]. */
function factorsOf(matrix: Float32Array): Float64Array {
  const found = known.get(matrix)
  if (found) return found
  const squares = new Float64Array(PROJECTED)
  for (let row = 0; row < matrix.length; row += PROJECTED)
    for (let i = 0; i < PROJECTED; i++) squares[i]! += matrix[row + i]! ** 2
  const factors = squares.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0))
  known.set(matrix, factors)
  return factors
}
