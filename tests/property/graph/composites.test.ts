// Every function that is made of several ops, on random shapes, as each op in ops.test.ts: its
// gradient is its slope, and ONNX Runtime on the cpu gives what the reference does.
import test from 'node:test'
import { compositeSamples } from './composite-samples.ts'
import { checkGradients, checkOnnx } from './loops.ts'

/** Gradients of what is normalised are differences of numbers that are close to each other. */
const TOLERANCE = 3e-5

for (const [name, drawn] of Object.entries(compositeSamples)) {
  if (drawn === 'constant') continue

  test(`${name}: gradient against finite differences`, () => checkGradients(name, drawn))

  test(`${name}: ONNX on the cpu against the reference`, () =>
    checkOnnx(name, drawn, TOLERANCE))
}
