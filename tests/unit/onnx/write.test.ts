// Names in a written model: those of inputs, parameters and outputs are the caller's, and no value
// inside ever has one of them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { add, exp, multiply, topKIndices } from '../../../model/graph/functions.ts'
import { constant, input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { decodeModel } from '../../../model/onnx/codec.ts'
import { readOnnx } from '../../../model/onnx/read.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import { floats } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'

async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Tensor | undefined> {
  const session = await openSession(bytes)
  const { y } = await session.run(feeds)
  await session.dispose()
  return y
}

test('a model that was read, trained and extended is written with its own numbers', async () => {
  const [x, factor, shift] = [input('x', [2]), floats([2], [2, 3]), floats([2], [10, 20])]
  const y = add(multiply(x, constant(factor)), constant(shift))
  const feeds = { x: floats([2], [1, 1]) }
  const first = writeOnnx({ outputs: { y } })
  assert.deepEqual(await run(first, feeds), floats([2], [12, 23]))

  const { outputs, parameters } = readOnnx(first, { trainable: (name) => name === '#1' })
  assert.deepEqual(parameters['#1']?.tensor, shift)
  const more = multiply(outputs.y!, constant(floats([2], [100, 1000])))
  const second = writeOnnx({ outputs: { y: more } })
  assert.deepEqual(await run(second, { ...feeds, '#1': shift }), floats([2], [1200, 23000]))
  const held = writeOnnx({ outputs: { y: more }, initializers: { '#1': shift } })
  assert.deepEqual(await run(held, feeds), floats([2], [1200, 23000]))
})

test('inputs and outputs that are called as values inside are kept apart from these', async () => {
  const [a, b] = [input('%0', [2]), input('%1.1', [2])]
  const index: Value = topKIndices(b, 1)
  const bytes = writeOnnx({ outputs: { '%1': exp(add(a, b)), '#0': index, y: add(b, 1) } })
  const { nodes, initializers, inputs } = decodeModel(bytes)
  const made = [
    ...inputs.map(({ name }) => name),
    ...initializers.keys(),
    ...nodes.flatMap((node) => node.outputs)
  ]
  assert.equal(new Set(made).size, made.length, made.join())
  const session = await openSession(bytes)
  const actual = await session.run({ '%0': floats([2], [0, 1]), '%1.1': floats([2], [0, -1]) })
  await session.dispose()
  assert.deepEqual(actual['%1'], floats([2], [1, 1]))
  assert.deepEqual([...actual['#0']!.data], [0])
  assert.deepEqual(actual.y, floats([2], [1, 0]))
})

test('names with commas do not make two nodes one', async () => {
  const [a, b, c, d] = ['a', 'b,c', 'a,b', 'c'].map((name) => input(name, [1]))
  const bytes = writeOnnx({ outputs: { y: add(multiply(a!, b!), multiply(c!, d!)) } })
  const one = (value: number): Tensor => floats([1], [value])
  const feeds = { a: one(2), 'b,c': one(3), 'a,b': one(5), c: one(7) }
  assert.deepEqual(await run(bytes, feeds), one(2 * 3 + 5 * 7))
})
