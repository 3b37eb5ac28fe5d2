// Codes: their layout, ties, and the reconstruction.
import assert from 'node:assert/strict'
import test from 'node:test'
import { K, decodeCodes, encodeDescriptors } from '../../../model/quant/codes.ts'
import { noiseNumbers } from '../../support/noise.ts'

test('the even book lies in the low half of a byte', () => {
  const books = { M: 2, L: 1, values: Float32Array.from({ length: 2 * K }, (_, i) => i % K) }
  assert.deepEqual([...encodeDescriptors(Float32Array.of(3, 12, 15, 0), books)], [0xc3, 0x0f])
})

test('of equal distances the lowest codeword wins', () => {
  const values = new Float32Array(2 * K).fill(1)
  values[5] = values[9] = 2 // 1 and 2 are equally far from 1.5
  const books = { M: 2, L: 1, values }
  assert.deepEqual([...encodeDescriptors(Float32Array.of(1.5, 1), books)], [0])
  assert.deepEqual([...encodeDescriptors(Float32Array.of(2.5, 1), books)], [5])
})

test('a code stands for its codewords', () => {
  const books = { M: 4, L: 3, values: noiseNumbers(4 * K * 3, 1) }
  const reconstructed = decodeCodes(Uint8Array.of(0x2f, 0x07), books)
  const expected = [15, 2, 7, 0].flatMap((k, m) => [
    ...books.values.subarray((m * K + k) * 3, (m * K + k + 1) * 3)
  ])
  assert.deepEqual([...reconstructed], expected)
  assert.deepEqual([...encodeDescriptors(reconstructed, books)], [0x2f, 0x07])
})

test('a descriptor of another length is refused', () => {
  const books = { M: 2, L: 2, values: new Float32Array(2 * K * 2) }
  assert.throws(() => encodeDescriptors(new Float32Array(5), books), RangeError)
})
