// Sessions on the cpu provider: feeds, carried state, errors that name what is wrong.
import assert from 'node:assert/strict'
import test from 'node:test'
import { encodeModel } from '../../../model/onnx/codec.ts'
import type { OnnxNode } from '../../../model/onnx/model.ts'
import { PROVIDERS, ProviderError, builtInProviders } from '../../../model/runtime/onnxruntime.ts'
import { openSession, runsHere } from '../../../model/runtime/session.ts'
import { identityModel } from '../../../model/runtime/small-models.ts'
import { floats, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { ElementType } from '../../../model/tensor/tensor.ts'

function node(operator: string, inputs: string[], outputs: string[]): OnnxNode {
  return { operator, name: operator, domain: '', inputs, outputs, attributes: {} }
}

/** w' = w + x; sum = w' * x: a training step in miniature. */
const stepModel = encodeModel({
  name: 'step',
  opset: 17,
  nodes: [node('Add', ['w', 'x'], ['w.next']), node('Mul', ['w.next', 'x'], ['product'])],
  initializers: new Map(),
  inputs: [
    { name: 'w', type: 'f32', shape: [2] },
    { name: 'x', type: 'f32', shape: [2] }
  ],
  outputs: [
    { name: 'w.next', type: 'f32', shape: [2] },
    { name: 'product', type: 'f32', shape: [2] }
  ]
})

test('every element type passes through a session unchanged', async () => {
  for (const type of ['f32', 'i32', 'i64', 'u8', 'bool'] as const) {
    const session = await openSession(identityModel(type, [2, 2]))
    const x = tensorFrom(type, [2, 2], [0, 1, 1, 0])
    assert.deepEqual(await session.run({ x }), { y: x })
    await session.dispose()
  }
})

test('a model that is fed halves is refused: not every Node can', async () => {
  const refused = openSession(identityModel('f16', [2]))
  await assert.rejects(refused, /value x: expected one of f32, i32, i64, u8, bool, got float16/)
})

test('a session tells its inputs and outputs', async () => {
  const session = await openSession(stepModel)
  assert.deepEqual(session.inputs, [
    { name: 'w', type: 'f32', shape: [2] },
    { name: 'x', type: 'f32', shape: [2] }
  ])
  assert.deepEqual(
    session.outputs.map(({ name }) => name),
    ['w.next', 'product']
  )
  await session.dispose()
})

test('carried state goes from run to run and is neither fed nor returned', async () => {
  const session = await openSession(stepModel, { carry: { 'w.next': 'w' } })
  const start = floats([2], [10, 20])
  session.write({ w: start })
  for (const expected of [11, 12, 13, 14]) {
    const outputs = await session.run({ x: floats([2], [1, 2]) })
    assert.deepEqual(outputs, { product: floats([2], [expected, 4 * (expected - 10) + 40]) })
  }
  const { w } = await session.read()
  assert.deepEqual(w, floats([2], [14, 28]))
  await session.run({ x: floats([2], [1, 1]) })
  assert.deepEqual(w, floats([2], [14, 28]), 'what was read is a copy')
  assert.deepEqual(start, floats([2], [10, 20]), 'what was written is a copy')
  session.write({ w: floats([2], [0, 0]) })
  assert.deepEqual(await session.run({ x: floats([2], [3, 4]) }), { product: floats([2], [9, 16]) })
  await session.dispose()
})

test('wrong feeds are refused with the name, what was expected and what came', async () => {
  const session = await openSession(stepModel, { carry: { 'w.next': 'w' } })
  const x = floats([2], [1, 2])
  await assert.rejects(session.run({ x }), /input w: expected a value by write, got none/)
  session.write({ w: x })
  await assert.rejects(session.run({}), /feed x: expected f32\[2\], got none/)
  await assert.rejects(
    session.run({ x: floats([3], [1, 2, 3]) }),
    /feed x: expected f32\[2\], got f32\[3\] of 3 elements/
  )
  await assert.rejects(
    session.run({ x: tensorFrom('i32', [2], [1, 2]) }),
    /feed x: expected f32\[2\], got i32\[2\]/
  )
  await assert.rejects(session.run({ x, z: x }), /feed z: expected one of x, got z/)
  assert.throws(() => session.write({ x }), /write x: expected a carried input/)
  await session.dispose()
  await assert.rejects(
    openSession(stepModel, { carry: { w: 'w' } }),
    /output of w.next, product, got w/
  )
})

test('a provider runs here or says why not, by name', async () => {
  assert.ok((await builtInProviders()).includes('cpu'))
  assert.equal(await runsHere('cpu'), true)
  for (const provider of PROVIDERS) {
    const answer = await runsHere(provider)
    if (answer === true) continue
    assert.ok(answer instanceof ProviderError)
    assert.match(answer.message, new RegExp(`execution provider ${provider}: expected`))
    await assert.rejects(openSession(stepModel, { provider }), { name: 'ProviderError' })
  }
})

test('a broken model is an error of its own, not of the provider', async () => {
  await assert.rejects(openSession(Uint8Array.of(1, 2, 3)), (error) => {
    assert.ok(error instanceof Error && !(error instanceof ProviderError))
    return true
  })
})

const fedTypes: ElementType[] = ['f32', 'i32', 'i64', 'u8', 'bool']
test('metadata covers every element type that is fed', async () => {
  for (const type of fedTypes) {
    const session = await openSession(identityModel(type, [1]))
    assert.equal(session.inputs[0]?.type, type)
    await session.dispose()
  }
})
