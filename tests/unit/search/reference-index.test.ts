// The reference scan: ties, replacing, removing, growing, filters, refusals.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createReferenceIndex } from '../../../model/retrieval.ts'

const flat = new Float32Array(64).map((_, i) => i % 16) // every book: codeword k is k away

test('best first, ties by id whatever the order of arrival', () => {
  const index = createReferenceIndex(4)
  index.append(Uint32Array.of(9, 3, 7, 1), Uint8Array.of(0x11, 0, 0x10, 0, 0x01, 0, 0, 0))
  const { ids, distances } = index.search(flat, 3)
  assert.deepEqual([...ids], [1, 3, 7])
  assert.deepEqual([...distances], [0, 1, 1])
})

test('appending a held id replaces its code; removing frees it; unknown ones are ignored', () => {
  const index = createReferenceIndex(2)
  index.append(Uint32Array.of(1, 2, 3), Uint8Array.of(0x01, 0x02, 0x03))
  index.append(Uint32Array.of(2, 2), Uint8Array.of(0x08, 0x09))
  index.remove(Uint32Array.of(1, 99))
  assert.equal(index.size, 2)
  const { ids, distances } = index.search(flat.subarray(0, 32), 10)
  assert.deepEqual(
    [[...ids], [...distances]],
    [
      [3, 2],
      [3, 9]
    ]
  )
})

test('it grows', () => {
  const index = createReferenceIndex(4)
  const ids = Uint32Array.from({ length: 5000 }, (_, i) => i)
  index.append(
    ids,
    Uint8Array.from({ length: 10000 }, (_, i) => (i >> 1) % 251)
  )
  assert.equal(index.size, 5000)
  assert.ok(index.bytes >= 5000 * 6)
  assert.deepEqual([...index.search(flat, 2).ids], [0, 251])
})

test('an empty index, k = 0 and an empty filter find nothing', () => {
  const index = createReferenceIndex(4)
  assert.equal(index.search(flat, 5).ids.length, 0)
  index.append(Uint32Array.of(1), Uint8Array.of(0, 0))
  assert.equal(index.search(flat, 0).ids.length, 0)
  assert.equal(index.search(flat, 5, { filter: new Uint8Array(0) }).ids.length, 0)
})

test('wrong arguments are refused by name', () => {
  for (const M of [0, 3, 2.5, -2]) assert.throws(() => createReferenceIndex(M), /M: expected/)
  const index = createReferenceIndex(4)
  assert.throws(() => index.append(Uint32Array.of(1), new Uint8Array(3)), /codes: expected/)
  assert.throws(() => index.search(new Float32Array(32), 1), /table: expected/)
  assert.throws(() => index.search(new Float32Array(64).fill(Number.NaN), 1), /table: expected/)
  assert.throws(() => index.search(flat, -1), /k: expected/)
  assert.throws(() => index.search(flat, 1.5), /k: expected/)
})
