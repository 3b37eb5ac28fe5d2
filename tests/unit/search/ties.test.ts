// The list that is put in exact order: nothing that ties with its last place is left out.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { MOST_TIED, searchWithTies } from '../../../model/search/ties.ts'

/** Two codebooks: a code is its low half, the number of its first codeword. */
const TABLE = Float32Array.from({ length: 32 }, (_, at) => (at < 16 ? at : 0))

/** An index whose photo i has the distance of place i. */
function indexOf(distances: readonly number[]) {
  const index = createReferenceIndex(2)
  index.append(Uint32Array.from(distances.keys()), Uint8Array.from(distances))
  return index
}

function found(distances: readonly number[], k: number): number[] {
  return [...searchWithTies(indexOf(distances), TABLE, k).ids]
}

test('all that tie with the last are taken, the newest too', () => {
  assert.deepEqual(found([3, 1, 2, 2, 5, 2, 2], 2), [1, 2, 3, 5, 6])
  assert.deepEqual(found([2, 2, 2, 2, 2, 2, 2, 1], 1), [7])
  assert.deepEqual(found([2, 2, 2, 2, 2], 1), [0, 1, 2, 3, 4])
})

test('without ties, with few photos or none it is the search itself', () => {
  assert.deepEqual(found([4, 3, 2, 1], 2), [3, 2])
  assert.deepEqual(found([4, 3], 2), [1, 0])
  assert.deepEqual(found([4, 3], 9), [1, 0])
  assert.deepEqual(found([], 3), [])
  assert.deepEqual(found([1, 1], 0), [])
})

test('ties are cut where there are too many', () => {
  const equal = new Array<number>(MOST_TIED + 500).fill(1)
  assert.equal(found(equal, 200).length, MOST_TIED)
  assert.equal(found(equal, MOST_TIED + 100).length, MOST_TIED + 100)
  const one = found([...equal.map(() => 2), 1], 1)
  assert.deepEqual(one, [equal.length], 'only the last place counts')
})

test('within a filter only what is allowed ties', () => {
  const filter = Uint8Array.of(0b10100110)
  const index = indexOf([1, 1, 1, 1, 1, 1, 1, 1])
  assert.deepEqual([...searchWithTies(index, TABLE, 2, { filter }).ids], [1, 2, 5, 7])
})
