// The orders that `evaluate` compares: every photo of a library queries all others, by what is kept
// of them at each step from the feature to the code. Runs in the command line's process.
import type { Vectors } from '../engine/api.ts'
import { nearest } from '../../model/learning.ts'
import {
  createReferenceIndex,
  distanceTable,
  fromHalves,
  orderByCosine,
  parseQuantizer
} from '../../model/retrieval.ts'

/** Photos of a scan that are put in their exact order, as the engine does. */
const REORDERED = 200

/** The rows nearest to a row, best first; the row itself may be among them. */
export type Order = (row: number) => ArrayLike<number>

export interface Ranking {
  of: 'features' | 'projected' | 'descriptors' | 'codes' | 'reordered'
  /** Bytes that a photo takes, as they are kept. */
  bytesPerPhoto: number
  order(): Promise<Order>
}

/** All rankings that the vectors allow; `top` ranks (and the row itself) are put in order. */
export function rankings(vectors: Vectors, top: number): Ranking[] {
  const { featureSize, features, encoded } = vectors
  const byFeatures: Ranking = {
    of: 'features',
    bytesPerPhoto: featureSize * 2,
    order: () => byCosine(features, featureSize, top)
  }
  if (!encoded) return [byFeatures]
  const { quantizer, projected, descriptors, codes } = encoded
  const projectedSize = projected.length / vectors.ids.length
  const descriptorSize = quantizer.M * quantizer.L
  const { scan, exact } = byCodes(encoded, vectors.ids.length, top)
  return [
    byFeatures,
    {
      of: 'projected',
      bytesPerPhoto: projectedSize * 2,
      order: () => byCosine(projected, projectedSize, top)
    },
    {
      of: 'descriptors',
      bytesPerPhoto: descriptorSize * 2,
      order: () => byCosine(descriptors, descriptorSize, top)
    },
    { of: 'codes', bytesPerPhoto: codes.length / vectors.ids.length, order: async () => scan },
    {
      of: 'reordered',
      bytesPerPhoto: codes.length / vectors.ids.length + descriptorSize * 2,
      order: async () => exact
    }
  ]
}

async function byCosine(halves: Uint16Array, size: number, top: number): Promise<Order> {
  const rows = fromHalves(halves)
  for (let from = 0; from < rows.length; from += size) {
    const row = rows.subarray(from, from + size)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) for (let i = 0; i < size; i++) row[i]! /= length
  }
  const kept = Math.min(top + 1, rows.length / size)
  const { indices } = await nearest(rows, rows, size, kept)
  return (row) => indices.subarray(row * kept, (row + 1) * kept)
}

function byCodes(
  { quantizer, descriptors, codes }: NonNullable<Vectors['encoded']>,
  n: number,
  top: number
): { scan: Order; exact: Order } {
  const { codebooks } = parseQuantizer(quantizer)
  const size = codebooks.M * codebooks.L
  const index = createReferenceIndex(codebooks.M)
  index.append(
    Uint32Array.from({ length: n }, (_, row) => row),
    codes
  )
  const descriptorOf = (row: number): Uint16Array =>
    descriptors.subarray(row * size, (row + 1) * size)
  const scan = (row: number, count: number): Uint32Array =>
    index.search(distanceTable(fromHalves(descriptorOf(row)), codebooks), count).ids
  return {
    scan: (row) => scan(row, top + 1),
    exact(row) {
      const found = scan(row, Math.max(REORDERED, top) + 1)
      const candidates = new Uint16Array(found.length * size)
      found.forEach((other, i) => candidates.set(descriptorOf(other), i * size))
      return orderByCosine(fromHalves(descriptorOf(row)), found, candidates, top + 1).ids
    }
  }
}
