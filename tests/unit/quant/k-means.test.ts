// k-means: quality, seeds, and the cases where points are few or equal.
import assert from 'node:assert/strict'
import test from 'node:test'
import { kMeans } from '../../../model/quant/k-means.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { noiseNumbers } from '../../support/noise.ts'

/** Sum of squared distances of points to their nearest centres. */
function errorOf(points: Float32Array, centres: Float32Array, size: number): number {
  let sum = 0
  for (let i = 0; i < points.length; i += size) {
    let least = Infinity
    for (let c = 0; c < centres.length; c += size) {
      let distance = 0
      for (let j = 0; j < size; j++) distance += (points[i + j]! - centres[c + j]!) ** 2
      least = Math.min(least, distance)
    }
    sum += least
  }
  return sum
}

test('clusters that lie far apart are found, each by one centre', () => {
  const noise = noiseNumbers(16 * 20 * 2, 3)
  const points = noise.map((value, i) => {
    const cluster = Math.floor(i / 2) % 16
    return value * 0.1 + (i % 2 === 0 ? cluster % 4 : Math.floor(cluster / 4)) * 10
  })
  const centres = kMeans(points, 2, 16, seededRandom(1))
  const cells = new Set(
    Array.from(
      { length: 16 },
      (_, c) => `${Math.round(centres[c * 2]! / 10)} ${Math.round(centres[c * 2 + 1]! / 10)}`
    )
  )
  assert.equal(cells.size, 16)
})

test('the same seed gives the same centres, another seed others', () => {
  const points = noiseNumbers(500 * 3, 4)
  const centres = kMeans(points, 3, 16, seededRandom(1))
  assert.deepEqual(kMeans(points, 3, 16, seededRandom(1)), centres)
  assert.notDeepEqual(kMeans(points, 3, 16, seededRandom(2)), centres)
})

test('centres are better than as many points', () => {
  const points = noiseNumbers(500 * 3, 4)
  const centres = kMeans(points, 3, 16, seededRandom(1))
  assert.ok(errorOf(points, centres, 3) < 0.7 * errorOf(points, points.subarray(0, 48), 3))
})

test('fewer points than centres: every point is a centre', () => {
  const points = noiseNumbers(5 * 8, 5)
  const centres = kMeans(points, 8, 16, seededRandom(1))
  assert.equal(centres.length, 16 * 8)
  assert.ok(errorOf(points, centres, 8) < 1e-12)
})

test('equal points: finite centres on them', () => {
  const centres = kMeans(new Float32Array(100 * 2).fill(3), 2, 16, seededRandom(1))
  assert.ok(centres.every((value) => value === 3))
})

test('few distinct points, each many times: no error is left and no centre is lost', () => {
  const distinct = noiseNumbers(16 * 4, 6)
  const points = Float32Array.from({ length: 1600 * 4 }, (_, i) => distinct[i % 64]!)
  for (let seed = 0; seed < 20; seed++)
    assert.ok(errorOf(points, kMeans(points, 4, 16, seededRandom(seed)), 4) < 1e-9, `seed ${seed}`)
})

test('no points, or no whole number of them, are refused', () => {
  assert.throws(() => kMeans(new Float32Array(0), 2, 16, seededRandom(1)), RangeError)
  assert.throws(() => kMeans(new Float32Array(3), 2, 16, seededRandom(1)), RangeError)
})
