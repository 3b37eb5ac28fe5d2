// How well a map keeps what is near: for measuring only. Pure.
import { seededRandom } from '../quant/random.ts'
import { countOf, nearestIn, rowAt } from './near-rows.ts'
import type { Rows } from './near-rows.ts'

/**
 * Of the `near` photos nearest to one in the plane, the mean share that is among the `kin` nearest
 * by their descriptors, over some photos taken at random. @param places [n, 2] of the rows
 */
export function preservationOf(
  rows: Rows,
  places: Float32Array,
  { near = 15, kin = 50, photos = 500 } = {}
): number {
  const n = countOf(rows)
  const inPlane = nearestIn({ size: 2, values: places })
  const byDescriptor = nearestIn(rows)
  const random = seededRandom(1)
  let sum = 0
  for (let i = 0; i < photos; i++) {
    const at = Math.floor(random() * n)
    const beside = inPlane(places.subarray(2 * at, 2 * at + 2), near + 1).places
    const alike = new Set(byDescriptor(rowAt(rows, at), kin + 1).places)
    const others = [...beside].filter((one) => one !== at).slice(0, near)
    sum += others.filter((one) => alike.has(one)).length / Math.max(1, others.length)
  }
  return sum / photos
}
