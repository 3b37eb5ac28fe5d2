// A table of several parts gives every code the weighted sum of its distances to the parts.
import test from 'node:test'
import assert from 'node:assert/strict'
import { decodeCodes, type Codebooks } from '../../../model/quant/codes.ts'
import { normal } from '../../../model/quant/random.ts'
import { combineTables, likeAndUnlike } from '../../../model/search/combine.ts'
import { createReferenceIndex } from '../../../model/search/reference-index.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { codesOf, idsOf, seededRandom } from './support.ts'

const M = 8
const L = 4
const random = seededRandom(5)
const numbers = (length: number): Float32Array =>
  Float32Array.from({ length }, () => normal(random))
const codebooks: Codebooks = { M, L, values: numbers(M * 16 * L) }
const queries = [numbers(M * L), numbers(M * L), numbers(M * L)]
const tables = queries.map((query) => distanceTable(query, codebooks))
const n = 400
const codes = codesOf(n, M, random)
const ids = idsOf(n, false, random)
const decoded = decodeCodes(codes, codebooks)

function squared(query: Float32Array, code: number): number {
  return query.reduce((sum, value, i) => sum + (value - decoded[code * M * L + i]!) ** 2, 0)
}

/** Distances of all codes, by id, through a scan with the table. */
function scanned(table: Float32Array): Map<number, number> {
  const index = createReferenceIndex(M)
  index.append(ids, codes)
  const { ids: found, distances } = index.search(table, n)
  return new Map([...found].map((id, i) => [id, distances[i]!]))
}

test('weights and negatives give the weighted sum of squared distances', () => {
  const weights = [1, 0.5, -0.75]
  const table = combineTables(tables.map((each, i) => ({ table: each, weight: weights[i]! })))
  const found = scanned(table)
  ids.forEach((id, code) => {
    const expected = queries.reduce((sum, query, i) => sum + weights[i]! * squared(query, code), 0)
    assert.ok(Math.abs(found.get(id)! - expected) < 1e-3, `${found.get(id)} for ${expected}`)
  })
})

test('two photos order as the point between them', () => {
  const both = combineTables(tables.slice(0, 2).map((table) => ({ table, weight: 0.5 })))
  const between = queries[0]!.map((value, i) => (value + queries[1]![i]!) / 2)
  const direct = scanned(distanceTable(between, codebooks))
  const found = [...scanned(both).keys()]
  for (let i = 1; i < found.length; i++)
    assert.ok(direct.get(found[i - 1]!)! <= direct.get(found[i]!)! + 1e-4)
})

test('one part of weight 1 is that part', () => {
  assert.deepEqual(combineTables([{ table: tables[0]!, weight: 1 }]), tables[0])
})

test('an unlike photo pushes its own kin away', () => {
  const plain = scanned(likeAndUnlike([tables[0]!], []))
  const pushed = scanned(likeAndUnlike([tables[0]!], [tables[1]!]))
  ids.forEach((id, code) => {
    const expected = plain.get(id)! - 0.3 * squared(queries[1]!, code)
    assert.ok(Math.abs(pushed.get(id)! - expected) < 1e-3)
  })
})

test('what cannot be combined is refused by name', () => {
  const table = tables[0]!
  assert.throws(() => combineTables([]), /parts: expected one or more/)
  assert.throws(() => combineTables([{ table, weight: NaN }]), /weight: expected a finite/)
  const short = table.subarray(1)
  assert.throws(
    () => combineTables([{ table, weight: 1 }, { table: short, weight: 1 }]),
    /table: expected 128 numbers/
  )
  assert.throws(() => combineTables([{ table, weight: 1e39 }]), /expected finite entries/)
  assert.throws(() => likeAndUnlike([], [table]), /liked: expected one or more/)
  assert.throws(() => likeAndUnlike([table], [table], 1), /aversion: expected/)
})
