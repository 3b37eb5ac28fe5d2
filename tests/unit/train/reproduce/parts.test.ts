// The parts of a benchmark run: which pictures, in which order, by which rates; and the measure
// against one that ranks by whole distances.
import assert from 'node:assert/strict'
import test from 'node:test'
import { randomAt, shuffled } from '../../../../model/train/reproduce/draws.ts'
import { averagePrecisions, meanOver } from '../../../../model/train/reproduce/evaluation.ts'
import { PICTURE, balancedRows, picturesAt } from '../../../../model/train/reproduce/labelled-pictures.ts'
import { RECIPES, scheduleOf } from '../../../../model/train/reproduce/recipe.ts'
import { rateAt } from '../../../../model/train/schedule.ts'
import { noiseNumbers } from '../../../support/noise.ts'

test('a generator depends on seed, purpose and place, and on nothing else', () => {
  const first = (...[seed, purpose, ...place]: Parameters<typeof randomAt>): number =>
    randomAt(seed, purpose, ...place)()
  assert.equal(first(1, 'order', 3), first(1, 'order', 3))
  const others = [
    first(1, 'order', 3),
    first(2, 'order', 3),
    first(1, 'views', 3),
    first(1, 'order', 4),
    first(1, 'order', 3, 0),
    first(1, 'order', 3, 1),
    first(1, 'order', 0, 3)
  ]
  assert.equal(new Set(others).size, others.length)
})

test('an order is a permutation, each epoch another', () => {
  const orders = [0, 1].map((epoch) => shuffled(100, randomAt(5, 'order', epoch)))
  for (const order of orders)
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i)
    )
  assert.notDeepEqual(orders[0], orders[1])
})

test('a part is balanced as far as the classes go, and by the seed', () => {
  const labels = Uint16Array.from({ length: 60 }, (_, i) => (i < 4 ? 0 : 1 + (i % 2)))
  const part = balancedRows(labels, 20, 1)
  assert.equal(new Set(part).size, 20)
  const counts = [0, 1, 2].map((label) => part.filter((row) => labels[row] === label).length)
  assert.deepEqual(counts, [4, 8, 8], 'class 0 has no more than four')
  assert.deepEqual(balancedRows(labels, 20, 1), part)
  assert.notDeepEqual(balancedRows(labels, 20, 2), part)
  assert.equal(new Set(balancedRows(labels, 60, 1)).size, 60)
  assert.throws(() => balancedRows(labels, 61, 1), RangeError)
})

test('pictures are taken with their labels', () => {
  const pixels = Uint8Array.from({ length: 3 * PICTURE }, (_, i) => Math.floor(i / PICTURE))
  const some = picturesAt({ pixels, labels: Uint16Array.of(7, 8, 9) }, [2, 0])
  assert.deepEqual([...some.labels], [9, 7])
  assert.deepEqual([some.pixels[0], some.pixels[PICTURE], some.pixels.length], [2, 0, 2 * PICTURE])
})

test('one warm-up and one cosine over the whole run, as each paper has them', () => {
  const steps = 195
  const rates = (method: 'spq' | 'sscq', epochs: number, ...at: number[]): number[] =>
    at.map((epoch) => rateAt(epoch * steps, scheduleOf(RECIPES[method], epochs, steps)))
  const [start = 0, top = 0, middle = 0, end = 1] = rates('sscq', 800, 0, 10, 405, 800)
  assert.deepEqual([start, top], [1e-5, 5e-4])
  assert.ok(Math.abs(middle - (5e-4 + 5e-5) / 2) < 1e-6)
  assert.ok(Math.abs(end - 5e-5) < 1e-6)
  const [warm = 0, last = 1] = rates('spq', 10, 1, 10)
  assert.equal(warm, 3e-4, 'a short run warms up for a tenth of its epochs')
  assert.ok(last < 1e-8)
})

test('codes are ranked by sums of distances, or of squares, down to the thousandth', async () => {
  const [M, L, n, m] = [2, 4, 1500, 40]
  const values = noiseNumbers(M * 16 * L, 1)
  const codebooks = { M, L, values }
  const labelled = (count: number, seed: number) => ({
    descriptors: noiseNumbers(count * M * L, seed),
    labels: Uint16Array.from({ length: count }, (_, i) => (i * 7) % 3)
  })
  const [gallery, queries] = [labelled(n, 2), labelled(m, 3)]
  const square = (a: Float32Array, i: number, b: Float32Array, j: number): number => {
    let sum = 0
    for (let l = 0; l < L; l++) sum += (a[i + l]! - b[j + l]!) ** 2
    return sum
  }
  const nearest = (row: number, book: number): number => {
    const at = Array.from({ length: 16 }, (_, k) => (book * 16 + k) * L)
    const from = (row * M + book) * L
    const distances = at.map((j) => square(gallery.descriptors, from, values, j))
    return at[distances.indexOf(Math.min(...distances))]!
  }
  const codes = Array.from({ length: n }, (_, row) => [nearest(row, 0), nearest(row, 1)])
  for (const ranking of ['plain', 'squared'] as const) {
    let turns = 0
    const found = await averagePrecisions(gallery, queries, codebooks, ranking, async () => {
      turns++
    })
    assert.ok(turns <= m)
    for (let query = 0; query < m; query++) {
      const sums = codes.map((code, row) => ({
        row,
        sum: code.reduce((sum, at, book) => {
          const one = square(queries.descriptors, (query * M + book) * L, values, at)
          return sum + (ranking === 'plain' ? Math.sqrt(one) : one)
        }, 0)
      }))
      sums.sort((a, b) => a.sum - b.sum || a.row - b.row)
      let [hits, precision] = [0, 0]
      sums.slice(0, 1000).forEach(({ row }, place) => {
        if (gallery.labels[row] === queries.labels[query]) precision += ++hits / (place + 1)
      })
      assert.ok(Math.abs(found[query]! - precision / hits) < 1e-3, `${ranking} query ${query}`)
    }
  }
})

test('a mean is over the rows given', () => {
  assert.equal(meanOver(Float64Array.of(1, 0, 0.5), [0, 2]), 0.75)
  assert.equal(meanOver(Float64Array.of(1), []), 0)
})
