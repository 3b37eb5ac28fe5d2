// The order that people see, of many queries over the same photos: the fast twin of `orderKin`
// (search/kin.ts), whose vectors are read and brought to length 1 once for all queries, not by each
// of them. Runs in compute. Pure.
import { normaliseRows } from '../../quant/features.ts'
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { STRICTNESS } from '../../search/kin.ts'
import { TopK } from '../../search/top-k.ts'

/** Puts photos `ids` into the order of their likeness to photo `row`: the best `top`. */
export type SeenOrder = (row: number, ids: Uint32Array, top: number) => Uint32Array

/**
 * Orders photos by cos(descriptors) + STRICTNESS * cos(projected).
 * @param descriptors f16 [n, size]
 * @param projected f16 [n, 256]
 */
export function createSeenOrder(
  descriptors: Uint16Array,
  size: number,
  projected: Uint16Array
): SeenOrder {
  const n = descriptors.length / size
  const width = size + PROJECTED + 1
  const rows = new Float32Array(n * width)
  const ofDescriptors = unitsOf(descriptors, size, 1)
  const ofProjected = unitsOf(projected, PROJECTED, Math.sqrt(STRICTNESS))
  for (let row = 0; row < n; row++) {
    const own = ofProjected.subarray(row * PROJECTED, (row + 1) * PROJECTED)
    rows.set(ofDescriptors.subarray(row * size, (row + 1) * size), row * width)
    rows.set(own, row * width + size)
    // Photos of which nothing is left once the mean is taken away are equal in that.
    if (own.every((value) => value === 0)) rows[(row + 1) * width - 1] = Math.sqrt(STRICTNESS)
  }
  return function order(row, ids, top) {
    const best = new TopK(Math.min(top, ids.length))
    for (const id of ids) {
      let dot = 0
      for (let i = row * width, j = id * width; i < (row + 1) * width; i++, j++)
        dot += rows[i]! * rows[j]!
      best.offer(id, -dot)
    }
    return best.sorted().ids
  }
}

function unitsOf(halves: Uint16Array, size: number, length: number): Float32Array {
  const rows = fromHalves(halves)
  normaliseRows(rows, size, length)
  return rows
}
