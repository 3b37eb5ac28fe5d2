// The tensor language as functions: one a primitive op, with usual parameters filled in. Pure.
// What is made of several ops is in composites.ts.
import { axisOf } from '../tensor/shape.ts'
import type { ElementType, Shape } from '../tensor/tensor.ts'
import { bind, scalar } from './graph.ts'
import { GraphError } from './ops.ts'
import type { ConvolutionParams, None, OpName, OpParams, PoolParams, Value } from './ops.ts'

/** A value, or a number that stands for a constant of the other operand's type. */
export type Operand = Value | number

type WithoutParams = { [K in OpName]: OpParams[K] extends None ? K : never }[OpName]

function unary<K extends WithoutParams>(op: K): (x: Value) => Value {
  return (x) => bind<WithoutParams>(op, [x], {})
}

function binary<K extends WithoutParams>(op: K): (a: Operand, b: Operand) => Value {
  return (a, b) => bind<WithoutParams>(op, [valueOf(a, b), valueOf(b, a)], {})
}

function valueOf(operand: Operand, other: Operand): Value {
  if (typeof operand !== 'number') return operand
  const type = typeof other === 'number' ? 'f32' : other.type
  if (type === 'f16') throw new GraphError('a number: expected any type but f16 beside it, got f16')
  return scalar(operand, type)
}

export const absolute = unary('absolute')
export const negate = unary('negate')
/** -1, 0 or 1. */
export const sign = unary('sign')
export const floor = unary('floor')
export const exp = unary('exp')
export const log = unary('log')
export const squareRoot = unary('squareRoot')
export const erf = unary('erf')
export const sine = unary('sine')
export const cosine = unary('cosine')
export const tanh = unary('tanh')
export const sigmoid = unary('sigmoid')
/** log(1 + exp x), without overflow. */
export const softplus = unary('softplus')
export const relu = unary('relu')
export const not = unary('not')
/** x, through which no gradient flows. */
export const stopGradient = unary('stopGradient')

export const add = binary('add')
export const subtract = binary('subtract')
export const multiply = binary('multiply')
export const divide = binary('divide')
export const power = binary('power')
export const minimum = binary('minimum')
export const maximum = binary('maximum')
export const equal = binary('equal')
export const less = binary('less')
export const greater = binary('greater')
export const and = binary('and')
export const or = binary('or')

/** Keeps x in [low, high]; the gradient is 1 between them and 0 at the ends, as for relu. */
export function clip(x: Value, low: number, high: number): Value {
  return bind('clip', [x], { low, high })
}

/** Another element type: to bool is `x != 0`, to an integer truncates. */
export function cast(x: Value, to: ElementType): Value {
  return bind('cast', [x], { to })
}

/** a where the condition holds, else b. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  return bind('where', [condition, valueOf(a, b), valueOf(b, a)], {})
}

type Reduction = 'reduceSum' | 'reduceMean' | 'reduceMax' | 'reduceSumSquare'

/**
 * Over the axes given (negative ones count from the end), or all; `keep` leaves them as length 1.
 */
function reduction(op: Reduction): (x: Value, axes?: readonly number[], keep?: boolean) => Value {
  return (x, axes, keep = false) => {
    const rank = x.shape.length
    const front = (axes ?? x.shape.map((_, axis) => axis)).map((axis) => axisOf(axis, rank))
    return bind(op, [x], { axes: [...new Set(front)].sort((a, b) => a - b), keep })
  }
}

export const reduceSum = reduction('reduceSum')
export const reduceMean = reduction('reduceMean')
/** The gradient goes to the largest elements, in equal parts where several are. */
export const reduceMax = reduction('reduceMax')
export const reduceSumSquare = reduction('reduceSumSquare')

/** Exponentials over their sum, along an axis. */
export function softmax(x: Value, axis = -1): Value {
  return bind('softmax', [x], { axis: axisOf(axis, x.shape.length) })
}

/** The logarithm of softmax, without overflow. */
export function logSoftmax(x: Value, axis = -1): Value {
  return bind('logSoftmax', [x], { axis: axisOf(axis, x.shape.length) })
}

/** The k largest elements along an axis, largest first. No gradient. */
export function topKValues(x: Value, k: number, axis = -1): Value {
  return bind('topK', [x], { k, axis: axisOf(axis, x.shape.length), result: 'values' })
}

