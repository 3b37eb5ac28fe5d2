// Functions made of several ops: activations, normalisation, distances, one-hot rows. Pure.
// Their gradients follow from those of their parts.
import { axisOf } from '../tensor/shape.ts'
import { floats, integers } from '../tensor/tensor.ts'
import {
  add,
  cast,
  clip,
  divide,
  equal,
  erf,
  exp,
  log,
  matmul,
  maximum,
  multiply,
  reduceMax,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  reshape,
  sigmoid,
  softplus,
  squareRoot,
  stopGradient,
  subtract,
  tanh
} from './functions.ts'
import { constant } from './graph.ts'
import { GraphError } from './ops.ts'
import type { Value } from './ops.ts'

/** x times itself. */
export function square(x: Value): Value {
  return multiply(x, x)
}

/** x * sigmoid(x), also called SiLU. */
export function swish(x: Value): Value {
  return multiply(x, sigmoid(x))
}

/** x * tanh(softplus x) (Misra 2020). */
export function mish(x: Value): Value {
  return multiply(x, tanh(softplus(x)))
}

/** x * clip(x / 6 + 1/2, 0, 1), the swish of MobileNetV3. */
export function hardSwish(x: Value): Value {
  return multiply(x, hardSigmoid(x))
}

/** clip(slope x + 1/2, 0, 1). */
export function hardSigmoid(x: Value, slope = 1 / 6, shift = 0.5): Value {
  return clip(add(multiply(x, slope), shift), 0, 1)
}

/** x times the normal distribution function of x, by erf. */
export function gelu(x: Value): Value {
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1))
}

/** log of the sum of exponentials along an axis, which is dropped; no overflow. */
export function logSumExp(x: Value, axis = -1): Value {
  const at = axisOf(axis, x.shape.length)
  const largest = stopGradient(reduceMax(x, [at], true))
  const sum = reduceSum(exp(subtract(x, largest)), [at])
  return add(log(sum), reshape(largest, sum.shape))
}

/** x with an axis of length 1 put in at `axis` (negative ones count from the end of the result). */
export function unsqueeze(x: Value, axis: number): Value {
  const at = axisOf(axis, x.shape.length + 1)
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])
}

/** x [N, ..] as [N, the rest]. */
export function flatten(x: Value): Value {
  return reshape(x, [x.shape[0] ?? 1, -1])
}

/** x [.., D] times the transpose of w [O, D], plus a bias [O]: the linear layer. */
export function linear(x: Value, w: Value, bias?: Value): Value {
  const rows = x.shape.length === 2 ? x : reshape(x, [-1, x.shape.at(-1) ?? 1])
  const product = matmul(rows, w, { transposeB: true })
  const result = bias ? add(product, bias) : product
  return x.shape.length === 2 ? result : reshape(result, [...x.shape.slice(0, -1), w.shape[0] ?? 1])
}

/** x over the length of each row of its last axis; rows shorter than epsilon are divided by it. */
export function normalize(x: Value, epsilon = 1e-12): Value {
  // The bound is inside the root, which has no gradient at zero.
  const length = squareRoot(maximum(reduceSumSquare(x, [-1], true), epsilon ** 2))
  return divide(x, length)
}

/** The mean of each channel's picture: [N, C, H, W] to [N, C]. */
export function globalAveragePool(x: Value): Value {
  return reduceMean(x, [2, 3])
}

export interface BatchNorm {
  readonly y: Value
  /** Mean of each channel over the batch, [C]. */
  readonly mean: Value
  /** Variance of each channel over the batch, [C], divided by the count. */
  readonly variance: Value
}

/**
 * Batch normalisation in training: x [N, C, ..] by its own mean and variance (Ioffe and Szegedy
 * 2015). No gradient flows through the mean inside the variance: it is zero, as the centred x sums
 * to zero.
 */
export function batchNorm(x: Value, scale: Value, shift: Value, epsilon = 1e-5): BatchNorm {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1)
  const count = axes.reduce((size, axis) => size * (x.shape[axis] ?? 1), 1)
  const mean = reduceMean(x, axes, true)
  const squares = reduceSumSquare(subtract(x, stopGradient(mean)), axes, true)
  const variance = multiply(squares, 1 / count)
  const factor = divide(channels(scale, x), squareRoot(add(variance, epsilon)))
  const y = add(multiply(subtract(x, mean), factor), channels(shift, x))
  return { y, mean: reshape(mean, scale.shape), variance: reshape(variance, scale.shape) }
}

/** Batch normalisation by given means and variances [C], as after training. */
export function batchNormEvaluate(
  x: Value,
  scale: Value,
  shift: Value,
  mean: Value,
  variance: Value,
  epsilon = 1e-5
): Value {
  const factor = divide(scale, squareRoot(add(variance, epsilon)))
  return scaleChannels(x, factor, subtract(shift, multiply(mean, factor)))
}

/** x [N, C, ..] * scale [C] + shift [C], a channel each. */
export function scaleChannels(x: Value, scale: Value, shift: Value): Value {
  return add(multiply(x, channels(scale, x)), channels(shift, x))
}

/** Numbers [C] as [1, C, 1, ..], to stand beside x [N, C, ..]. */
function channels(numbers: Value, x: Value): Value {
  return reshape(numbers, [1, -1, ...x.shape.slice(2).map(() => 1)])
}

/**
 * Layer normalisation over the last axes, as many as `scale` has; scale and shift of their shape.
 */
export function layerNorm(x: Value, scale: Value, shift: Value, epsilon = 1e-5): Value {
  const axes = scale.shape.map((_, axis) => axis - scale.shape.length)
  const centred = subtract(x, reduceMean(x, axes, true))
  const variance = reduceMean(square(centred), axes, true)
  const normal = divide(centred, squareRoot(add(variance, epsilon)))
  return add(multiply(normal, scale), shift)
}

/** 0, 1, .. count - 1 as i32. */
export function iota(count: number): Value {
  return constant(
    integers(
      [count],
      Int32Array.from({ length: count }, (_, index) => index)
    )
  )
}

/** Rows of the unit matrix: f32 [.., depth] with 1 where the last axis is the index. */
export function oneHot(indices: Value, depth: number): Value {
  if (indices.type !== 'i32' && indices.type !== 'i64')
    throw new GraphError(`oneHot: expected i32 or i64, got ${indices.type}`)
  return cast(equal(unsqueeze(cast(indices, 'i32'), -1), iota(depth)), 'f32')
}

/** A constant float32 tensor of one number. */
export function filled(shape: readonly number[], value: number): Value {
  const size = shape.reduce((product, length) => product * length, 1)
  return constant(floats(shape, new Float32Array(size).fill(value)))
}
