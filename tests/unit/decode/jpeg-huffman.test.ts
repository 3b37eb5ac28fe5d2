// Tables of Huffman codes: what the next bits mean, and that codes which other files had meanwhile
// have the same tables again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { huffmanTable, runTable } from '../../../main/decode/jpeg-huffman.ts'
import type { HuffmanCodes } from '../../../main/decode/jpeg-huffman.ts'

/** Codes of 1, 2, 3 ... bits for these symbols. */
function codesOf(...symbols: number[]): HuffmanCodes {
  const counts = Uint8Array.from({ length: 16 }, (_, i) => (i < symbols.length ? 1 : 0))
  return { counts, symbols: Uint8Array.from(symbols) }
}

test('codes are found by the next 16 bits', () => {
  const table = huffmanTable(codesOf(7, 9))
  assert.deepEqual(
    [0b0111111111111111, 0b1011111111111111, 0b1100000000000000].map((bits) => table?.[bits]),
    [(1 << 8) | 7, (2 << 8) | 9, 0]
  )
})

test('codes that cannot be have no table', () => {
  const crowded = { counts: Uint8Array.from([3]), symbols: Uint8Array.from([1, 2, 3]) }
  assert.equal(huffmanTable(crowded), undefined)
  assert.equal(runTable(crowded), undefined)
})

test('equal codes share a table, others have their own, whatever came between', () => {
  const first = huffmanTable(codesOf(1, 2, 3))
  assert.equal(huffmanTable(codesOf(1, 2, 3)), first)
  assert.notDeepEqual(huffmanTable(codesOf(1, 2, 4)), first)
  for (let symbol = 10; symbol < 60; symbol++) huffmanTable(codesOf(symbol))
  const again = huffmanTable(codesOf(1, 2, 3))
  assert.notEqual(again, first, 'no more than a few are kept')
  assert.deepEqual(again, first)
})
