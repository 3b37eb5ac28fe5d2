// The SIMD index answers as the reference does, to the bit, whatever is put in, taken out and asked.
import test from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { CodeIndex } from '../../../model/search/code-index.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { FIRST_FREE } from '../../../model/search/simd/kernel.ts'
import {
  TABLE_KINDS, codesOf, filterOf, idsOf, plainKernels, seededRandom, tableOf
} from '../../unit/search-simd/support.ts'

const step = fc.record({
  what: fc.constantFrom('append', 'replace', 'remove', 'search', 'filter'),
  count: fc.oneof(fc.nat(70), fc.nat(9000)),
  k: fc.oneof(fc.nat(12), fc.constantFrom(63, 100, 1000), fc.nat(20_000)),
  table: fc.constantFrom(...TABLE_KINDS),
  share: fc.constantFrom(0, 0.01, 0.1, 0.5, 0.99)
})

const plan = fc.record({
  M: fc.constantFrom(4, 8, 16, 32),
  seed: fc.nat(),
  isScattered: fc.boolean(),
  isFar: fc.boolean(), // codes beyond 2 GiB, where a signed address is negative
  steps: fc.array(step, { minLength: 1, maxLength: 8 })
})

const BEGIN = { what: 'append', count: 500, k: 0, table: 'smooth', share: 0 } as const

function drawn(held: readonly number[], count: number, random: () => number): Uint32Array {
  if (held.length === 0) return new Uint32Array(0)
  return Uint32Array.from({ length: count }, () => held[Math.floor(random() * held.length)]!)
}

test('any sequence of changes and searches agrees with the reference', async () => {
  const kernels = await plainKernels()
  const property = fc.property(plan, ({ M, seed, isScattered, isFar, steps }) => {
    const random = seededRandom(seed)
    const fast = new FlatIndex(kernels, M, isFar ? 2 ** 31 + FIRST_FREE : FIRST_FREE)
    const both: [CodeIndex, CodeIndex] = [createReferenceIndex(M), fast]
    const held: number[] = []
    for (const { what, count, k, table, share } of [BEGIN, ...steps]) {
      if (what === 'append' || what === 'replace') {
        const isNew = what === 'append'
        const ids = isNew ? idsOf(count, isScattered, random) : drawn(held, count % 500, random)
        const codes = codesOf(ids.length, M, random)
        for (const index of both) index.append(ids, codes)
        if (isNew) held.push(...ids)
      } else if (what === 'remove') {
        const ids = drawn(held, count % 500, random)
        for (const index of both) index.remove(ids)
      } else {
        const filter = what === 'filter' ? filterOf(share, 12_000, random) : undefined
        const distances = tableOf(table, M, random)
        const [expected, found] = both.map((index) => index.search(distances, k, { filter }))
        assert.deepEqual(found, expected)
      }
      assert.equal(fast.size, both[0].size)
    }
  })
  fc.assert(property, { numRuns: 60 })
})
