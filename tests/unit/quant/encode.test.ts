// Encoding: each stage from what the stage before stores, one photo as many, both heads.
import assert from 'node:assert/strict'
import test from 'node:test'
import { describe } from '../../../model/quant/encode.ts'
import { encode, encodeProjected, fromHalves, multiplyReference } from '../../../model/retrieval.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { clusteredFeatures, fitted, residualHead } from '../../support/quantizers.ts'

const features = clusteredFeatures(300, 40, 10)

test('descriptors and codes can be made again from the stored projected features', async () => {
  const quantizer = await fitted(300, 40)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const again = await encodeProjected(quantizer, projected, multiplyReference)
  assert.deepEqual(again, { descriptors, codes })
})

test('a photo alone is encoded as among others, from f16 and from numbers alike', async () => {
  const quantizer = await fitted(300, 40)
  const all = await encode(quantizer, features, multiplyReference)
  const one = features.slice(7 * 40, 8 * 40)
  for (const row of [one, fromHalves(one)]) {
    const { projected, codes } = await encode(quantizer, row, multiplyReference)
    assert.deepEqual(projected, all.projected.slice(7 * 256, 8 * 256))
    assert.deepEqual(codes, all.codes.slice(14, 16))
  }
})

test('the length of a feature does not matter', async () => {
  const quantizer = await fitted(300, 40)
  const row = fromHalves(features.slice(0, 40))
  const twice = row.map((value) => value * 2)
  assert.deepEqual(
    await encode(quantizer, twice, multiplyReference),
    await encode(quantizer, row, multiplyReference)
  )
})

test('no photos give no rows', async () => {
  const quantizer = await fitted(300, 40)
  const { projected, descriptors, codes } = await encode(
    quantizer,
    new Uint16Array(0),
    multiplyReference
  )
  assert.deepEqual([projected.length, descriptors.length, codes.length], [0, 0, 0])
})

test('a residual head is its formula', async () => {
  const [M, L, H] = [2, 3, 5]
  const head = residualHead(H, M * L)
  const p = noiseNumbers(256, 20)
  const x = await describe(head, p, M, L, multiplyReference)
  assert.ok(head.kind === 'residual')
  const hidden = Array.from({ length: H }, (_, h) =>
    Math.max(
      0,
      p.reduce((sum, value, i) => sum + value * head.hiddenWeight[i * H + h]!, head.hiddenBias[h]!)
    )
  )
  const expected = Array.from({ length: M * L }, (_, j) => {
    const linear = p.reduce(
      (sum, value, i) => sum + value * head.weight[i * M * L + j]!,
      head.bias[j]!
    )
    return hidden.reduce((sum, value, h) => sum + value * head.outputWeight[h * M * L + j]!, linear)
  })
  const length = Math.hypot(...expected) / Math.sqrt(M)
  x.forEach((value, j) => assert.ok(Math.abs(value - expected[j]! / length) < 1e-5))
})

test('features of another size, or not finite, are refused', async () => {
  const quantizer = await fitted(300, 40)
  await assert.rejects(encode(quantizer, new Uint16Array(41), multiplyReference), RangeError)
  const infinite = features.slice(0, 40).fill(0x7c00)
  await assert.rejects(encode(quantizer, infinite, multiplyReference), RangeError)
})
