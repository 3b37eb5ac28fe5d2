// Every op on random shapes: its gradient against finite differences in float64, and its value and
// gradient as ONNX on the cpu provider against the reference. Generated from the table of samples.
import assert from 'node:assert/strict'
import test from 'node:test'
import type fc from 'fast-check'
import { bind } from '../../../model/graph/graph.ts'
import type { OpName } from '../../../model/graph/ops.ts'
import { shapes } from '../../../model/graph/shapes.ts'
import { checkGradients, checkOnnx } from './loops.ts'
import type { Drawn } from './loops.ts'
import { samples } from './samples.ts'
import type { Sample } from './samples.ts'

/** The ops that are meant to have no gradient though they have a slope. */
const STOPS: readonly OpName[] = ['stopGradient', 'topK']

function drawnOf(op: OpName, { inputs, params }: Sample<OpName>): Drawn {
  return {
    // Equal takes whole numbers as floats, for ties.
    inputs: op === 'equal' ? inputs.map((each) => ({ ...each, type: 'f32' as const })) : inputs,
    make: (values) => bind(op, values, params)
  }
}

const ops = Object.keys(shapes).filter((name): name is OpName => name in samples)

test('every op has samples', () => {
  assert.deepEqual(ops, Object.keys(shapes))
})

for (const op of ops) {
  const sampled: fc.Arbitrary<Sample<OpName>> = samples[op]
  const drawn = sampled.map((sample) => drawnOf(op, sample))

  test(`${op}: gradient against finite differences`, () =>
    checkGradients(op, drawn, STOPS.includes(op)))

  test(`${op}: ONNX on the cpu against the reference`, () => checkOnnx(op, drawn))
}
