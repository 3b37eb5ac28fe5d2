// The start of METHOD.md 4.2: features to 256 numbers by a half-whitened principal component
// analysis. Runs in compute; products are injected. Pure.
import { largestEigenpairs } from './eigen.ts'
import { BLOCK_ROWS, centreRows, rowsOf, unitRows } from './features.ts'
import type { Features } from './features.ts'
import type { Multiply } from './multiply.ts'

/** Numbers of a projected feature, whatever the backbone. */
export const PROJECTED = 256

/** projected = (feature / |feature| - mean) x matrix */
export interface Projection {
  mean: Float32Array // [D]
  matrix: Float32Array // [D, 256]; columns beyond the rank are zero
}

/** Directions with less than this share of the largest variance are rounding noise. */
const NOISE = 1e-6

/**
 * Fits the projection to features [n, D]: the min(256, n - 1, D) principal components, each scaled
 * by its standard deviation to the power `power` (-0.5: half-whitened; 0: none; -1: whole), and all
 * by one factor that makes the mean square of a used component 1. `onBlock` is called before each
 * step.
 */
export async function fitProjection(
  features: Features,
  D: number,
  options: { power: number; seed: number; multiply: Multiply; onBlock: () => Promise<void> }
): Promise<Projection> {
  const { power, seed, multiply, onBlock } = options
  const n = rowsOf(features, D)
  const mean = await meanOf(features, D, onBlock)
  const count = Math.min(PROJECTED, n - 1, D)
  let values: Float64Array
  let vectors: Float32Array // [count, D]
  if (n >= D) {
    const covariance = await covarianceOf(features, mean, multiply, onBlock)
    await onBlock()
    ;({ values, vectors } = await largestEigenpairs(covariance, D, count, multiply, seed))
  } else {
    await onBlock()
    ;({ values, vectors } = await pairsByGram(features, mean, count, multiply, seed))
  }
  const matrix = new Float32Array(D * PROJECTED)
  let variance = 0
  let used = 0
  for (; used < count && values[used]! > NOISE * values[0]!; used++)
    variance += values[used]! ** (1 + power)
  const factor = Math.sqrt(used / (variance || 1))
  for (let component = 0; component < used; component++) {
    const scale = values[component]! ** (power / 2) * factor
    for (let i = 0; i < D; i++)
      matrix[i * PROJECTED + component] = vectors[component * D + i]! * scale
  }
  return { mean, matrix }
}

async function meanOf(
  features: Features,
  D: number,
  onBlock: () => Promise<void>
): Promise<Float32Array> {
  const n = rowsOf(features, D)
  const sum = new Float64Array(D)
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    await onBlock()
    const rows = unitRows(features, D, from, Math.min(BLOCK_ROWS, n - from))
    for (let row = 0; row < rows.length; row += D)
      for (let i = 0; i < D; i++) sum[i]! += rows[row + i]!
  }
  return Float32Array.from(sum, (value) => value / n)
}

/** [D, D], divided by n. */
async function covarianceOf(
  features: Features,
  mean: Float32Array,
  multiply: Multiply,
  onBlock: () => Promise<void>
): Promise<Float32Array> {
  const D = mean.length
  const n = rowsOf(features, D)
  const sum = new Float64Array(D * D)
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    await onBlock()
    const count = Math.min(BLOCK_ROWS, n - from)
    const rows = unitRows(features, D, from, count)
    centreRows(rows, mean)
    const part = await multiply(rows, rows, { rows: D, inner: count, columns: D, transposeA: true })
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
  }
  return Float32Array.from(sum, (value) => value / n)
}

/** For fewer photos than numbers a feature: products of photos have the same eigenvalues. */
async function pairsByGram(
  features: Features,
  mean: Float32Array,
  count: number,
  multiply: Multiply,
  seed: number
): Promise<{ values: Float64Array; vectors: Float32Array }> {
  const D = mean.length
  const n = rowsOf(features, D)
  const rows = unitRows(features, D, 0, n)
  centreRows(rows, mean)
  const gram = await multiply(rows, rows, { rows: n, inner: D, columns: n, transposeB: true })
  for (let i = 0; i < gram.length; i++) gram[i]! /= n
  const { values, vectors: inner } = await largestEigenpairs(gram, n, count, multiply, seed)
  const vectors = await multiply(inner, rows, { rows: count, inner: n, columns: D })
  for (let i = 0; i < count; i++) {
    const length = Math.sqrt(values[i]! * n)
    for (let j = 0; j < D; j++) vectors[i * D + j]! /= length || 1
  }
  return { values, vectors }
}
