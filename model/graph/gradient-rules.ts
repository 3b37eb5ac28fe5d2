// The gradient table: what flows back through each op, as graph. Pure. A rule gets the inputs, the
// gradient dy of the result, the result y and the params, and returns the gradient of each input,
// or nothing for one that has none. Broadcasting is undone in gradients.ts.
import { sizeOf } from '../tensor/tensor.ts'
import { oneHot } from './composites.ts'
import { convGradients, convTransposeGradients } from './convolution-gradients.ts'
import {
  add,
  and,
  cast,
  cosine,
  divide,
  equal,
  exp,
  expand,
  greater,
  less,
  log,
  matmul,
  multiply,
  negate,
  power,
  reduceSum,
  reshape,
  reverse,
  sigmoid,
  sign,
  sine,
  slice,
  subtract,
  transpose,
  where
} from './functions.ts'
import { bind } from './graph.ts'
import { averagePoolGradient, maxPoolGradient, unslice } from './pool-gradients.ts'
import type { OpName, OpParams, ReduceParams, Value } from './ops.ts'

export type Gradient = Value | undefined

export type GradientRule<P> = (
  inputs: readonly Value[],
  dy: Value,
  y: Value,
  params: P
) => readonly Gradient[]

/** The rule of an op with one input. */
function one<P>(rule: (x: Value, dy: Value, y: Value, params: P) => Gradient): GradientRule<P> {
  return ([x], dy, y, params) => (x ? [rule(x, dy, y, params)] : [])
}

/** The rule of an op with two inputs. */
function two<P>(
  rule: (a: Value, b: Value, dy: Value, y: Value, params: P) => readonly Gradient[]
): GradientRule<P> {
  return ([a, b], dy, y, params) => (a && b ? rule(a, b, dy, y, params) : [])
}

const none: GradientRule<unknown> = () => []

/** A reduced result spread over the places it was reduced from. */
function spread(value: Value, x: Value, { axes }: ReduceParams): Value {
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  return expand(reshape(value, kept), x.shape)
}

function reducedSize(x: Value, { axes }: ReduceParams): number {
  return sizeOf(axes.map((axis) => x.shape[axis] ?? 1))
}

/** One line an op. */
export const gradientRules: { readonly [K in OpName]: GradientRule<OpParams[K]> } = {
  absolute: one((x, dy) => multiply(dy, sign(x))),
  negate: one((_, dy) => negate(dy)),
  sign: none,
  floor: none,
  exp: one((_, dy, y) => multiply(dy, y)),
  log: one((x, dy) => divide(dy, x)),
  squareRoot: one((_, dy, y) => divide(multiply(dy, 0.5), y)),
  erf: one((x, dy) => multiply(dy, multiply(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI)))),
  sine: one((x, dy) => multiply(dy, cosine(x))),
  cosine: one((x, dy) => negate(multiply(dy, sine(x)))),
  tanh: one((_, dy, y) => multiply(dy, subtract(1, multiply(y, y)))),
  softplus: one((x, dy) => multiply(dy, sigmoid(x))),
  sigmoid: one((_, dy, y) => multiply(dy, multiply(y, subtract(1, y)))),
  // A product with 0 or 1: ONNX Runtime's Where takes twice as long on the CPU.
  relu: one((_, dy, y) => multiply(dy, cast(greater(y, 0), 'f32'))),
  clip: one((_, dy, y, { low, high }) =>
    multiply(dy, cast(and(greater(y, low), less(y, high)), 'f32'))
  ),
  not: none,
  cast: one((x, dy, y) => (x.type === 'f32' && y.type === 'f32' ? dy : undefined)),
  stopGradient: none,

  add: two((_a, _b, dy) => [dy, dy]),
  subtract: two((_a, _b, dy) => [dy, negate(dy)]),
  multiply: two((a, b, dy) => [multiply(dy, b), multiply(dy, a)]),
  divide: two((_, b, dy, y) => [divide(dy, b), negate(divide(multiply(dy, y), b))]),
  power: two((a, b, dy, y) => [
    multiply(dy, multiply(b, power(a, subtract(b, 1)))),
    multiply(dy, multiply(y, where(greater(a, 0), log(where(greater(a, 0), a, 1)), 0)))
  ]),
  // Where both are equal, the first takes the gradient.
  minimum: two((a, b, dy) => [where(greater(a, b), 0, dy), where(greater(a, b), dy, 0)]),
  maximum: two((a, b, dy) => [where(greater(b, a), 0, dy), where(greater(b, a), dy, 0)]),
  equal: none,
  less: none,
  greater: none,
  and: none,
  or: none,
  where: ([condition], dy) =>
    condition && dy.type === 'f32'
      ? [undefined, where(condition, dy, 0), where(condition, 0, dy)]
      : [],

  reduceSum: one((x, dy, _, params) => spread(dy, x, params)),
  reduceMean: one((x, dy, _, params) =>
    spread(multiply(dy, 1 / reducedSize(x, params)), x, params)
  ),
  reduceMax: one((x, dy, y, params) => {
    const largest = cast(equal(x, spread(y, x, params)), 'f32')
    const count = reduceSum(largest, params.axes, params.keep)
    return multiply(largest, spread(divide(dy, count), x, params))
  }),
  reduceSumSquare: one((x, dy, _, params) => multiply(x, spread(multiply(dy, 2), x, params))),
  softmax: one((_, dy, y, { axis }) => {
    const weighted = multiply(dy, y)
    return subtract(weighted, multiply(y, reduceSum(weighted, [axis], true)))
  }),
  logSoftmax: one((_, dy, y, { axis }) =>
    subtract(dy, multiply(exp(y), reduceSum(dy, [axis], true)))
  ),
  topK: none,

  matmul: two((a, b, dy, _, { transposeA, transposeB }) => [
    transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB }),
    transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA })
  ]),
  conv: convGradients,
  convTranspose: convTransposeGradients,
  maxPool: one(maxPoolGradient),
  averagePool: one(averagePoolGradient),

  reshape: one((x, dy) => reshape(dy, x.shape)),
  transpose: one((_, dy, _y, { permutation }) =>
    transpose(
      dy,
      permutation.map((_axis, axis) => permutation.indexOf(axis))
    )
  ),
  expand: one((_, dy) => dy),
  slice: one((x, dy, _, { starts, steps }) => unslice(dy, x.shape, starts, steps)),
  reverse: one((_, dy, _y, { axes }) => reverse(dy, axes)),
  pad: one((x, dy, _, { before }) =>
    bind('slice', [dy], {
      starts: before,
      ends: x.shape.map((length, axis) => length + (before[axis] ?? 0)),
      steps: before.map(() => 1)
    })
  ),
  concat: (inputs, dy, _, { axis }) => {
    let start = 0
    return inputs.map(({ shape }) => {
      const from = start
      start += shape[axis] ?? 0
      return slice(dy, axis, from, start)
    })
  },
  // As a product with one-hot rows: adding up in places is no standard operator on every provider.
  gather: two((x, indices, dy, _, { axis }) => {
    const [rows = 1, count] = [x.shape[axis], sizeOf(indices.shape)]
    const lead = x.shape.slice(0, axis)
    const tail = sizeOf(x.shape.slice(axis + 1))
    const asked = cast(reshape(indices, [count]), 'i32')
    const fromFront = where(less(asked, 0), add(asked, rows), asked)
    const hot = oneHot(fromFront, rows)
    const sum = matmul(hot, reshape(dy, [sizeOf(lead), count, tail]), { transposeA: true })
    return [reshape(sum, x.shape)]
  })
}
