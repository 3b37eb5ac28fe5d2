// Exact order by cosine, and its scores.
import assert from 'node:assert/strict'
import test from 'node:test'
import { orderByCosine, toHalves } from '../../../model/retrieval.ts'

test('photos in order of their cosine, scores in 0..1, ties by id', () => {
  const vectors = toHalves(
    Float32Array.of(0, 2, /**/ 3, 3, /**/ 0.5, 0, /**/ -1, 0, /**/ 0, 0, /**/ 4, 4, /**/ 8, 0)
  )
  const { ids, scores } = orderByCosine(
    Float32Array.of(2, 0),
    Uint32Array.of(5, 9, 4, 3, 2, 8, 1),
    vectors,
    10
  )
  assert.deepEqual([...ids], [1, 4, 8, 9, 2, 5, 3]) // 5 and 2 have cosine 0, 3 has -1
  const half = Math.fround(Math.SQRT1_2)
  assert.deepEqual([...scores], [1, 1, half, half, 0, 0, 0])
})

test('only the best are kept, and no photos give none', () => {
  const vectors = toHalves(Float32Array.of(1, 0, 0, 1))
  const found = orderByCosine(Float32Array.of(0, 1), Uint32Array.of(1, 2), vectors, 1)
  assert.deepEqual([...found.ids], [2])
  assert.equal(
    orderByCosine(Float32Array.of(0, 1), new Uint32Array(0), new Uint16Array(0), 5).ids.length,
    0
  )
})

test('a query of zeros scores 0 everywhere', () => {
  const { ids, scores } = orderByCosine(
    new Float32Array(2),
    Uint32Array.of(2, 1),
    toHalves(Float32Array.of(1, 0, 0, 1)),
    5
  )
  assert.deepEqual(
    [[...ids], [...scores]],
    [
      [1, 2],
      [0, 0]
    ]
  )
})

test('vectors that do not fit the photos are refused', () => {
  assert.throws(
    () => orderByCosine(new Float32Array(2), Uint32Array.of(1), new Uint16Array(3), 1),
    RangeError
  )
})
