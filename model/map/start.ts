// Where the photos of a map begin: along the two directions in which their descriptors differ the
// most, so that kinds lie on the whole as they do there. Pure; the same rows, the same start.
import { largestEigenpairs } from '../quant/eigen.ts'
import { centreRows } from '../quant/features.ts'
import { multiplyReference } from '../quant/multiply.ts'
import { seededRandom } from '../quant/random.ts'
import { countOf } from './near-rows.ts'
import type { Rows } from './near-rows.ts'

/** Half of the width that they begin within, as UMAP's authors do. */
const HALF_WIDTH = 10
/** So far from it they are moved at random: equal ones would never part. */
const STIR = 0.01

/** Places [n, 2] of rows to begin with. */
export async function startOf(rows: Rows, seed: number): Promise<Float32Array> {
  const { size } = rows
  const n = countOf(rows)
  const centred = Float32Array.from(rows.values)
  centreRows(centred, meanOf(rows))
  const { vectors } = await largestEigenpairs(
    covarianceOf(centred, size),
    size,
    Math.min(2, size),
    multiplyReference
  )
  const places = new Float32Array(2 * n)
  for (let i = 0; i < n; i++)
    for (let axis = 0; axis < 2 && axis < size; axis++) {
      let sum = 0
      for (let at = 0; at < size; at++) sum += centred[i * size + at]! * vectors[axis * size + at]!
      places[2 * i + axis] = sum
    }
  const widest = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scale = widest > 0 ? HALF_WIDTH / widest : 0
  return stirred(places.map((value) => value * scale), seed)
}

/** The same places [n, 2], each moved a little, so that no two are one. */
export function stirred(places: Float32Array, seed: number): Float32Array {
  const random = seededRandom(seed)
  return places.map((value) => value + STIR * (2 * random() - 1))
}

function meanOf({ size, values }: Rows): Float32Array {
  const mean = new Float64Array(size)
  values.forEach((value, at) => (mean[at % size]! += value))
  return Float32Array.from(mean, (sum) => (sum * size) / Math.max(1, values.length))
}

function covarianceOf(centred: Float32Array, size: number): Float32Array {
  const sums = new Float64Array(size * size)
  for (let from = 0; from < centred.length; from += size)
    for (let i = 0; i < size; i++) {
      const value = centred[from + i]!
      for (let j = 0; j <= i; j++) sums[i * size + j]! += value * centred[from + j]!
    }
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) sums[j * size + i] = sums[i * size + j]!
  return Float32Array.from(sums)
}
