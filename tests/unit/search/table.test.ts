// Distance tables against their definition.
import assert from 'node:assert/strict'
import test from 'node:test'
import { distanceTable } from '../../../model/retrieval.ts'
import { noiseNumbers } from '../../support/noise.ts'

const books = { M: 2, L: 3, values: noiseNumbers(2 * 16 * 3, 1) }
const descriptor = noiseNumbers(6, 2)

test('entries are the squared distances of a part to each codeword; plain ones their roots', () => {
  const squared = distanceTable(descriptor, books)
  const plain = distanceTable(descriptor, books, 'plain')
  assert.equal(squared.length, 32)
  for (let m = 0; m < 2; m++)
    for (let k = 0; k < 16; k++) {
      let expected = 0
      for (let l = 0; l < 3; l++)
        expected += (descriptor[m * 3 + l]! - books.values[(m * 16 + k) * 3 + l]!) ** 2
      assert.equal(squared[m * 16 + k], Math.fround(expected))
      assert.equal(plain[m * 16 + k], Math.fround(Math.sqrt(expected)))
    }
})

test('a descriptor of another length is refused', () => {
  assert.throws(() => distanceTable(descriptor.subarray(1), books), RangeError)
})
