// The SIMD indexes answer as the reference does, to the bit, whatever is put in, taken out and
// asked.
import test from 'node:test'
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import type { CodeIndex } from '../../../model/search/code-index.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { BucketIndex } from '../../../model/search/simd/bucket-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { InvertedIndex } from '../../../model/search/simd/inverted-index.ts'
import { FIRST_FREE, loadKernels, type Kernels } from '../../../model/search/simd/kernel.ts'
import { scanKernels } from '../../../model/search/simd/kernels.mjs'
import {
  TABLE_KINDS, codebooksOf, codesOf, filterOf, idsOf, plainKernels, seededRandom, tableOf
} from '../../unit/search-simd/support.ts'

const step = fc.record({
  what: fc.constantFrom('append', 'replace', 'remove', 'search', 'filter', 'filter again'),
  count: fc.oneof(fc.nat(70), fc.nat(9000)),
  k: fc.oneof(fc.nat(12), fc.constantFrom(63, 100, 1000), fc.nat(20_000)),
  table: fc.constantFrom(...TABLE_KINDS),
  share: fc.constantFrom(0, 0.01, 0.1, 0.5, 0.99),
  isFolder: fc.boolean()
})

const plan = (books: readonly number[]) =>
  fc.record({
    M: fc.constantFrom(...books),
    seed: fc.nat(),
    isScattered: fc.boolean(),
    steps: fc.array(step, { minLength: 1, maxLength: 10 })
  })

const BEGIN = {
  what: 'append', count: 500, k: 0, table: 'smooth', share: 0, isFolder: false
} as const

/** A filter over 12,000 ids that allows a share of them, side by side. */
function folderOf(share: number): Uint8Array {
  return new Uint8Array(1500).fill(255, 200, 200 + 1200 * share)
}

function drawn(held: readonly number[], count: number, random: () => number): Uint32Array {
  if (held.length === 0) return new Uint32Array(0)
  return Uint32Array.from({ length: count }, () => held[Math.floor(random() * held.length)]!)
}

/** Checks any plan of changes and searches; `make` gives the index under test. */
function agrees(books: readonly number[], numRuns: number, make: (M: number) => CodeIndex): void {
  const property = fc.property(plan(books), ({ M, seed, isScattered, steps }) => {
    const random = seededRandom(seed)
    const both: [CodeIndex, CodeIndex] = [createReferenceIndex(M), make(M)]
    const held: number[] = []
    let filter = folderOf(0.5)
    for (const { what, count, k, table, share, isFolder } of [BEGIN, ...steps]) {
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
        if (what === 'filter')
          filter = isFolder ? folderOf(share) : filterOf(share, 12_000, random)
        const distances = tableOf(table, M, random)
        const options = what === 'search' ? {} : { filter }
        const [expected, found] = both.map((index) => index.search(distances, k, options))
        assert.deepEqual(found, expected)
      }
      assert.equal(both[1].size, both[0].size)
    }
  })
  fc.assert(property, { numRuns })
}

const forEach = (name: string, check: (kernels: Kernels) => void): void =>
  void test(`${name}: any sequence of changes and searches agrees with the reference`, async () =>
    check(await plainKernels()))

forEach('flat index', (kernels) => agrees([4, 8, 16, 32], 40, (M) => new FlatIndex(kernels, M)))

forEach('flat index beyond 2 GiB', (kernels) =>
  agrees([4, 8, 16, 32], 20, (M) => new FlatIndex(kernels, M, 2 ** 31 + FIRST_FREE))
)

forEach('buckets of 16-bit codes', (kernels) =>
  agrees([4], 40, () => new BucketIndex(kernels, 1000))
)

forEach('inverted lists that are all scanned', (kernels) =>
  agrees([8, 16], 40, (M) => {
    const codebooks = codebooksOf(M, 4, seededRandom(M))
    return new InvertedIndex(kernels, codebooks, { from: 2000, lists: 16, probes: 16 })
  })
)

test('flat index, as it ships: relaxed SIMD agrees with the reference too', async () => {
  const bytes = await scanKernels()
  // Electron has it at once; Node 20 has it behind this flag.
  if (!loadKernels(bytes, 'relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxed = loadKernels(bytes, 'relaxed')
  assert.ok(relaxed, 'this runtime takes relaxed SIMD')
  agrees([4, 8, 16, 32], 40, (M) => new FlatIndex(relaxed, M))
})
