// Photos into the input of a backbone: geometry, weights, planes, slots and refusals.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createPreprocessor } from '../../../model/image/preprocess.ts'
import { frameOf, tapOf } from '../../../model/image/resampling.ts'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

const SIZE = 32
const PLANE = SIZE * SIZE

test('the frame is centred, its long side in proportion', () => {
  const rule = exampleCard().input.resize
  assert.deepEqual(frameOf(rule, SIZE, 72, 36), { width: 72, height: 36, left: 20, top: 2 })
  assert.deepEqual(frameOf(rule, SIZE, 1, 5000), { width: 36, height: 180000, left: 2, top: 89984 })
  assert.throws(() => frameOf(rule, SIZE, 0, 10), RangeError)
  assert.throws(() => frameOf(rule, SIZE, 10, 1.5), RangeError)
})

test('the weights of every output pixel add up to one', () => {
  for (const filter of ['bilinear', 'bicubic', 'lanczos'] as const)
    for (const [from, to] of [
      [256, 224],
      [10, 224],
      [1, 36],
      [999, 36]
    ] as const)
      for (const index of [0, 1, to >> 1, to - 1]) {
        const { first, weights } = tapOf(filter, from, to, index)
        const sum = weights.reduce((total, weight) => total + weight, 0)
        assert.ok(Math.abs(sum / (1 << 22) - 1) < 1e-5, `${filter} ${from} ${to} ${index}: ${sum}`)
        assert.ok(first >= 0 && first + weights.length <= from)
      }
})

test('a plain photo becomes (byte - mean) / scale, plane by plane, in its slot only', () => {
  const card = exampleCard({ mean: [10, 20, 30], scale: [2, 4, 8] })
  const rgb = new Uint8Array(50 * 40 * 3).map((_, i) => [100, 150, 200][i % 3]!)
  const batch = new Float32Array(3 * 3 * PLANE).fill(7)
  createPreprocessor(card)({ rgb, width: 50, height: 40 }, batch, 1)
  const expected = [45, 32.5, 21.25]
  batch.forEach((value, i) => {
    const plane = Math.floor(i / PLANE)
    assert.equal(value, plane < 3 || plane > 5 ? 7 : expected[plane - 3])
  })
})

test('BGR swaps the planes, with mean and scale in the order of the planes', () => {
  const swapped = exampleCard({ channels: 'BGR', mean: [1, 2, 3], scale: [1, 2, 4] })
  const photo = { rgb: Uint8Array.of(10, 20, 30), width: 1, height: 1 }
  const batch = new Float32Array(3 * PLANE)
  createPreprocessor(swapped)(photo, batch, 0)
  assert.deepEqual([batch[0], batch[PLANE], batch[2 * PLANE]], [29, 9, 1.75])
})

test('wrong lengths and slots are refused by name', () => {
  const preprocess = createPreprocessor(exampleCard())
  const photo = noisePhoto(40, 40)
  const batch = new Float32Array(2 * 3 * PLANE)
  assert.throws(() => preprocess({ ...photo, width: 41 }, batch, 0), /rgb: expected/)
  for (const slot of [-1, 2, 0.5])
    assert.throws(() => preprocess(photo, batch, slot), /slot: expected/)
})

test('tables that were dropped for others are built again, equal', () => {
  const preprocess = createPreprocessor(exampleCard())
  const [first, second] = [new Float32Array(3 * PLANE), new Float32Array(3 * PLANE)]
  preprocess(noisePhoto(40, 50), first, 0)
  for (let side = 41; side < 350; side++) preprocess(noisePhoto(40, side), second, 0)
  preprocess(noisePhoto(40, 50), second, 0)
  assert.deepEqual(second, first)
})
