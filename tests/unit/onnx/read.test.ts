// Reading ONNX files: each operator means what ONNX Runtime does with it, and what is not known is
// refused by name.
import assert from 'node:assert/strict'
import test from 'node:test'
import { encodeModel } from '../../../model/onnx/codec.ts'
import { OnnxError } from '../../../model/onnx/model.ts'
import type { OnnxModel, OnnxValue } from '../../../model/onnx/model.ts'
import { readOnnx, readableOperators } from '../../../model/onnx/read.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import { floats, numbersOf, sizeOf, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { nodeCases } from './read-cases.ts'
import type { NodeCase } from './read-cases.ts'

/** A model of one node, and what it is fed. */
function modelOf(item: NodeCase): { model: OnnxModel; feeds: Record<string, Tensor> } {
  const feeds: Record<string, Tensor> = {}
  const inputs: OnnxValue[] = []
  const initializers = new Map<string, Tensor>()
  const names = item.inputs.map((given, at) => {
    if (!given) return ''
    const name = `x${at}`
    if ('data' in given) {
      initializers.set(name, given)
      return name
    }
    const shape = 'flags' in given ? given.flags : given
    const noise = noiseNumbers(sizeOf(shape), at + 1).map((x) =>
      item.positive ? Math.abs(x) + 0.2 : 2 * x
    )
    const tensor =
      'flags' in given
        ? tensorFrom(
            'bool',
            shape,
            noise.map((x) => Number(x > 0))
          )
        : floats(shape, noise)
    feeds[name] = tensor
    inputs.push({ name, type: tensor.type, shape })
    return name
  })
  const outputs = Array.from({ length: item.outputs ?? 1 }, (_, at) => `y${at}`)
  const { operator, opset, attributes = {} } = item
  const node = { operator, name: 'it', domain: '', inputs: names, outputs, attributes }
  // The true type and shape of an output are what is tested, so the file need not say them rightly.
  const results = outputs.map((name) => ({ name, type: 'f32' as const, shape: ['?'] }))
  return {
    model: { name: 'one', opset, nodes: [node], initializers, inputs, outputs: results },
    feeds
  }
}

test('every operator that can be read has a case', () => {
  const covered = new Set(nodeCases.map(({ operator }) => operator))
  assert.deepEqual(
    readableOperators().filter((name) => !covered.has(name)),
    []
  )
})

for (const [number, item] of nodeCases.entries()) {
  test(`${item.operator} ${number}, opset ${item.opset}`, async () => {
    const { model, feeds } = modelOf(item)
    const { outputs } = readOnnx(encodeModel(model))
    const declared = model.outputs.map(({ name }) => {
      const { type, shape } = outputs[name] ?? assert.fail(`no output ${name}`)
      return { name, type, shape }
    })
    const original = await openSession(encodeModel({ ...model, outputs: declared }))
    const ours = await openSession(writeOnnx({ outputs }))
    const expected = await original.run(feeds)
    const used = new Set(ours.inputs.map(({ name }) => name))
    const actual = await ours.run(
      Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name)))
    )
    for (const { name } of declared) {
      const [a, e] = [actual[name], expected[name]]
      assert.ok(a && e)
      assert.deepEqual([a.type, a.shape], [e.type, e.shape])
      assertClose(numbersOf(a), numbersOf(e), 2e-6, name)
    }
    await original.dispose()
    await ours.dispose()
  })
}

/** What `y` of some nodes is by ONNX Runtime itself, and as we read and write them. */
async function bothWays(
  nodes: readonly (readonly [operator: string, inputs: string[], output: string])[],
  numbers: Readonly<Record<string, bigint[]>>
): Promise<[original: Tensor | undefined, ours: Tensor | undefined]> {
  const bytes = encodeModel({
    name: 'some',
    opset: 13,
    nodes: nodes.map(([operator, inputs, output]) => ({
      ...{ operator, inputs, name: output, domain: '', outputs: [output], attributes: {} }
    })),
    initializers: new Map(
      Object.entries(numbers).map(([name, list]) => {
        const shape = list.length === 1 ? [] : [list.length]
        return [name, { type: 'i64', shape, data: BigInt64Array.from(list) }] as const
      })
    ),
    inputs: [{ name: 'x', type: 'f32', shape: [5, 6] }],
    outputs: [{ name: 'y', type: 'f32', shape: ['rows', 'columns'] }]
  })
  const results: (Tensor | undefined)[] = []
  for (const model of [bytes, writeOnnx(readOnnx(bytes))]) {
    const session = await openSession(model)
    results.push((await session.run({ x: floats([5, 6], noiseNumbers(30, 1)) })).y)
    await session.dispose()
  }
  return [results[0], results[1]]
}

test('exporters slice to the largest int64 there is, from what they compute', async () => {
  const [expected, actual] = await bothWays(
    [
      ['Unsqueeze', ['last', 'zero'], 'end'],
      ['Unsqueeze', ['two', 'zero'], 'start'],
      ['Unsqueeze', ['zero', 'zero'], 'axis'],
      ['Slice', ['x', 'start', 'end', 'axis'], 'y']
    ],
    { last: [2n ** 63n - 1n], two: [2n], zero: [0n] }
  )
  assert.deepEqual(actual, expected)
  assert.deepEqual(actual?.shape, [3, 6])
})

test('a shape that is computed by dividing whole numbers is known', async () => {
  const [expected, actual] = await bothWays(
    [
      ['Shape', ['x'], 'shape'],
      ['Div', ['shape', 'halves'], 'parts'],
      ['Mul', ['parts', 'back'], 'asked'],
      ['Reshape', ['x', 'asked'], 'y']
    ],
    { halves: [2n, 4n], back: [5n, 3n] } // [5, 6] / [2, 4] = [2, 1], then [10, 3]
  )
  assert.deepEqual(actual, expected)
  assert.deepEqual(actual?.shape, [10, 3])
})