/** Where the k largest elements are, as i32; equal ones by index. */
export function topKIndices(x: Value, k: number, axis = -1): Value {
  return bind('topK', [x], { k, axis: axisOf(axis, x.shape.length), result: 'indices' })
}

/**
 * Matrix product a [.., n, k] times b [.., k, m]; leading axes broadcast. A flag says that a matrix
 * is given with its last two axes swapped, which costs nothing.
 */
export function matmul(
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: Partial<OpParams['matmul']> = {}
): Value {
  return bind('matmul', [a, b], { transposeA, transposeB })
}

export type ConvolutionOptions = Partial<ConvolutionParams>

function convolution(options: ConvolutionOptions): ConvolutionParams {
  return { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1, ...options }
}

/** Convolution of x [N, C, H, W] with w [O, C/groups, h, w] and perhaps a bias [O]. */
export function conv(x: Value, w: Value, options: ConvolutionOptions = {}, bias?: Value): Value {
  return bind('conv', bias ? [x, w, bias] : [x, w], convolution(options))
}

/** The adjoint of `conv` in x: from [N, O, h', w'] and w [O, C/groups, h, w] to [N, C, H, W]. */
export function convTranspose(
  x: Value,
  w: Value,
  options: Partial<OpParams['convTranspose']> = {}
): Value {
  const { outputPads = [0, 0], ...rest } = options
  return bind('convTranspose', [x, w], { ...convolution(rest), outputPads })
}

export type PoolOptions = Partial<Omit<PoolParams, 'kernel'>>

/** The largest element under each window; stride is the kernel unless said. */
export function maxPool(
  x: Value,
  kernel: readonly [number, number],
  options: PoolOptions = {}
): Value {
  return bind('maxPool', [x], { kernel, strides: kernel, pads: [0, 0, 0, 0], ...options })
}

/**
 * The mean under each window; `countPads` counts padding as zeros, else only what is in the image.
 */
export function averagePool(
  x: Value,
  kernel: readonly [number, number],
  options: PoolOptions & { countPads?: boolean } = {}
): Value {
  const { countPads = false, ...rest } = options
  return bind('averagePool', [x], {
    kernel,
    strides: kernel,
    pads: [0, 0, 0, 0],
    ...rest,
    countPads
  })
}

/** One length may be -1: what is left. */
export function reshape(x: Value, shape: Shape): Value {
  const known = shape.reduce((size, length) => (length === -1 ? size : size * length), 1)
  const size = x.shape.reduce((product, length) => product * length, 1)
  const whole = shape.map((length) => (length === -1 ? size / known : length))
  return bind('reshape', [x], { shape: whole })
}

/** Axes in a new order; turned round when none is given. */
export function transpose(x: Value, permutation?: readonly number[]): Value {
  const reversed = x.shape.map((_, axis) => x.shape.length - 1 - axis)
  return bind('transpose', [x], { permutation: permutation ?? reversed })
}

/** Repeats axes of length 1, or new ones in front, to a shape. */
export function expand(x: Value, shape: Shape): Value {
  return bind('expand', [x], { shape })
}

/** Elements start, start + step, .. before end, along one axis; all of the others. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  const at = axisOf(axis, x.shape.length)
  return bind('slice', [x], {
    starts: x.shape.map((_, other) => (other === at ? start : 0)),
    ends: x.shape.map((length, other) => (other === at ? end : length)),
    steps: x.shape.map((_, other) => (other === at ? step : 1))
  })
}

/** Turns axes end to front. */
export function reverse(x: Value, axes: readonly number[]): Value {
  return bind('reverse', [x], { axes })
}

/** Puts elements of `value` before and after each axis; one number an axis. */
export function pad(
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value = 0
): Value {
  return bind('pad', [x], { before, after, value })
}

/** One after the other along an axis. */
export function concat(values: readonly Value[], axis: number): Value {
  return bind('concat', values, { axis: axisOf(axis, values[0]?.shape.length ?? 0) })
}

/**
 * Rows of x along an axis by indices (i32 or i64) of any shape, which takes the axis' place;
 * negative ones count from the end.
 */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return bind('gather', [x, indices], { axis: axisOf(axis, x.shape.length) })
}
