// The two loops that ops and composites go through, on random shapes: gradients against finite
// differences in float64, and values and gradients as ONNX on the cpu provider against the
// reference.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { multiply, reduceSum } from '../../../model/graph/functions.ts'
import { constant, input } from '../../../model/graph/graph.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import type { Input, Value } from '../../../model/graph/ops.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import { floats, numbersOf, sizeOf, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { Numbers, Tensor } from '../../../model/tensor/tensor.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { numbersFor } from './sample-numbers.ts'
import type { SampleInput } from './sample-numbers.ts'

const RUNS = 12
const ONNX_RUNS = 6
/** Central differences in float64 lose about half of its digits. */
const STEP = 1e-5

const TYPES = { number: 'f32', positive: 'f32', integer: 'i32', flag: 'bool' } as const

/** Something to test: what it is made of, and how. */
export interface Drawn {
  readonly inputs: readonly (SampleInput & { readonly type?: 'f32' | 'i32' | 'bool' })[]
  make(inputs: readonly Value[]): Value
}

interface Built {
  inputs: Input[]
  feeds: Record<string, Numbers>
  y: Value
  loss: Value
  /** The gradients of the loss, of the float inputs in turn. */
  slopes: Value[]
  floats: Input[]
}

function build({ inputs: drawn, make }: Drawn, seed: number, prefix: string): Built {
  const inputs = drawn.map(({ shape, kind, type }, at) =>
    input(`${prefix}${at}`, shape, type ?? TYPES[kind])
  )
  const feeds: Record<string, Numbers> = {}
  for (const [at, given] of drawn.entries()) feeds[`${prefix}${at}`] = numbersFor(given, seed, at)
  const y = make(inputs)
  const weights = numbersFor({ shape: y.shape, kind: 'number' }, seed, 9).data
  const weighted =
    y.type === 'f32' ? multiply(y, constant(floats(y.shape, [...weights]))) : undefined
  const loss = weighted ? reduceSum(weighted) : constant(floats([], [0]))
  const sources = inputs.filter(({ type }) => type === 'f32')
  return { inputs, feeds, y, loss, slopes: gradients(loss, sources), floats: sources }
}

function lossAt(loss: Value, feeds: Record<string, Numbers>): number {
  return evaluate([loss], feeds)[0]?.data[0] ?? NaN
}

/** The slope of the loss by each element of an input, by stepping to both sides. */
function differences({ loss, feeds }: Built, name: string): Float64Array {
  const x = feeds[name] ?? assert.fail()
  const data = new Float64Array(x.data)
  return data.map((value, at) => {
    const sides = [value + STEP, value - STEP].map((moved) => {
      const stepped = data.map((held, other) => (other === at ? moved : held))
      return lossAt(loss, { ...feeds, [name]: { shape: x.shape, data: stepped } })
    })
    return ((sides[0] ?? NaN) - (sides[1] ?? NaN)) / (2 * STEP)
  })
}

/**
 * Fails where a gradient is not the slope.
 * @param stops whether it is meant to have no gradient though it has a slope
 */
export function checkGradients(what: string, drawn: fc.Arbitrary<Drawn>, stops = false): void {
  fc.assert(
    fc.property(drawn, fc.nat({ max: 1000 }), (sample, seed) => {
      const built = build(sample, seed, 'x')
      const slopes = evaluate(built.slopes, built.feeds)
      for (const [at, { name, shape }] of built.floats.entries()) {
        assert.deepEqual(slopes[at]?.shape, shape)
        const expected = stops ? new Float64Array(sizeOf(shape)) : differences(built, name)
        assertClose(slopes[at]?.data ?? [], expected, 1e-6, `${what}, input ${at}`)
      }
    }),
    { numRuns: RUNS }
  )
}

/**
 * Fails where ONNX Runtime on the cpu gives another value or gradient than the reference.
 * @param tolerance as a share of the largest number, for float32
 */
export async function checkOnnx(
  what: string,
  drawn: fc.Arbitrary<Drawn>,
  tolerance = 3e-6
): Promise<void> {
  const outputs: Record<string, Value> = {}
  const feeds: Record<string, Numbers> = {}
  const types = new Map<string, Input['type']>()
  for (const [run, [sample, seed]] of fc
    .sample(fc.tuple(drawn, fc.nat({ max: 1000 })), ONNX_RUNS)
    .entries()) {
    const built = build(sample, seed, `${run}.`)
    Object.assign(feeds, built.feeds)
    for (const { name, type } of built.inputs) types.set(name, type)
    outputs[`${run} value`] = built.y
    for (const [at, slope] of built.slopes.entries()) outputs[`${run} slope ${at}`] = slope
  }
  const session = await openSession(writeOnnx({ outputs }))
  const given: Record<string, Tensor> = {}
  for (const { name } of session.inputs) {
    const { shape, data } = feeds[name] ?? assert.fail(name)
    const type = types.get(name)
    given[name] = tensorFrom(type === 'bool' || type === 'i32' ? type : 'f32', shape, data)
  }
  const actual = await session.run(given)
  await session.dispose()
  // What is fed was rounded to float32, so the reference gets the rounded numbers too.
  const rounded: Record<string, Numbers> = {}
  for (const [name, { shape, data }] of Object.entries(feeds))
    rounded[name] = { shape, data: Float64Array.from(Float32Array.from(data)) }
  const expected = evaluate(Object.values(outputs), rounded)
  for (const [at, name] of Object.keys(outputs).entries()) {
    const result = actual[name] ?? assert.fail(name)
    assertClose(numbersOf(result), expected[at]?.data ?? [], tolerance, `${what}, ${name}`)
  }
}
