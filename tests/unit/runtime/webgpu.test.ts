// Sessions on webgpu: carried state stays in device memory and comes back right. Skipped without an
// adapter.
import assert from 'node:assert/strict'
import test from 'node:test'
import { add, matmul, multiply, reduceSum, subtract } from '../../../model/graph/functions.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { input } from '../../../model/graph/graph.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { loadRuntime } from '../../../model/runtime/onnxruntime.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { openSession, runsHere } from '../../../model/runtime/session.ts'
import { floats, floatsIn } from '../../../model/tensor/tensor.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { useSoftwareDriver } from '../../support/webgpu.ts'

useSoftwareDriver()

/** Least squares: five steps of gradient descent with momentum; the losses and the last weights. */
async function descend(provider: Provider): Promise<{ losses: number[]; weights: Float32Array }> {
  const x = input('x', [8, 4])
  const y = input('y', [8, 3])
  const w = input('w', [4, 3])
  const m = input('m', [4, 3])
  const error = subtract(matmul(x, w), y)
  const loss = reduceSum(multiply(error, error))
  const [slope = w] = gradients(loss, [w])
  const momentum = add(multiply(m, 0.9), slope)
  const outputs = { loss, 'm.next': momentum, 'w.next': subtract(w, multiply(momentum, 0.01)) }
  const session = await openSession(writeOnnx({ outputs }), {
    provider,
    carry: { 'w.next': 'w', 'm.next': 'm' }
  })
  session.write({ w: floats([4, 3], noiseNumbers(12, 1)), m: floats([4, 3], new Float32Array(12)) })
  const losses: number[] = []
  for (let step = 0; step < 5; step++) {
    const results = await session.run({
      x: floats([8, 4], noiseNumbers(32, 2)),
      y: floats([8, 3], noiseNumbers(24, 3))
    })
    assert.deepEqual(Object.keys(results), ['loss'])
    losses.push(floatsIn(results.loss, 'loss')[0] ?? NaN)
  }
  const { w: weights } = await session.read()
  await session.dispose()
  return { losses, weights: floatsIn(weights, 'w') }
}

test('training on webgpu follows training on the cpu', async (t) => {
  const runs = await runsHere('webgpu')
  if (runs !== true) return t.skip(runs.message)
  const [cpu, gpu] = [await descend('cpu'), await descend('webgpu')]
  assert.ok((cpu.losses[4] ?? NaN) < (cpu.losses[0] ?? NaN) / 2, 'it learns')
  assertClose(gpu.losses, cpu.losses, 1e-5, 'losses')
  assertClose(gpu.weights, cpu.weights, 1e-5, 'weights')
})

test('all that is carried is read by one model, made once, and as it was written', async (t) => {
  const runs = await runsHere('webgpu')
  if (runs !== true) return t.skip(runs.message)
  const { InferenceSession } = await loadRuntime()
  const created = t.mock.method(InferenceSession, 'create')
  const shapes = [1, 2, 3, 4, 5].map((length) => [`value ${length}`, [length]] as const)
  const x = input('x', [1])
  const next = shapes.map(([name, shape]) => [`next ${name}`, add(input(name, shape), x)] as const)
  const carry = Object.fromEntries(shapes.map(([name]) => [`next ${name}`, name]))
  const model = writeOnnx({ outputs: Object.fromEntries(next) })
  const session = await openSession(model, { provider: 'webgpu', carry })
  const all = (value: number) =>
    Object.fromEntries(
      shapes.map(([name, shape]) => [name, floats(shape, new Float32Array(shape[0]).fill(value))])
    )
  session.write(all(10))
  assert.deepEqual(await session.read(), all(10))
  for (const expected of [11, 12]) {
    await session.run({ x: floats([1], [1]) })
    assert.deepEqual(await session.read(), all(expected))
  }
  session.write({ 'value 2': floats([2], [7, 8]) })
  assert.deepEqual(await session.read(), { ...all(12), 'value 2': floats([2], [7, 8]) })
  await session.dispose()
  assert.equal(created.mock.callCount(), 2, 'the model itself, and one that reads')
})
