// The largest eigenpairs of a symmetric matrix. Small ones by ml-matrix, whole; large ones in a
// block Krylov space (Musco and Musco, "Randomized block Krylov methods", 2015) with an injected
// product. The only file that knows ml-matrix. Pure.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { normaliseRows } from './features.ts'
import type { Multiply } from './multiply.ts'
import { normal, orthonormalise, seededRandom } from './random.ts'

export interface Eigenpairs {
  values: Float64Array // [count], largest first
  vectors: Float32Array // [count, size], row-major, orthonormal
}

/** Up to this size a whole decomposition takes about a second at most. */
const WHOLE_UP_TO = 384
/** Rows that the space grows by: fewer make it deeper, so more exact for its size. */
const BLOCK = 16
/** Size of the Krylov space, in multiples of `count`. */
const BREADTH = 2.25

/**
 * The `count` largest eigenpairs of a symmetric, positive semidefinite matrix [size, size]. Found
 * in a Krylov space, all are exact to f32 where the spectrum falls as that of features does: the
 * last of 256 of the shipped backbone's is within 2e-4 (measured against the whole decomposition).
 */
export async function largestEigenpairs(
  matrix: Float32Array,
  size: number,
  count: number,
  multiply: Multiply,
  seed = 1
): Promise<Eigenpairs> {
  if (matrix.length !== size * size)
    throw new RangeError(`matrix: expected ${size * size} numbers, got ${matrix.length}`)
  if (!(count <= size)) throw new RangeError(`count: expected at most ${size}, got ${count}`)
  const breadth = Math.ceil((BREADTH * count) / BLOCK) * BLOCK
  if (size <= WHOLE_UP_TO || breadth > size) return whole(matrix, size, count)
  const basis = await krylovSpace(matrix, size, breadth, multiply, seed)
  const image = await multiply(basis, matrix, { rows: breadth, inner: size, columns: size })
  const shape = { rows: breadth, inner: size, columns: breadth, transposeB: true }
  const inner = await multiply(image, basis, shape)
  const { values, vectors } = whole(inner, breadth, count)
  return {
    values,
    vectors: await multiply(vectors, basis, { rows: count, inner: breadth, columns: size })
  }
}

function whole(matrix: Float32Array, size: number, count: number): Eigenpairs {
  const full = new Matrix(size, size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = (matrix[i * size + j]! + matrix[j * size + i]!) / 2
      full.set(i, j, value)
      full.set(j, i, value)
    }
  const found = new EigenvalueDecomposition(full, { assumeSymmetric: true })
  const order = found.realEigenvalues
    .map((value, at) => ({ value, at }))
    .sort((a, b) => b.value - a.value)
    .slice(0, count)
  const columns = found.eigenvectorMatrix
  const vectors = new Float32Array(count * size)
  order.forEach(({ at }, row) => {
    for (let i = 0; i < size; i++) vectors[row * size + i] = columns.get(i, at)
  })
  return { values: Float64Array.from(order, ({ value }) => Math.max(0, value)), vectors }
}

/** Orthonormal rows that span start, start A, start A^2, ..., of a random start of BLOCK rows. */
async function krylovSpace(
  matrix: Float32Array,
  size: number,
  breadth: number,
  multiply: Multiply,
  seed: number
): Promise<Float32Array> {
  const random = seededRandom(seed)
  const basis = new Float32Array(breadth * size)
  let block: Float32Array = Float32Array.from({ length: BLOCK * size }, () => normal(random))
  for (let held = 0; held < breadth; held += BLOCK) {
    if (held > 0) block = await multiply(block, matrix, { rows: BLOCK, inner: size, columns: size })
    normaliseRows(block, size, 1)
    for (let pass = 0; pass < 2; pass++) {
      if (held > 0) await project(block, basis.subarray(0, held * size), size, multiply)
      block = orthonormalRows(block, size, random)
    }
    basis.set(block, held * size)
  }
  return basis
}

/** Takes the span of the orthonormal rows of `basis` out of the rows of `block`. */
async function project(
  block: Float32Array,
  basis: Float32Array,
  size: number,
  multiply: Multiply
): Promise<void> {
  const rows = block.length / size
  const held = basis.length / size
  const parts = await multiply(block, basis, { rows, inner: size, columns: held, transposeB: true })
  const shadow = await multiply(parts, basis, { rows, inner: held, columns: size })
  for (let i = 0; i < block.length; i++) block[i]! -= shadow[i]!
}

function orthonormalRows(block: Float32Array, size: number, random: () => number): Float32Array {
  const rows = Array.from({ length: block.length / size }, (_, i) =>
    Float64Array.from(block.subarray(i * size, (i + 1) * size))
  )
  orthonormalise(rows, random)
  const out = new Float32Array(block.length)
  rows.forEach((row, i) => out.set(row, i * size))
  return out
}
