// The orders that `evaluate` compares: every photo of a library queries all others, by what is kept
// of them at each step from the feature to the code. Runs in the command line's process.
import type { Vectors } from '../engine/api.ts'
import { nearest } from '../../model/learning.ts'
import {
  createCodeIndex,
  directionOf,
  fromHalves,
  loadKernels,
  orderKin,
  parseQuantizer,
  rerankedOf,
  scanKernels,
  searchWithTies,
  tableOfDirection
} from '../../model/retrieval.ts'

/** The rows nearest to a row, best first; the row itself may be among them. */
export type Order = (row: number) => ArrayLike<number>

export interface Ranking {
  of: 'features' | 'projected' | 'descriptors' | 'codes' | 'reranked'
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
  const codesSize = codes.length / vectors.ids.length
  let coded: ReturnType<typeof byCodes> | undefined
  const once = () => (coded ??= byCodes(encoded, vectors.ids.length, top))
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
    { of: 'codes', bytesPerPhoto: codesSize, order: async () => (await once()).scan },
    {
      of: 'reranked',
      bytesPerPhoto: codesSize + (descriptorSize + projectedSize) * 2,
      order: async () => (await once()).exact
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

/** The scan of the codes alone, and the app's own order of its best. */
async function byCodes(
  { quantizer, projected, descriptors, codes }: NonNullable<Vectors['encoded']>,
  n: number,
  top: number
): Promise<{ scan: Order; exact: Order }> {
  const { codebooks } = parseQuantizer(quantizer)
  const kernels = loadKernels(await scanKernels())
  const index = createCodeIndex({ M: codebooks.M, kernels })
  index.append(
    Uint32Array.from({ length: n }, (_, row) => row),
    codes
  )
  const rowOf = (rows: Uint16Array, row: number): Uint16Array =>
    rows.subarray((row * rows.length) / n, ((row + 1) * rows.length) / n)
  const gathered = (rows: Uint16Array, ids: Uint32Array): Uint16Array => {
    const out = new Uint16Array((ids.length * rows.length) / n)
    ids.forEach((row, i) => out.set(rowOf(rows, row), (i * rows.length) / n))
    return out
  }
  const directionIn = (rows: Uint16Array, row: number): Float32Array =>
    directionOf([{ vector: rowOf(rows, row), weight: 1 }])
  const scan = (descriptor: Float32Array, count: number): Uint32Array =>
    index.search(tableOfDirection(descriptor, codebooks), count).ids
  return {
    scan: (row) => scan(directionIn(descriptors, row), top + 1),
    exact(row) {
      const descriptor = directionIn(descriptors, row)
      const table = tableOfDirection(descriptor, codebooks)
      const { ids } = searchWithTies(index, table, Math.max(rerankedOf(n), top) + 1)
      const candidates = {
        ids,
        descriptors: gathered(descriptors, ids),
        projected: gathered(projected, ids)
      }
      const query = { descriptor, projected: directionIn(projected, row), positiveWeight: 1 }
      return orderKin(candidates, query, top + 1).ids
    }
  }
}
