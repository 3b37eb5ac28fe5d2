// The head as ONNX gives what Kindred makes of features itself: by both kinds of heads, for any
// number of rows.
import assert from 'node:assert/strict'
import test from 'node:test'
import { floats, headModel, openSession } from '../../../../model/learning.ts'
import { encode, fromHalves, kinshipRows, multiplyReference } from '../../../../model/retrieval.ts'
import type { Quantizer } from '../../../../model/retrieval.ts'
import { clusteredFeatures, fitted, residualHead } from '../../../support/quantizers.ts'

const [N, D] = [300, 40]
const features = clusteredFeatures(N, D, 10)

/** The largest difference of two rows of numbers. */
function apart(a: ArrayLike<number>, b: Float32Array): number {
  assert.equal(a.length, b.length)
  return b.reduce((most, value, i) => Math.max(most, Math.abs(value - a[i]!)), 0)
}

async function compare(quantizer: Quantizer, rows: number): Promise<void> {
  const { M, L } = quantizer.codebooks
  const part = features.subarray(0, rows * D)
  const { projected, descriptors } = await encode(quantizer, part, multiplyReference)
  const session = await openSession(headModel(quantizer))
  const found = await session.run({ feature: floats([rows, D], fromHalves(part)) })
  await session.dispose()
  const numbers = (name: string): Float32Array => {
    const { data } = found[name] ?? assert.fail(name)
    return data instanceof Float32Array ? data : assert.fail(`${name} is of floats`)
  }
  // Kindred keeps halves between its steps: 11 bits of each number.
  assert.ok(apart(fromHalves(projected), numbers('projected')) < 0.02)
  assert.ok(apart(fromHalves(descriptors), numbers('descriptor')) < 0.01)
  const kinship = kinshipRows(fromHalves(descriptors), M * L, fromHalves(projected))
  assert.ok(apart(kinship, numbers('kinship')) < 0.005)
}

test('a linear head', async () => {
  const quantizer = await fitted(N, D)
  await compare(quantizer, 1)
  await compare(quantizer, N)
})

test('a residual head', async () => {
  const quantizer = await fitted(N, D)
  const { M, L } = quantizer.codebooks
  await compare({ ...quantizer, head: residualHead(24, M * L) }, 30)
})

test('a feature of zeros gives numbers', async () => {
  const session = await openSession(headModel(await fitted(N, D)))
  const found = await session.run({ feature: floats([1, D], new Float32Array(D)) })
  await session.dispose()
  for (const { data } of Object.values(found))
    assert.ok([...data].every((value) => Number.isFinite(Number(value))))
})
