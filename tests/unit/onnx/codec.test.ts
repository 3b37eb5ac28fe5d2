// The ONNX codec against a model of the reference implementation, its own round trip, broken bytes.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { decodeModel, encodeModel } from '../../../model/onnx/codec.ts'
import { OnnxError } from '../../../model/onnx/model.ts'
import type { OnnxModel } from '../../../model/onnx/model.ts'
import { floats, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'

const golden: { hex: string } = JSON.parse(
  readFileSync(new URL('../../golden/onnx/official.json', import.meta.url), 'utf8')
)
const official = new Uint8Array(Buffer.from(golden.hex, 'hex'))
const longs: Tensor = { type: 'i64', shape: [3], data: BigInt64Array.of(1n, -2n, 2n ** 63n - 1n) }

const expected: OnnxModel = {
  name: 'official',
  opset: 17,
  nodes: [
    {
      operator: 'Conv',
      name: 'the node',
      domain: '',
      inputs: ['x', '', 'raw'],
      outputs: ['y'],
      attributes: {
        group: { int: -3 },
        alpha: { float: 0.5 },
        auto_pad: { string: 'SAME_UPPER' },
        pads: { ints: [0, 1, -1] },
        scales: { floats: [0.5, 2] },
        value: { tensor: tensorFrom('i64', [1], [4]) }
      }
    }
  ],
  initializers: new Map<string, Tensor>([
    ['floats', floats([2, 2], [1.5, -2, 0.25, 3])],
    ['longs', longs],
    ['integers', tensorFrom('i32', [2], [7, -8])],
    ['flags', tensorFrom('bool', [2], [1, 0])],
    ['bytes', tensorFrom('u8', [2], [3, 255])],
    ['halves', { type: 'f16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) }],
    ['raw', floats([1, 3], [1, 2, 3])]
  ]),
  inputs: [{ name: 'x', type: 'f32', shape: ['batch', 3, 'x_2', 32] }],
  outputs: [{ name: 'y', type: 'f16', shape: [] }]
}

/** Attributes come sorted from the reference implementation: their order says nothing. */
function sorted(model: OnnxModel): OnnxModel {
  const nodes = model.nodes.map((node) => ({
    ...node,
    attributes: Object.fromEntries(Object.entries(node.attributes).sort())
  }))
  return { ...model, nodes }
}

test('a model of the reference implementation is read whole', () => {
  assert.deepEqual(sorted(decodeModel(official)), sorted(expected))
})

test('a model that is written is read back the same, and writes the same bytes', () => {
  const bytes = encodeModel(expected)
  assert.deepEqual(decodeModel(bytes), expected)
  assert.deepEqual(encodeModel(decodeModel(bytes)), bytes)
})

test('truncated bytes are an OnnxError or a shorter model, never another error', () => {
  let refused = 0
  for (let length = 0; length < official.length; length++) {
    try {
      decodeModel(official.subarray(0, length))
    } catch (error) {
      assert.ok(error instanceof OnnxError, `at ${length}: ${String(error)}`)
      refused++
    }
  }
  assert.ok(refused > official.length * 0.9)
})

test('flipped bytes are an OnnxError or another model, never another error', () => {
  for (let at = 0; at < official.length; at++) {
    const bytes = official.slice()
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    try {
      decodeModel(bytes)
    } catch (error) {
      assert.ok(error instanceof OnnxError, `at ${at}: ${String(error)}`)
    }
  }
})

test('an element type or attribute that is not known is told by name', () => {
  const double = encodeModel({ ...expected, nodes: [] })
  const at = Buffer.from(double).indexOf(Buffer.from('integers')) - 3 // its data_type: 10 06
  assert.equal(double[at], 6)
  double[at] = 11 // DOUBLE
  assert.throws(() => decodeModel(double), /tensor integers: expected an element type.*code 11/)
})
