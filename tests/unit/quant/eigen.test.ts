// Largest eigenpairs against known spectra and the whole decomposition.
import assert from 'node:assert/strict'
import test from 'node:test'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { largestEigenpairs } from '../../../model/quant/eigen.ts'
import type { Eigenpairs } from '../../../model/quant/eigen.ts'
import { multiplyReference } from '../../../model/quant/multiply.ts'
import { randomRotation, seededRandom } from '../../../model/quant/random.ts'

/** A symmetric matrix of known eigenvalues, in a random basis. */
async function withSpectrum(values: number[]): Promise<Float32Array> {
  const size = values.length
  const basis = Float32Array.from(randomRotation(size, seededRandom(5)))
  const scaled = basis.map((value, i) => value * values[Math.floor(i / size)]!)
  return multiplyReference(basis, scaled, {
    rows: size,
    inner: size,
    columns: size,
    transposeA: true
  })
}

/** The largest |A v - value v| over the pairs, and the largest fault of orthonormality. */
async function faults(
  matrix: Float32Array,
  size: number,
  { values, vectors }: Eigenpairs
): Promise<[number, number]> {
  const rows = values.length
  const image = await multiplyReference(vectors, matrix, { rows, inner: size, columns: size })
  let residual = 0
  for (let i = 0; i < image.length; i++)
    residual = Math.max(residual, Math.abs(image[i]! - values[Math.floor(i / size)]! * vectors[i]!))
  const shape = { rows, inner: size, columns: rows, transposeB: true }
  const products = await multiplyReference(vectors, vectors, shape)
  const skew = products.reduce(
    (worst, value, i) =>
      Math.max(worst, Math.abs(value - (Math.floor(i / rows) === i % rows ? 1 : 0))),
    0
  )
  return [residual, skew]
}

test('a small matrix: all pairs, largest first', async () => {
  const spectrum = [9, 5, 4, 1, 0.5, 0]
  const matrix = await withSpectrum(spectrum)
  const pairs = await largestEigenpairs(matrix, 6, 6, multiplyReference)
  pairs.values.forEach((value, i) => assert.ok(Math.abs(value - spectrum[i]!) < 1e-5))
  const [residual, skew] = await faults(matrix, 6, pairs)
  assert.ok(residual < 1e-5 && skew < 1e-5, `${residual} ${skew}`)
})

test('a large matrix: the Krylov space finds what the whole decomposition finds', async () => {
  const size = 450
  // Falls slowly, as that of features does.
  const spectrum = Array.from({ length: size }, (_, i) => 1 / (1 + i / 10))
  const matrix = await withSpectrum(spectrum)
  const pairs = await largestEigenpairs(matrix, size, 100, multiplyReference)
  const truth = new EigenvalueDecomposition(Matrix.from1DArray(size, size, Array.from(matrix)), {
    assumeSymmetric: true
  }).realEigenvalues.sort((a, b) => b - a)
  pairs.values.forEach((value, i) => {
    const tolerance = i < 80 ? 1e-5 : 2e-2 // measured: 3e-6 and 8e-3
    assert.ok(
      Math.abs(value - truth[i]!) < tolerance * truth[i]!,
      `${i}: ${value}, whole ${truth[i]}`
    )
  })
  const [residual, skew] = await faults(matrix, size, pairs)
  assert.ok(residual < 5e-3 && skew < 1e-5, `${residual} ${skew}`)
})

test('a low rank and equal eigenvalues do not break the Krylov space', async () => {
  const size = 400
  for (const spectrum of [
    Array.from({ length: size }, (_, i) => (i < 5 ? 5 - i : 0)),
    Array.from({ length: size }, () => 1)
  ]) {
    const matrix = await withSpectrum(spectrum)
    const pairs = await largestEigenpairs(matrix, size, 60, multiplyReference)
    pairs.values.forEach((value, i) =>
      assert.ok(Math.abs(value - spectrum[i]!) < 1e-4, `${i}: ${value}`)
    )
    const [residual, skew] = await faults(matrix, size, pairs)
    assert.ok(residual < 1e-4 && skew < 1e-4, `${residual} ${skew}`)
  }
})

test('sizes that do not fit are refused', async () => {
  const matrix = new Float32Array(9)
  await assert.rejects(largestEigenpairs(matrix, 4, 1, multiplyReference), RangeError)
  await assert.rejects(largestEigenpairs(matrix, 3, 4, multiplyReference), RangeError)
})
