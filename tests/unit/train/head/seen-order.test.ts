// The order that people see, made for many queries at once, is that of a click.
import assert from 'node:assert/strict'
import test from 'node:test'
import { toHalves } from '../../../../model/quant/float16.ts'
import { PROJECTED } from '../../../../model/quant/projection.ts'
import { seededRandom } from '../../../../model/quant/random.ts'
import { directionOf, orderKin } from '../../../../model/search/kin.ts'
import { pickRows } from '../../../../model/train/head/neighbour-graph.ts'
import { createSeenOrder } from '../../../../model/train/head/seen-order.ts'

const SIZE = 16
const N = 60

test('photos come as orderKin puts them, those equal to the mean and equal ones, too', () => {
  const random = seededRandom(7)
  const rows = (size: number): Float32Array =>
    Float32Array.from({ length: N * size }, () => random() - 0.5)
  const [first, second] = [rows(SIZE), rows(PROJECTED)]
  for (const row of [3, 4, 20]) second.fill(0, row * PROJECTED, (row + 1) * PROJECTED)
  first.copyWithin(10 * SIZE, 11 * SIZE, 12 * SIZE)
  second.copyWithin(10 * PROJECTED, 11 * PROJECTED, 12 * PROJECTED)
  const [descriptors, projected] = [toHalves(first), toHalves(second)]
  const order = createSeenOrder(descriptors, SIZE, projected)
  for (const row of [0, 3, 10, 11, 20, 42]) {
    const ids = Uint32Array.from({ length: N }, (_, id) => id).filter((id) => id !== row)
    const directionIn = (vectors: Uint16Array, size: number): Float32Array =>
      directionOf([{ vector: vectors.subarray(row * size, (row + 1) * size), weight: 1 }])
    const expected = orderKin(
      {
        ids,
        descriptors: pickRows(descriptors, SIZE, ids),
        projected: pickRows(projected, PROJECTED, ids)
      },
      {
        descriptor: directionIn(descriptors, SIZE),
        projected: directionIn(projected, PROJECTED),
        positiveWeight: 1
      },
      N - 5 // all that score 0 are one to orderKin
    )
    const above = expected.ids.filter((_, place) => expected.scores[place]! > 0)
    assert.ok(above.length > 10)
    assert.deepEqual(order(row, ids, above.length), above)
  }
})
