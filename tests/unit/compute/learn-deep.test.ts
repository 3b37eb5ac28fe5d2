// How long a run of deep training is, and which photos take the place of unreadable ones.
import assert from 'node:assert/strict'
import test from 'node:test'
import { standInsOf, stepsFor, witnessRows } from '../../../main/compute/learn-deep.ts'

test('no photo that is held out takes the place of another', () => {
  const held = Uint32Array.of(3, 4, 11, 0)
  assert.deepEqual(standInsOf(2, 12, held), [2, 5, 6, 7, 8, 9, 10, 1])
  assert.deepEqual(standInsOf(10, 12, held), [10, 1, 2, 5, 6, 7, 8, 9])
  assert.equal(standInsOf(5, 100, held).length, 9, 'the photo and eight others')
})

test('the steps see each photo that is trained on so many times', () => {
  assert.equal(stepsFor(9000, 16, 3), Math.floor((9000 * 3) / 16))
  assert.equal(stepsFor(9000, 32, 1), Math.floor(9000 / 32))
  assert.equal(stepsFor(1, 256, 3), 1)
})

test('the rows of the witnesses', () => {
  assert.deepEqual(witnessRows(Uint8Array.of(0, 1, 0, 0, 1)), Uint32Array.of(1, 4))
  assert.equal(witnessRows(new Uint8Array(3)).length, 0)
})
