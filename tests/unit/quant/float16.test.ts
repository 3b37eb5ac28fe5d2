// Half-precision bit patterns to numbers and back.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Float16Array } from '@petamoriken/float16'
import { fromHalves, toHalves } from '../../../model/quant/float16.ts'

test('every finite half goes to a number and back', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00
  )
  assert.deepEqual(toHalves(fromHalves(halves)), halves)
})

test('every half has the value that the library reads', () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern)
  const expected = new Float32Array(new Float16Array(bits.buffer))
  const given = fromHalves(bits)
  const differing = bits.filter((half) => !Object.is(given[half], expected[half]))
  assert.deepEqual(differing, new Uint16Array())
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

test('what the library makes of halves, their middles, their neighbours and any bits', () => {
  const all = fromHalves(Uint16Array.from({ length: 65536 }, (_, bits) => bits))
  const values: number[] = [NaN, Infinity, -Infinity, 65519.99, 65520, 65536, 1e38, 1e-40]
  const bits = new Uint32Array(1)
  const number = new Float32Array(bits.buffer)
  for (const [place, half] of all.entries()) {
    const next = all[place + 1] ?? half
    for (const value of [half, (half + next) / 2]) {
      number[0] = value
      const at = bits[0]!
      for (const near of [at - 1, at, at + 1]) {
        bits[0] = near
        values.push(number[0]!)
      }
    }
  }
  for (let word = 12345, i = 0; i < 200_000; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    bits[0] = word
    values.push(number[0]!)
  }
  const numbers = Float32Array.from(values)
  const expected = new Uint16Array(new Float16Array(numbers).buffer)
  const given = toHalves(numbers)
  const differing = values.filter((value, i) => !Number.isNaN(value) && given[i] !== expected[i])
  assert.deepEqual(differing, [])
  values.forEach((value, i) => {
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromHalves(given.subarray(i, i + 1))[0]))
  })
})

test('numbers in the middle of a buffer', () => {
  const numbers = Float32Array.of(9, 1, -2).subarray(1)
  assert.deepEqual([...toHalves(numbers)], [0x3c00, 0xc000])
})
