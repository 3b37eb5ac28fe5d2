// Random inputs for every function that is made of several ops: what the property tests draw from.
// One that is missing here does not compile.
import fc from 'fast-check'
import * as c from '../../../model/graph/composites.ts'
import { multiply } from '../../../model/graph/functions.ts'
import type { Value } from '../../../model/graph/ops.ts'
import type { Drawn } from './loops.ts'
import type { Kind } from './sample-numbers.ts'

const length = fc.integer({ min: 1, max: 4 })
const shape = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(length, { minLength: min, maxLength: max })
/** [N, C, H, W] or fewer axes after the channels. */
const channelled = shape(2, 4)

type Make = (...values: Value[]) => Value

/** A drawn function of inputs whose shapes follow from one. */
function of(
  shapes: fc.Arbitrary<number[]>,
  inputs: (dims: number[]) => (readonly [shape: readonly number[], kind?: Kind])[],
  make: (dims: number[]) => Make
): fc.Arbitrary<Drawn> {
  return shapes.map((dims) => ({
    inputs: inputs(dims).map(([each, kind = 'number']) => ({ shape: each, kind })),
    make: (values) => make(dims)(...values)
  }))
}

/** A function of one input, of any shape unless said. */
function one(make: (x: Value, dims: number[]) => Value, shapes = shape(1, 4)): fc.Arbitrary<Drawn> {
  return of(
    shapes,
    (dims) => [[dims]],
    (dims) => (x) => make(x!, dims)
  )
}

/** x and some lists of numbers, one a channel; the last of `kinds` are theirs. */
function withChannels(make: Make, ...kinds: readonly Kind[]): fc.Arbitrary<Drawn> {
  return of(
    channelled,
    (dims) => [[dims], ...kinds.map((kind) => [[dims[1] ?? 1], kind] as const)],
    () => make
  )
}

/** Numbers of samples are within 2.4 of 0: so that clips are reached on both sides. */
const wide = (x: Value): Value => multiply(x, 4.1)

/** One line a composite; a constant has nothing to draw. */
export const compositeSamples: {
  readonly [K in keyof typeof c]: fc.Arbitrary<Drawn> | 'constant'
} = {
  square: one(c.square),
  swish: one(c.swish),
  mish: one(c.mish),
  hardSwish: one((x) => c.hardSwish(wide(x))),
  hardSigmoid: one((x) => c.hardSigmoid(wide(x), 0.2)),
  gelu: one(c.gelu),
  logSumExp: one((x, dims) => c.logSumExp(x, dims.length - 1)),
  unsqueeze: one((x, dims) => c.unsqueeze(x, -dims.length)),
  flatten: one(c.flatten),
  linear: of(
    shape(2, 4),
    (dims) => [[dims], [[3, dims.at(-1) ?? 1]], [[3]]],
    () => (x, w, bias) => c.linear(x!, w!, bias)
  ),
  normalize: one((x) => c.normalize(x)),
  globalAveragePool: one(c.globalAveragePool, shape(4, 4)),
  // All that it gives, in one: the mean and the variance scale and shift what is normalised.
  batchNorm: withChannels(
    (x, scale, shift) => {
      const { y, mean, variance } = c.batchNorm(x!, scale!, shift!)
      return c.scaleChannels(y, mean, variance)
    },
    'number',
    'number'
  ),
  batchNormEvaluate: withChannels(
    (x, scale, shift, mean, variance) => c.batchNormEvaluate(x!, scale!, shift!, mean!, variance!),
    'number',
    'number',
    'number',
    'positive'
  ),
  scaleChannels: withChannels((x, a, b) => c.scaleChannels(x!, a!, b!), 'number', 'number'),
  layerNorm: of(
    shape(1, 4),
    (dims) => [[dims], [dims.slice(-2)], [dims.slice(-2)]],
    () => (x, scale, shift) => c.layerNorm(x!, scale!, shift!)
  ),
  iota: 'constant',
  oneHot: shape(0, 3).map((dims) => ({
    inputs: [{ shape: dims, kind: 'integer' }],
    make: ([indices]) => c.oneHot(indices!, 3)
  })),
  filled: 'constant'
}
