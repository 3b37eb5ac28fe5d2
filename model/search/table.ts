// The table of distances that a scan adds up: from a query's descriptor to every codeword. Pure.
import { K } from '../quant/codes.ts'
import type { Codebooks } from '../quant/codes.ts'

/**
 * The table [M, 16] of a descriptor [M*L]. `squared`: sums to the squared distance to a
 * reconstruction, the app's order. `plain`: sums of distances a codebook, as the SPQ paper's code
 * ranks (METHOD.md 1.4), for the benchmark.
 */
export function distanceTable(
  descriptor: Float32Array,
  { M, L, values }: Codebooks,
  ranking: 'squared' | 'plain' = 'squared'
): Float32Array {
  if (descriptor.length !== M * L)
    throw new RangeError(`descriptor: expected ${M * L} numbers, got ${descriptor.length}`)
  const table = new Float32Array(M * K)
  for (let entry = 0; entry < table.length; entry++) {
    const from = Math.floor(entry / K) * L
    let sum = 0
    for (let l = 0; l < L; l++) {
      const difference = descriptor[from + l]! - values[entry * L + l]!
      sum += difference * difference
    }
    table[entry] = ranking === 'squared' ? sum : Math.sqrt(sum)
  }
  return table
}
