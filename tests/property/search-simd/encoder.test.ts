// The SIMD encoder gives the codes of the reference, to the bit: ties, infinities and NaN included.
import test from 'node:test'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { encodeDescriptors } from '../../../model/quant/codes.ts'
import { createEncoder } from '../../../model/search/simd/encoder.ts'
import { plainKernels, seededRandom } from '../../unit/search-simd/support.ts'

const KINDS = {
  smooth: (random: () => number) => random() - 0.5,
  ties: (random: () => number) => Math.floor(random() * 3),
  far: (random: () => number) => 1e4 + random(),
  overflowing: (random: () => number) => (random() - 0.5) * 1e30,
  broken: (random: () => number) => [NaN, Infinity, -Infinity, 0, 1][Math.floor(random() * 5)]!
}

const task = fc.record({
  M: fc.constantFrom(2, 4, 8, 16, 32),
  L: fc.integer({ min: 1, max: 20 }),
  n: fc.oneof(fc.nat(40), fc.constantFrom(1023, 1024, 1025, 2100)),
  books: fc.constantFrom(...Object.values(KINDS)),
  rows: fc.constantFrom(...Object.values(KINDS)),
  seed: fc.nat()
})

test('codes are those of the reference', async () => {
  const kernels = await plainKernels()
  const property = fc.property(task, ({ M, L, n, books, rows, seed }) => {
    const random = seededRandom(seed)
    const values = Float32Array.from({ length: M * 16 * L }, () => books(random))
    const descriptors = Float32Array.from({ length: n * M * L }, () => rows(random))
    const codebooks = { M, L, values }
    assert.deepEqual(
      createEncoder(kernels, codebooks)(descriptors),
      encodeDescriptors(descriptors, codebooks)
    )
  })
  fc.assert(property, { numRuns: 60 })
})

test('what is no whole number of rows is refused', async () => {
  const kernels = await plainKernels()
  const codebooks = { M: 4, L: 2, values: new Float32Array(128) }
  const encode = createEncoder(kernels, codebooks)
  assert.throws(() => encode(new Float32Array(9)), /descriptors: expected a multiple of 8, got 9/)
  const short = { ...codebooks, values: new Float32Array(127) }
  assert.throws(() => createEncoder(kernels, short), /codebooks: expected 128 numbers, got 127/)
})
