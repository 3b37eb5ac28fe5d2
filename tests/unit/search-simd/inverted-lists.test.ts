// Inverted lists: how much they find, and what changes after they were made.
import test from 'node:test'
import assert from 'node:assert/strict'
import { decodeCodes } from '../../../model/quant/codes.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { InvertedIndex } from '../../../model/search/simd/inverted-index.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { clustered, codesOf, counted, plainKernels, seededRandom, tableOf } from './support.ts'

test('an eighth of the lists finds nearly all of the nearest', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(2)
  const { codebooks, codes, drawn } = clustered(20_000, 8, 4, random)
  const inverted = new InvertedIndex(kernels, codebooks, { from: 20_000, lists: 64, probes: 8 })
  const reference = createReferenceIndex(8)
  for (const index of [inverted, reference]) index.append(counted(20_000), codes)
  await inverted.settled()
  assert.ok(inverted.isInverted)
  let found = 0
  for (let query = 0; query < 20; query++) {
    const table = distanceTable(drawn(), codebooks)
    const exact = new Set(reference.search(table, 50).ids)
    found += inverted.search(table, 50).ids.filter((id) => exact.has(id)).length
  }
  // Measured 0.98.
  assert.ok(found / 1000 > 0.95, `${found / 1000}`)
})

test('a code that is replaced moves to its new list', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(3)
  const { codebooks, codes } = clustered(5000, 8, 4, random)
  const inverted = new InvertedIndex(kernels, codebooks, { from: 5000, lists: 32, probes: 6 })
  inverted.append(counted(5000), codes)
  await inverted.settled()
  for (let id = 0; id < 5000; id += 500) {
    const other = (id + 1234) % 5000
    const code = codes.slice(other * 4, other * 4 + 4)
    inverted.append(Uint32Array.of(id), code)
    const table = distanceTable(decodeCodes(code, codebooks), codebooks)
    const { ids, distances } = inverted.search(table, 30)
    assert.ok(
      [...ids].some((each, i) => each === id && distances[i] === distances[0]),
      `${id}`
    )
  }
  assert.equal(inverted.size, 5000)
})

test('of an id that is named twice the last code decides, and its list', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(7)
  const { codebooks, codes } = clustered(5000, 8, 4, random)
  const inverted = new InvertedIndex(kernels, codebooks, { from: 5000, lists: 32, probes: 6 })
  const reference = createReferenceIndex(8)
  for (const index of [inverted, reference]) index.append(counted(5000), codes)
  await inverted.settled()
  const codeOf = (id: number): Uint8Array => codes.slice(id * 4, id * 4 + 4)
  // New ids and held ones, of which each is named three times, with codes of other clusters.
  for (let id = 4900; id < 5100; id += 10) {
    const shown = [0, 1, 2].map((i) => codeOf((id * 7 + i * 1234) % 5000))
    const named = Uint8Array.from(shown.flatMap((code) => [...code]))
    for (const index of [inverted, reference]) index.append(Uint32Array.of(id, id, id), named)
    const table = distanceTable(decodeCodes(shown[2]!, codebooks), codebooks)
    const { ids, distances } = inverted.search(table, 30)
    assert.ok(
      [...ids].some((each, i) => each === id && distances[i] === distances[0]),
      `${id} is in the list of its last code`
    )
  }
  assert.equal(inverted.size, reference.size)
  const filter = new Uint8Array(700).fill(255)
  const table = tableOf('smooth', 8, random)
  const both = [inverted, reference]
  const [found, expected] = both.map((index) => index.search(table, 6000, { filter }))
  assert.deepEqual(found, expected)
})

test('lists for which there is no room stay as they were', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(8)
  const { codebooks, codes } = clustered(5000, 8, 4, random)
  // Two segments of M = 8, of 540,672 bytes each, and the scratch fit below 4 GiB here.
  const origin = 2 ** 32 - 2 * 540_672 - 2 ** 19
  const options = { from: 5000, lists: 32, probes: 32 }
  const inverted = new InvertedIndex(kernels, codebooks, options, origin)
  const reference = createReferenceIndex(8)
  for (const index of [inverted, reference]) index.append(counted(5000), codes)
  await inverted.settled()
  assert.ok(inverted.isInverted)
  const agree = (): void => {
    const table = tableOf('smooth', 8, random)
    assert.equal(inverted.size, reference.size)
    assert.deepEqual(inverted.search(table, 100), reference.search(table, 100))
  }
  // Half of them are held: their codes must not be gone.
  const many = counted(140_000, 2500)
  const more = codesOf(many.length, 8, random)
  assert.throws(() => inverted.append(many, more), /expected at most 4 GiB/)
  agree()
  for (const index of [inverted, reference]) {
    index.append(counted(3000, 4000), more.slice(0, 12_000))
    index.remove(counted(1000))
  }
  agree()
})

test('within a filter all lists count, and the answer is exact', async () => {
  const kernels = await plainKernels()
  const random = seededRandom(4)
  const { codebooks, codes, drawn } = clustered(20_000, 8, 4, random)
  const inverted = new InvertedIndex(kernels, codebooks, { from: 20_000, lists: 64, probes: 1 })
  const reference = createReferenceIndex(8)
  for (const index of [inverted, reference]) index.append(counted(20_000), codes)
  await inverted.settled()
  const filter = new Uint8Array(2500).fill(255, 0, 1250) // 10,000 ids
  for (const k of [10, 100, 9000]) {
    const table = distanceTable(drawn(), codebooks)
    assert.deepEqual(inverted.search(table, k, { filter }), reference.search(table, k, { filter }))
  }
})
