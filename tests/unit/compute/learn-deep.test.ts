// How long a run of deep training is, and which photos take the place of unreadable ones.
import assert from 'node:assert/strict'
import test from 'node:test'
import { heldOutRows, standInsOf, stepsFor } from '../../../main/compute/learn-deep.ts'
import { holdOut } from '../../../model/learning.ts'

test('no photo that is held out takes the place of another', () => {
  const held = Uint32Array.of(3, 4, 11, 0)
  assert.deepEqual(standInsOf(2, 12, held), [2, 5, 6, 7, 8, 9, 10, 1])
  assert.deepEqual(standInsOf(10, 12, held), [10, 1, 2, 5, 6, 7, 8, 9])
  assert.equal(standInsOf(5, 100, held).length, 9, 'the photo and eight others')
})

test('the steps follow from the sample, and see each photo so many times', () => {
  assert.equal(stepsFor(10_000, 1, 16, 3), Math.floor((9000 * 3) / 16))
  assert.equal(stepsFor(10_000, 2, 32, 1), Math.floor(9000 / 32))
  assert.equal(stepsFor(2, 1, 256, 3), 1)
})

test('photos held out are the same ones, whichever of the sample are there', () => {
  const sampled = 600
  const all = Uint32Array.from({ length: sampled }, (_, place) => place)
  const held = heldOutRows(all, sampled, 1)
  assert.deepEqual(held, holdOut(sampled, 1))
  const some = all.filter((place) => place % 7 !== 0)
  const places = [...heldOutRows(some, sampled, 1)].map((row) => some[row]!)
  assert.deepEqual(places, [...held].filter((place) => place % 7 !== 0))
  assert.ok(places.length > 50 && places.length < held.length)
})
