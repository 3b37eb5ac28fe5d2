// Half-precision bit patterns to numbers and back.
import assert from 'node:assert/strict'
import test from 'node:test'
import { fromHalves, toHalves } from '../../../model/quant/float16.ts'

test('every finite half goes to a number and back', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00
  )
  assert.deepEqual(toHalves(fromHalves(halves)), halves)
})

test('known values, rounding to the nearest with ties to even, overflow', () => {
  const values = Float32Array.of(1, -2, 65504, 2 ** -24, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1e6, -0)
  const expected = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x3c00, 0x3c02, 0x7c00, 0x8000]
  assert.deepEqual([...toHalves(values)], expected)
})

test('halves are read into the array that is given', () => {
  const out = new Float32Array(2)
  assert.equal(fromHalves(Uint16Array.of(0x3c00, 0x4200), out), out)
  assert.deepEqual([...out], [1, 3])
})
