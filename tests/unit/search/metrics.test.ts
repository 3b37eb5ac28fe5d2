// Mean average precision by hand-counted examples.
import assert from 'node:assert/strict'
import test from 'node:test'
import { averagePrecision, leaveOneOut } from '../../../model/retrieval.ts'

test('average precision: the mean of the precisions at relevant places inside the top', () => {
  const relevant = (row: number): boolean => row < 10
  assert.equal(averagePrecision([1, 2, 3], relevant, 3), 1)
  assert.equal(averagePrecision([20, 1, 21, 2], relevant, 4), (1 / 2 + 2 / 4) / 2)
  assert.equal(averagePrecision([20, 1, 21, 2], relevant, 3), 1 / 2) // normalised inside the top
  assert.equal(averagePrecision([20, 21, 1], relevant, 2), 0)
  assert.equal(averagePrecision([], relevant, 5), 0)
})

test('leave-one-out: the query is left out, wherever it stands; none found counts 0', async () => {
  const labels = ['a', 'a', 'b', 'c']
  const order = (row: number, count: number): number[] => {
    assert.equal(count, 3)
    return (
      [
        [0, 1, 2],
        [2, 1, 0],
        [0, 2, 1],
        [0, 1, 3]
      ][row] ?? []
    )
  }
  assert.equal(await leaveOneOut(labels, 2, order), (1 + 1 / 2 + 0 + 0) / 4)
})

test('the top counts photos other than the query', async () => {
  const far = await leaveOneOut(
    ['a', 'b', 'a'],
    1,
    (row) =>
      [
        [1, 2, 0],
        [0, 2, 1],
        [2, 0, 1]
      ][row] ?? []
  )
  assert.equal(far, 1 / 3)
})

test('no photos: 0', async () => {
  assert.equal(await leaveOneOut([], 5, () => []), 0)
})
