// Codewords of one codebook: k-means, seeded, with k-means++ starts (Arthur and Vassilvitskii,
// 2007). Pure; distances and sums in f64.
import type { Random } from './random.ts'

const RESTARTS = 3
/** Starts are compared on at most so many points; the best then settles on all. */
const SAMPLE = 2048
const MOST_ROUNDS = 50
/** A round that lowers the error by a smaller share than this is the last. */
const CONVERGED = 1e-4

interface Clustering {
  centres: Float64Array // [k, size]
  error: number // sum of squared distances to the nearest centre
}

/**
 * k centres [k, size] of points [n, size]: the best of three starts by the sum of squared
 * distances. A centre that loses its points moves to the point farthest from its own. With fewer
 * distinct points than k, some centres are equal.
 */
export function kMeans(
  points: Float32Array,
  size: number,
  k: number,
  random: Random
): Float32Array {
  const n = points.length / size
  if (!Number.isInteger(n) || n < 1)
    throw new RangeError(
      `points: expected one or more rows of ${size}, got ${points.length} numbers`
    )
  const sample = n > SAMPLE ? randomSample(points, size, SAMPLE, random) : points
  const starts = Array.from({ length: RESTARTS }, () =>
    lloyd(sample, size, plusPlusStart(sample, size, k, random))
  )
  const best = starts.reduce((least, start) => (start.error < least.error ? start : least))
  return Float32Array.from(lloyd(points, size, best.centres).centres)
}

/** `count` points at random; one may come twice. */
function randomSample(
  points: Float32Array,
  size: number,
  count: number,
  random: Random
): Float32Array {
  const n = points.length / size
  const sample = new Float32Array(count * size)
  for (let i = 0; i < count; i++) {
    const from = Math.floor(random() * n) * size
    sample.set(points.subarray(from, from + size), i * size)
  }
  return sample
}

function squared(a: Float32Array, i: number, b: Float64Array, j: number, size: number): number {
  let sum = 0
  for (let at = 0; at < size; at++) {
    const difference = a[i + at]! - b[j + at]!
    sum += difference * difference
  }
  return sum
}

/** k-means++: each centre is a point drawn with the square of its distance to those before. */
function plusPlusStart(
  points: Float32Array,
  size: number,
  k: number,
  random: Random
): Float64Array {
  const n = points.length / size
  const centres = new Float64Array(k * size)
  const distances = new Float64Array(n).fill(Infinity)
  let chosen = Math.floor(random() * n)
  for (let centre = 0; centre < k; centre++) {
    centres.set(points.subarray(chosen * size, (chosen + 1) * size), centre * size)
    let total = 0
    for (let i = 0; i < n; i++) {
      const distance = squared(points, i * size, centres, centre * size, size)
      if (distance < distances[i]!) distances[i] = distance
      total += distances[i]!
    }
    let left = random() * total
    for (chosen = 0; chosen < n - 1 && left >= distances[chosen]!; chosen++)
      left -= distances[chosen]!
  }
  return centres
}

/** Lloyd's rounds until the error settles. */
function lloyd(points: Float32Array, size: number, centres: Float64Array): Clustering {
  const n = points.length / size
  const k = centres.length / size
  const nearest = new Int32Array(n)
  const distances = new Float64Array(n)
  let error = Infinity
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let sum = 0
    for (let i = 0; i < n; i++) {
      let least = Infinity
      for (let centre = 0; centre < k; centre++) {
        const distance = squared(points, i * size, centres, centre * size, size)
        if (distance < least) {
          least = distance
          nearest[i] = centre
        }
      }
      distances[i] = least
      sum += least
    }
    const settled = sum >= error * (1 - CONVERGED)
    error = Math.min(error, sum)
    if (settled) break
    moveCentres(points, size, centres, nearest, distances)
  }
  return { centres, error }
}

function moveCentres(
  points: Float32Array,
  size: number,
  centres: Float64Array,
  nearest: Int32Array,
  distances: Float64Array
): void {
  const k = centres.length / size
  const counts = new Int32Array(k)
  centres.fill(0)
  nearest.forEach((centre, i) => {
    counts[centre]!++
    for (let at = 0; at < size; at++) centres[centre * size + at]! += points[i * size + at]!
  })
  for (let centre = 0; centre < k; centre++) {
    if (counts[centre] === 0) {
      const farthest = distances.reduce((far, value, i) => (value > distances[far]! ? i : far), 0)
      distances[farthest] = 0 // the next empty centre takes another point
      centres.set(points.subarray(farthest * size, (farthest + 1) * size), centre * size)
    } else for (let at = 0; at < size; at++) centres[centre * size + at]! /= counts[centre]!
  }
}
