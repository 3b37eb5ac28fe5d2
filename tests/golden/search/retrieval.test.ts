// retrieval.json: computed with the official PyTorch code of SPQ, in f32 (its "about" says what it
// holds).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import {
  averagePrecision,
  createReferenceIndex,
  distanceTable,
  encodeDescriptors
} from '../../../model/retrieval.ts'
import type { Codebooks } from '../../../model/retrieval.ts'
import { decodeCodes } from '../../../model/quant/codes.ts'

interface Golden {
  M: number
  K: number
  L: number
  C: number[] // [K, M*L]
  gallery: number[] // [60, M*L]
  queries: number[] // [8, M*L]
  codes: number[][] // [60][M]
  galleryLabels: number[]
  queryLabels: number[]
  distancesOfQuery0: number[]
  mAP: Record<string, number>
}
const golden = JSON.parse(
  readFileSync(new URL('./retrieval.json', import.meta.url), 'utf8')
) as Golden
const { M, K, L } = golden
const gallery = Float32Array.from(golden.gallery)
const queries = Float32Array.from(golden.queries)
const n = golden.galleryLabels.length

function books(): Codebooks {
  const values = new Float32Array(M * K * L)
  for (let k = 0; k < K; k++)
    for (let i = 0; i < M * L; i++)
      values[(Math.floor(i / L) * K + k) * L + (i % L)] = golden.C[k * M * L + i]!
  return { M, L, values }
}

function distances(
  query: number,
  ranking: 'squared' | 'plain'
): { rows: Uint32Array; byRow: Float32Array } {
  const index = createReferenceIndex(M)
  index.append(
    Uint32Array.from({ length: n }, (_, row) => row),
    encodeDescriptors(gallery, books())
  )
  const descriptor = queries.subarray(query * M * L, (query + 1) * M * L)
  const found = index.search(distanceTable(descriptor, books(), ranking), n)
  const byRow = new Float32Array(n)
  found.ids.forEach((row, place) => (byRow[row] = found.distances[place]!))
  return { rows: found.ids, byRow }
}

test('codes are those of the official code', () => {
  const codes = encodeDescriptors(gallery, books())
  const books4 = Array.from({ length: n * M }, (_, i) => (codes[i >> 1]! >> (4 * (i & 1))) & 15)
  assert.deepEqual(books4, golden.codes.flat())
})

test('the plain ranking has the official distances and mAP', () => {
  distances(0, 'plain').byRow.forEach((distance, row) => {
    assert.ok(Math.abs(distance - golden.distancesOfQuery0[row]!) < 1e-5 * distance)
  })
  for (const [top, expected] of Object.entries(golden.mAP)) {
    const precisions = golden.queryLabels.map((label, query) =>
      averagePrecision(
        distances(query, 'plain').rows,
        (row) => golden.galleryLabels[row] === label,
        Number(top)
      )
    )
    const mAP = precisions.reduce((sum, value) => sum + value, 0) / precisions.length
    assert.ok(Math.abs(mAP - expected) < 1e-7, `mAP@${top}: ${mAP}, expected ${expected}`)
  }
})

test('the squared ranking has the squared distances to the reconstructions', () => {
  const reconstructed = decodeCodes(encodeDescriptors(gallery, books()), books())
  for (let query = 0; query < golden.queryLabels.length; query++)
    distances(query, 'squared').byRow.forEach((distance, row) => {
      let expected = 0
      for (let i = 0; i < M * L; i++)
        expected += (queries[query * M * L + i]! - reconstructed[row * M * L + i]!) ** 2
      assert.ok(Math.abs(distance - expected) < 1e-5 * expected)
    })
})
