// Buckets of 16-bit codes: what changes after they were made, and how they search.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { BucketIndex } from '../../../model/search/simd/bucket-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { codesOf, counted, plainKernels, seededRandom, tableOf } from './support.ts'

test('buckets serve while few codes have changed, and agree with the reference', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(1)
  const buckets = new BucketIndex(kernels, 10_000)
  const both = [createReferenceIndex(4), buckets]
  const agree = (k: number): void => {
    const table = tableOf('smooth', 4, random)
    const [expected, found] = both.map((index) => index.search(table, k))
    assert.deepEqual(found, expected)
  }
  const change = (what: 'append' | 'remove', ids: Uint32Array): void => {
    const codes = codesOf(ids.length, 4, random)
    for (const index of both) what === 'append' ? index.append(ids, codes) : index.remove(ids)
  }
  change('append', counted(20_000))
  agree(100)
  const whole = buckets.evaluations
  change('append', counted(100, 500)) // replaced
  change('remove', counted(50, 3000))
  change('append', counted(70, 30_000)) // into the places of those that are gone
  change('remove', counted(30, 30_000))
  for (const k of [1, 100, 20_000]) agree(k)
  agree(100)
  assert.ok(whole < 300 && buckets.evaluations < 1500, `${whole}, then ${buckets.evaluations}`)
})

test('within a filter, buckets search as the plain scan does, however few it allows', async () => {
  const kernels = await plainKernels()
  const n = 100_000
  const codes = codesOf(n, 4, seededRandom(3))
  const [buckets, flat] = [new BucketIndex(kernels, 10_000), new FlatIndex(kernels, 4)]
  for (const index of [buckets, flat]) index.append(counted(n), codes)
  const table = tableOf('smooth', 4, seededRandom(4))
  for (const allowed of [800, 8000, 80_000]) {
    const filter = new Uint8Array(n / 8).fill(255, 100, 100 + allowed / 8)
    const [found, expected] = [buckets, flat].map((index) => index.search(table, 200, { filter }))
    assert.deepEqual(found, expected)
    assert.equal(buckets.evaluations, flat.evaluations, `${allowed} allowed`)
  }
})
