// Vectors averaged with those of their kin.
import assert from 'node:assert/strict'
import test from 'node:test'
import { averageWithKin } from '../../../model/quant/average.ts'

/** The nearest of each row, from lists of [row, similarity]. */
function nearestOf(lists: readonly (readonly (readonly [number, number])[])[]) {
  return {
    k: lists[0]?.length ?? 0,
    indices: Uint32Array.from(lists.flatMap((list) => list.map(([row]) => row))),
    similarities: Float32Array.from(lists.flatMap((list) => list.map(([, value]) => value)))
  }
}

function isNear(found: Float32Array, wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length)
  wanted.forEach((value, i) => assert.ok(Math.abs(found[i]! - value) < 1e-6, `${found} ${wanted}`))
}

test('a row is averaged with its nearest, which weigh their similarity cubed', () => {
  const rows = Float32Array.of(2, 0, 0, 3) // lengths do not count
  const nearest = nearestOf([[[1, 0.5]], [[0, 0.5]]])
  const long = Math.hypot(1, 0.125)
  isNear(averageWithKin(rows, 2, nearest), [1 / long, 0.125 / long, 0.125 / long, 1 / long])
  const four = averageWithKin(rows, 2, nearest, { length: 4 })
  isNear(four, [4 / long, 0.5 / long, 0.5 / long, 4 / long])
  assert.deepEqual([...rows], [2, 0, 0, 3], 'rows are left as they are')
})

test('the same picture once more takes no place, and what is unlike does not count', () => {
  const rows = Float32Array.of(1, 0, 1, 0, 0, 1)
  const nearest = nearestOf([
    [[1, 1], [2, 0.5]],
    [[0, 1], [2, -0.5]],
    [[0, 0], [1, 0]]
  ])
  const found = averageWithKin(rows, 2, nearest, { count: 1 })
  const long = Math.hypot(1, 0.125)
  isNear(found, [1 / long, 0.125 / long, 1, 0, 0, 1])
})

test('no more than so many count', () => {
  const rows = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
  const nearest = nearestOf([
    [[1, 1e-3], [2, 1e-3]],
    [[0, 0.9], [2, 0.8]],
    [[1, 0.5], [0, 0.4]]
  ])
  const found = averageWithKin(rows, 3, nearest, { count: 1 })
  assert.equal(found[5], 0)
  assert.equal(found[6], 0)
})

test('what is no number is refused', () => {
  assert.throws(() => averageWithKin(Float32Array.of(NaN, 1), 2, nearestOf([[]])), RangeError)
})
