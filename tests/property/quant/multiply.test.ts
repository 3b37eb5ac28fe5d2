// The reference product against its definition.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { multiplyReference } from '../../../model/quant/multiply.ts'
import { noiseNumbers } from '../../support/noise.ts'

const length = fc.integer({ min: 1, max: 13 })

test('the product equals its definition for any shape and transposition', async () => {
  await fc.assert(
    fc.asyncProperty(
      length,
      length,
      length,
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      async (rows, inner, columns, transposeA, transposeB, seed) => {
        const a = noiseNumbers(rows * inner, seed)
        const b = noiseNumbers(inner * columns, seed + 1)
        const shape = { rows, inner, columns, transposeA, transposeB }
        const product = await multiplyReference(a, b, shape)
        assert.equal(product.length, rows * columns)
        product.forEach((value, at) => {
          const [i, j] = [Math.floor(at / columns), at % columns]
          let expected = 0
          for (let k = 0; k < inner; k++)
            expected +=
              a[transposeA ? k * rows + i : i * inner + k]! *
              b[transposeB ? j * inner + k : k * columns + j]!
          assert.ok(Math.abs(value - expected) < 1e-6, `${i} ${j}: ${value}, expected ${expected}`)
        })
      }
    )
  )
})

test('lengths that do not fit the shape are refused', async () => {
  const shape = { rows: 2, inner: 3, columns: 1 }
  await assert.rejects(
    multiplyReference(new Float32Array(5), new Float32Array(3), shape),
    RangeError
  )
  await assert.rejects(
    multiplyReference(new Float32Array(6), new Float32Array(4), shape),
    RangeError
  )
})
