// Every op against golden values of PyTorch: by the reference, and as ONNX on each provider that
// runs here; value and gradients. An op without golden values fails.
import assert from 'node:assert/strict'
import test from 'node:test'
import { reduceSum, multiply } from '../../../model/graph/functions.ts'
import { bind, constant, input } from '../../../model/graph/graph.ts'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import type { Input, Value } from '../../../model/graph/ops.ts'
import { shapes } from '../../../model/graph/shapes.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession, runsHere } from '../../../model/runtime/session.ts'
import { floats, numbersOf, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { Numbers, Tensor } from '../../../model/tensor/tensor.ts'
import { useSoftwareDriver } from '../../support/webgpu.ts'
import { assertClose } from './close.ts'
import { goldenCases } from './golden-cases.ts'
import type { GoldenCase } from './golden-cases.ts'

interface Expectation {
  value: Value
  expected: readonly number[]
  what: string
}

/** A golden case as graph: its inputs and what each value of it must be. */
function expectations(golden: GoldenCase, prefix: string): [Input[], Expectation[]] {
  const inputs = golden.inputs.map(({ shape, type }, at) => input(`${prefix}.${at}`, shape, type))
  const y = bind(golden.op, inputs, golden.params)
  const all: Expectation[] = [{ value: y, expected: golden.result.data, what: 'value' }]
  if (golden.cotangent && golden.gradients) {
    const loss = reduceSum(multiply(y, constant(floats(y.shape, golden.cotangent))))
    const sources = inputs.filter((x) => x.type === 'f32')
    const found = gradients(loss, sources)
    for (const [at, x] of inputs.entries()) {
      const expected = golden.gradients[at]
      const value = found[sources.indexOf(x)]
      if (expected && value) all.push({ value, expected, what: `gradient of input ${at}` })
    }
  }
  return [inputs, all]
}

useSoftwareDriver()
const cases = goldenCases()

/** WGSL allows sin and cos an error of 2^-11, and software drivers use it (WGSL, 15.7.4). */
function toleranceOf(provider: string, op: string): number {
  return provider === 'webgpu' && (op === 'sine' || op === 'cosine') ? 2 ** -11 : 2e-6
}

test('every op has golden values', () => {
  const covered = new Set(cases.map(({ op }) => op))
  assert.deepEqual(
    Object.keys(shapes).filter((op) => !covered.has(op as never)),
    []
  )
})

for (const [number, golden] of cases.entries()) {
  test(`${golden.op} ${number}: reference`, () => {
    const [inputs, all] = expectations(golden, 'x')
    const feeds: Record<string, Numbers> = {}
    for (const [at, { name, shape }] of inputs.entries())
      feeds[name] = { shape, data: Float64Array.from(golden.inputs[at]?.data ?? []) }
    const values = evaluate(
      all.map(({ value }) => value),
      feeds
    )
    for (const [at, { expected, what, value }] of all.entries()) {
      if (what === 'value') {
        assert.deepEqual(value.shape, golden.result.shape)
        assert.equal(value.type, golden.result.type)
      }
      // Cotangents are float32 constants of the graph: 6e-8 of them is lost.
      assertClose(values[at]?.data ?? [], expected, what === 'value' ? 1e-8 : 1e-6, what)
    }
  })
}

for (const provider of ['cpu', 'webgpu'] as const) {
  test(`golden values on ${provider}`, async (t) => {
    const runs = await runsHere(provider)
    if (runs !== true) return t.skip(runs.message)
    const outputs: Record<string, Value> = {}
    const feeds: Record<string, Tensor> = {}
    const wanted: [string, string, Expectation][] = []
    for (const [number, golden] of cases.entries()) {
      const [inputs, all] = expectations(golden, `${number}`)
      for (const [at, { name, shape, type }] of inputs.entries())
        feeds[name] = tensorFrom(
          type === 'f16' ? 'f32' : type,
          shape,
          golden.inputs[at]?.data ?? []
        )
      for (const [at, expectation] of all.entries()) {
        const name = `${number} ${golden.op} ${at}`
        outputs[name] = expectation.value
        wanted.push([name, golden.op, expectation])
      }
    }
    // All of it on the device, but indices of topK (operators.ts).
    const isIndices = ([name, { type }]: [string, Value]): boolean =>
      name.includes(' topK ') && type === 'i32'
    const results: Record<string, Tensor> = {}
    for (const isAside of [false, true]) {
      const part = Object.entries(outputs).filter((output) => isIndices(output) === isAside)
      const model = writeOnnx({ outputs: Object.fromEntries(part) })
      const cpuFallback = provider === 'cpu' || isAside
      const session = await openSession(model, { provider, cpuFallback })
      const used = new Set(session.inputs.map(({ name }) => name))
      const given = Object.entries(feeds).filter(([name]) => used.has(name))
      Object.assign(results, await session.run(Object.fromEntries(given)))
      await session.dispose()
    }
    for (const [name, op, { expected, what }] of wanted) {
      await t.test(`${name}: ${what}`, () => {
        const result = results[name]
        assert.ok(result)
        assertClose(numbersOf(result), expected, toleranceOf(provider, op), what)
      })
    }
  })
}
