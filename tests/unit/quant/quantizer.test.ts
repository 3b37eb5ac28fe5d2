// Quantizers as records: there and back, and what is refused.
import assert from 'node:assert/strict'
import test from 'node:test'
import { parseQuantizer, serialiseQuantizer, QuantizerError } from '../../../model/retrieval.ts'
import type { Quantizer } from '../../../model/retrieval.ts'
import { fitted, residualHead } from '../../support/quantizers.ts'

async function residual(): Promise<Quantizer> {
  const quantizer = await fitted(100, 20)
  const { M, L } = quantizer.codebooks
  return { ...quantizer, head: residualHead(512, M * L) }
}

test('a quantizer goes to a record and back, with either head', async () => {
  for (const quantizer of [await fitted(100, 20), await residual()]) {
    const record = serialiseQuantizer(quantizer)
    assert.deepEqual(parseQuantizer(structuredClone(record)), quantizer)
    const { M, L } = quantizer.codebooks
    assert.deepEqual([record.M, record.K, record.L, record.fittedOn], [M, 16, L, 100])
  }
})

test('the weights may lie at any offset of a buffer', async () => {
  const record = serialiseQuantizer(await fitted(100, 20))
  const shifted = new Uint8Array(record.weights.length + 3)
  shifted.set(record.weights, 3)
  assert.deepEqual(
    parseQuantizer({ ...record, weights: shifted.subarray(3) }),
    parseQuantizer(record)
  )
})

test('records that do not fit are refused', async () => {
  const record = serialiseQuantizer(await fitted(100, 20))
  const { weights } = record
  const kind = Uint8Array.from(weights)
  kind[0] = 4
  const hidden = Uint8Array.from(weights)
  hidden[12] = 1
  const infinite = Uint8Array.from(weights)
  infinite.set([0, 0, 0x80, 0x7f], 400)
  for (const wrong of [
    { version: 2 },
    { M: 3 },
    { M: 6 },
    { K: 256 },
    { L: 0 },
    { L: 2 ** 30 },
    { fittedOn: -1 },
    { backbone: 'none' },
    { weights: weights.subarray(1) },
    { weights: new Uint8Array(0) },
    { weights: [...weights] },
    { weights: kind },
    { weights: hidden },
    { weights: infinite }
  ])
    assert.throws(
      () => parseQuantizer({ ...record, ...wrong }),
      QuantizerError,
      JSON.stringify(Object.keys(wrong))
    )
  assert.throws(() => parseQuantizer(null), QuantizerError)
})

test('a quantizer whose parts do not fit each other is not written', async () => {
  const quantizer = await fitted(100, 20)
  const head = { ...quantizer.head, bias: new Float32Array(1) }
  assert.throws(() => serialiseQuantizer({ ...quantizer, head }), RangeError)
})