const relu = { operator: 'Relu', opset: 13, inputs: [[2]] }

/** The message that reading a node gives. */
function refusal(item: NodeCase, change: Partial<OnnxModel> = {}): string {
  const { model } = modelOf(item)
  try {
    readOnnx(encodeModel({ ...model, ...change }))
  } catch (error) {
    assert.ok(error instanceof OnnxError, String(error))
    return error.message
  }
  return assert.fail('it was read')
}

test('what is not known is refused with the operator and its node', () => {
  assert.equal(
    refusal({ operator: 'LSTM', opset: 13, inputs: [[2, 3]] }),
    'LSTM of node it: expected an operator that is known, got LSTM'
  )
  const { model } = modelOf(relu)
  const custom = model.nodes.map((node) => ({ ...node, domain: 'com.example' }))
  assert.match(refusal(relu, { nodes: custom }), /node it: .* got com.example.Relu/)
  assert.match(refusal({ ...relu, opset: 10 }), /expected opset 11 to 21, got 10/)
  assert.match(
    refusal(relu, { inputs: [{ name: 'x0', type: 'f32', shape: ['batch'] }] }),
    /input x0: expected a length for batch/
  )
  assert.match(refusal(relu, { inputs: [] }), /Relu of node it: .* got x0/)
  const unnamed = model.nodes.map((node) => ({ ...node, name: '' }))
  assert.match(refusal(relu, { nodes: unnamed, inputs: [] }), /^Relu of node y0: .* got x0/)
  const empty = [{ name: 'x0', type: 'f32' as const, shape: [0] }]
  assert.match(refusal(relu, { inputs: empty }), /^input x0: /)
})

test('an operator with an attribute that is not read is told by its name all the same', () => {
  const attributes = { activations: { string: 'Tanh' } }
  const { model } = modelOf({ operator: 'LSTM', opset: 13, inputs: [[2, 3]], attributes })
  const unnamed = model.nodes.map((node) => ({ ...node, name: '' }))
  const bytes = Buffer.from(encodeModel({ ...model, nodes: unnamed }))
  const type = bytes.indexOf('a00103', 'hex') + 2 // AttributeProto.type: STRING
  assert.equal(bytes[type], 3)
  bytes[type] = 8 // STRINGS
  assert.throws(() => readOnnx(bytes), {
    name: 'OnnxError',
    message: 'LSTM of node y0: expected an operator that is known, got LSTM'
  })
})

test('outputs need no shape, inputs do', () => {
  const { model } = modelOf(relu)
  const shapeless = model.outputs.map(({ name, type }) => ({ name, type }))
  const { outputs } = readOnnx(encodeModel({ ...model, outputs: shapeless }))
  assert.deepEqual(outputs['y0']?.shape, model.inputs[0]?.shape)
})

test('uses that the language has not are refused', () => {
  const x = [1, 2, 5, 5]
  const whole = (value: number): Tensor => tensorFrom('i64', [], [value])
  const refused: [NodeCase, RegExp][] = [
    [
      { operator: 'Add', opset: 13, inputs: [[2], [3]] },
      /Add of node it: add: expected .* got f32\[2\], f32\[3\]/
    ],
    [
      {
        operator: 'Conv',
        opset: 13,
        inputs: [
          [1, 2, 5],
          [1, 2, 3]
        ]
      },
      /a picture \[N,C,H,W\], got \[1,2,5\]/
    ],
    [
      {
        operator: 'MaxPool',
        opset: 13,
        inputs: [x],
        attributes: { kernel_shape: { ints: [2, 2] } },
        outputs: 2
      },
      /one output/
    ],
    [
      {
        operator: 'MaxPool',
        opset: 13,
        inputs: [x],
        attributes: {
          kernel_shape: { ints: [2, 2] },
          strides: { ints: [2, 2] },
          ceil_mode: { int: 1 }
        }
      },
      /ceil_mode 0/
    ],
    [
      {
        operator: 'Pad',
        opset: 13,
        inputs: [[2], tensorFrom('i64', [2], [1, 1])],
        attributes: { mode: { string: 'reflect' } }
      },
      /mode constant, got reflect/
    ],
    [{ operator: 'Reshape', opset: 13, inputs: [[2], [1]] }, /input 1 to be a constant/],
    [
      { operator: 'Div', opset: 13, inputs: [whole(4), whole(0)] },
      /Div of node it: expected a divisor that is not 0, got 0/
    ],
    [
      { operator: 'Cast', opset: 13, inputs: [[2]], attributes: { to: { int: 8 } } },
      /a type of .* got code 8/
    ]
  ]
  for (const [item, message] of refused) assert.match(refusal(item), message)
})

test('initializers that are trainable become inputs and keep their values', () => {
  const { model } = modelOf({
    operator: 'Gemm',
    opset: 13,
    inputs: [[2, 3], floats([3, 1], [1, 2, 3])]
  })
  const { parameters, outputs, inputs } = readOnnx(encodeModel(model), {
    trainable: (name) => name === 'x1'
  })
  assert.deepEqual(Object.keys(inputs), ['x0'])
  assert.deepEqual(parameters.x1?.tensor, floats([3, 1], [1, 2, 3]))
  const fed = writeOnnx({ outputs })
  const held = writeOnnx({ outputs, initializers: { x1: floats([3, 1], [1, 2, 3]) } })
  assert.notDeepEqual(fed, held)
  assert.deepEqual(Object.keys(readOnnx(fed).inputs), ['x0', 'x1'])
  assert.deepEqual(Object.keys(readOnnx(held).inputs), ['x0'])
})
