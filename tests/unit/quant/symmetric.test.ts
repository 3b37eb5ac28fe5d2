// All eigenpairs of symmetric matrices, against a library's decomposition.
import assert from 'node:assert/strict'
import test from 'node:test'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { seededRandom } from '../../../model/quant/random.ts'
import { symmetricEigenpairs } from '../../../model/quant/symmetric.ts'

type Entry = (i: number, j: number) => number

const random = seededRandom(3)
const MATRICES: Record<string, [size: number, entry: Entry]> = {
  'of one number': [1, () => -3],
  'of two by two': [2, (i, j) => 1 + i + j],
  diagonal: [9, (i, j) => (i === j ? 9 - i : 0)],
  'of zeros': [12, () => 0],
  'of equal numbers': [30, () => 2], // one value, and 29 times zero
  'in two parts': [20, (i, j) => (i < 10 === j < 10 ? 1 / (1 + Math.abs(i - j)) : 0)],
  random: [80, () => random() - 0.5],
  'of numbers that fall': [60, (i, j) => 10 ** (-(i + j) / 6)]
}

for (const [name, [size, entry]] of Object.entries(MATRICES))
  test(`a matrix ${name}: values and vectors`, () => {
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = entry(i, j)
    const rows = matrix.slice()
    const values = symmetricEigenpairs(rows, size)
    const whole = Matrix.from1DArray(size, size, Array.from(matrix))
    const { realEigenvalues } = new EigenvalueDecomposition(whole, { assumeSymmetric: true })
    const truth = realEigenvalues.sort((a, b) => a - b)
    const largest = Math.max(1, ...truth.map(Math.abs))
    Array.from(values)
      .sort((a, b) => a - b)
      .forEach((value, i) => assert.ok(Math.abs(value - truth[i]!) < 1e-13 * largest, `${value}`))
    for (let a = 0; a < size; a++)
      for (let i = 0; i < size; i++) {
        const product = sum(size, (k) => matrix[i * size + k]! * rows[a * size + k]!)
        const expected = values[a]! * rows[a * size + i]!
        assert.ok(Math.abs(product - expected) < 1e-13 * largest, `pair ${a}: ${product}`)
        const cosine = sum(size, (k) => rows[i * size + k]! * rows[a * size + k]!)
        assert.ok(Math.abs(cosine - (a === i ? 1 : 0)) < 1e-13, `${a} and ${i}: ${cosine}`)
      }
  })

function sum(count: number, of: (k: number) => number): number {
  return Array.from({ length: count }, (_, k) => of(k)).reduce((total, one) => total + one, 0)
}

test('a wrong length is refused', () => {
  assert.throws(() => symmetricEigenpairs(new Float64Array(3), 2), /matrix: expected 4/)
})
