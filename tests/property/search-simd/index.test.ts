// The SIMD indexes answer as the reference does, to the bit, whatever is put in, taken out and
// asked.
import test from 'node:test'
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import type { CodeIndex, SearchOptions } from '../../../model/search/code-index.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { BucketIndex } from '../../../model/search/simd/bucket-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { InvertedIndex } from '../../../model/search/simd/inverted-index.ts'
import { FIRST_FREE, loadKernels, type Kernels } from '../../../model/search/simd/kernel.ts'
import { scanKernels } from '../../../model/search/simd/kernels.mjs'
import {
  TABLE_KINDS, codebooksOf, codesOf, filterOf, idsOf, plainKernels, seededRandom, tableOf,
  type TableKind
} from '../../unit/search-simd/support.ts'

const step = fc.record({
  what: fc.constantFrom('append', 'replace', 'remove', 'search', 'filter', 'filter again'),
  count: fc.oneof(fc.nat(70), fc.nat(9000)),
  from: fc.constantFrom(0, 0, 62_000),
  k: fc.oneof(fc.nat(12), fc.constantFrom(63, 100, 1000), fc.nat(20_000)),
  table: fc.constantFrom(...TABLE_KINDS),
  share: fc.constantFrom(0, 0.01, 0.1, 0.5, 0.99),
  isFolder: fc.boolean()
})

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const plan = (books: readonly number[]) =>
  fc.record({
    M: fc.constantFrom(...books),
    seed: fc.nat(),
    isScattered: fc.boolean(),
    begin: fc.constantFrom(0, 0, 0, 0, 0, 0, NEARLY_A_SEGMENT, MORE_THAN_A_SEGMENT),
    steps: fc.array(step, { minLength: 1, maxLength: 10 })
  })

const BEGIN = {
  what: 'append', count: 500, from: 0, k: 0, table: 'smooth', share: 0, isFolder: false
} as const

/** A segment of the store ends behind these and some more. */
const NEARLY_A_SEGMENT = 65_500
/** Few runs begin with so many, as these take the most time. */
const MORE_THAN_A_SEGMENT = 66_000
/** Filters are over so many ids. */
const IDS = 80_000

/** A filter that allows a share of the ids, side by side. */
function folderOf(share: number): Uint8Array {
  return new Uint8Array(IDS / 8).fill(255, 200, 200 + (IDS / 8 - 300) * share)
}

/** Does a step to the reference and to the index under test, and compares what they answer. */
class Twins {
  readonly #both: [CodeIndex, CodeIndex]
  readonly #isScattered: boolean
  readonly #random: () => number
  readonly #held: number[] = []
  #filter = folderOf(0.5)

  constructor(index: CodeIndex, seed: number, isScattered: boolean) {
    this.#both = [createReferenceIndex(index.M), index]
    this.#isScattered = isScattered
    this.#random = seededRandom(seed)
  }

  step({ what, count, from, k, table, share, isFolder }: Step): void {
    const random = this.#random
    const [reference, index] = this.#both
    if (what === 'append' || what === 'replace') {
      const isNew = what === 'append'
      const isBehind = isNew && !this.#isScattered
      const drawn = isNew ? idsOf(count, this.#isScattered, random) : this.#drawn(count % 500)
      const ids = isBehind ? drawn.map((id) => id + from) : drawn
      const codes = codesOf(ids.length, index.M, random)
      for (const each of this.#both) each.append(ids, codes)
      if (isNew) for (const id of ids) this.#held.push(id)
    } else if (what === 'remove') {
      const ids = this.#drawn(count % 500)
      for (const each of this.#both) each.remove(ids)
    } else {
      if (what === 'filter')
        this.#filter = isFolder ? folderOf(share) : filterOf(share, IDS, random)
      const options = what === 'search' ? {} : { filter: this.#filter }
      this.agree(k, table, options)
    }
    assert.equal(index.size, reference.size)
  }

  agree(k: number, kind: TableKind, options: SearchOptions = {}): void {
    const table = tableOf(kind, this.#both[0].M, this.#random)
    const [expected, found] = this.#both.map((index) => index.search(table, k, options))
    assert.deepEqual(found, expected)
  }

  /** Every code has its distance, and what the last filter allows is found. */
  agreeOnAll(): void {
    const [{ size }] = this.#both
    this.agree(size, 'smooth')
    this.agree(size, 'smooth', { filter: this.#filter })
    this.agree(size, 'smooth', { filter: folderOf(0.9) })
  }

  /** Ids that are held, or were once. */
  #drawn(count: number): Uint32Array {
    const [held, random] = [this.#held, this.#random]
    if (held.length === 0) return new Uint32Array(0)
    return Uint32Array.from({ length: count }, () => held[Math.floor(random() * held.length)]!)
  }
}

/** Checks any plan of changes and searches; `make` gives the index under test. */
function agrees(books: readonly number[], numRuns: number, make: (M: number) => CodeIndex): void {
  const property = fc.property(plan(books), ({ M, seed, isScattered, begin, steps }) => {
    const twins = new Twins(make(M), seed, isScattered)
    for (const each of [{ ...BEGIN, count: begin || 500 }, ...steps]) twins.step(each)
    twins.agreeOnAll()
  })
  fc.assert(property, { numRuns })
}

const forEach = (name: string, check: (kernels: Kernels) => void): void =>
  void test(`${name}: any sequence of changes and searches agrees with the reference`, async () =>
    check(await plainKernels()))

forEach('flat index', (kernels) => agrees([4, 8, 16, 32], 30, (M) => new FlatIndex(kernels, M)))

forEach('flat index beyond 2 GiB', (kernels) =>
  agrees([4, 8, 16, 32], 12, (M) => new FlatIndex(kernels, M, 2 ** 31 + FIRST_FREE))
)

forEach('buckets of 16-bit codes', (kernels) =>
  agrees([4], 30, () => new BucketIndex(kernels, 1000))
)

test('inverted lists that are all scanned agree, whatever comes while they are made', async () => {
  const kernels = await plainKernels()
  const whileMade = fc.tuple(plan([8, 16, 32]), fc.infiniteStream(fc.nat(25)))
  const property = fc.asyncProperty(whileMade, async ([asked, breaths]) => {
    const { M, seed, isScattered, begin, steps } = asked
    const waiting: (() => void)[] = []
    const giveWay = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
    const options = { from: 2000, lists: 16, probes: 16, giveWay }
    const index = new InvertedIndex(kernels, codebooksOf(M, 4, seededRandom(M)), options)
    const twins = new Twins(index, seed, isScattered)
    /** Lets the lists be made for so many parts more. */
    async function goOn(parts: number): Promise<void> {
      for (let i = 0; i < parts && waiting.length > 0; i++) {
        waiting.shift()?.()
        await new Promise(setImmediate)
      }
    }
    for (const each of [{ ...BEGIN, count: begin || 2100 }, ...steps]) {
      twins.step(each)
      await goOn(breaths.next().value)
    }
    await goOn(Infinity)
    assert.ok(index.isInverted)
    twins.agreeOnAll()
  })
  await fc.assert(property, { numRuns: 20 })
})

test('flat index, as it ships: relaxed SIMD agrees with the reference too', async () => {
  const bytes = await scanKernels()
  // Electron has it at once; Node 20 has it behind this flag.
  if (!loadKernels(bytes, 'relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxed = loadKernels(bytes, 'relaxed')
  assert.ok(relaxed, 'this runtime takes relaxed SIMD')
  agrees([4, 8, 16, 32], 30, (M) => new FlatIndex(relaxed, M))
})
