// The reference: what each op means, as plain loops over float64. Any process; small tensors only.
// Tests hold every provider against it, and simplify.ts folds constants with it. Windows and
// products are in reference-windows.ts.
import { broadcastStrides, stridesOf, walk } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/tensor.ts'
import type { Numbers, Shape } from '../tensor/tensor.ts'
import type { OpName, OpParams, ReduceParams, Spec } from './ops.ts'
import { averagePool, conv, convTranspose, matmul, maxPool } from './reference-windows.ts'

export type Reference<P> = (inputs: readonly Numbers[], params: P, result: Spec) => Float64Array

function unary<P>(f: (x: number, params: P) => number): Reference<P> {
  return ([x], params) => (x?.data ?? new Float64Array()).map((value) => f(value, params))
}

function binary(f: (a: number, b: number) => number): Reference<unknown> {
  return (inputs, _, { shape }) => {
    const [a = new Float64Array(), b = new Float64Array()] = inputs.map((x) => spread(x, shape))
    return a.map((value, place) => f(value, b[place] ?? NaN))
  }
}

/** Data repeated to a shape that it broadcasts to. */
function spread(x: Numbers, shape: Shape): Float64Array {
  return view(x.data, shape, broadcastStrides(x.shape, shape))
}

/** Data walked by strides, as a copy. */
function view(
  data: Float64Array,
  shape: Shape,
  strides: readonly number[],
  start = 0
): Float64Array {
  const result = new Float64Array(sizeOf(shape))
  walk(shape, strides, (offset, place) => (result[place] = data[offset] ?? NaN), start)
  return result
}

/**
 * Calls f with the elements of each line along `axes` and writes what it returns in their places.
 */
function lines(
  { shape, data }: Numbers,
  axes: readonly number[],
  f: (line: Float64Array, at: number) => void
): void {
  const strides = stridesOf(shape)
  const pick = (values: readonly number[], inside: boolean): number[] =>
    values.filter((_, axis) => axes.includes(axis) === inside)
  const inner = pick(shape, true)
  walk(pick(shape, false), pick(strides, false), (offset, at) =>
    f(view(data, inner, pick(strides, true), offset), at)
  )
}

function reduce(f: (line: Float64Array) => number): Reference<ReduceParams> {
  return ([x], { axes }, { shape }) => {
    const result = new Float64Array(sizeOf(shape))
    if (x) lines(x, axes, (line, at) => (result[at] = f(line)))
    return result
  }
}

/** Lines along one axis, each replaced by as many numbers as the result has there. */
function rewrite<P extends { axis: number }>(
  f: (line: Float64Array, params: P) => Float64Array
): Reference<P> {
  return ([x], params, { shape }) => {
    const result = new Float64Array(sizeOf(shape))
    const strides = stridesOf(shape)
    const step = strides[params.axis] ?? 1
    const starts: number[] = []
    const others = (values: readonly number[]): number[] =>
      values.filter((_, axis) => axis !== params.axis)
    walk(others(shape), others(strides), (offset) => starts.push(offset))
    if (!x) return result
    lines(x, [params.axis], (line, at) => {
      for (const [k, value] of f(line, params).entries())
        result[(starts[at] ?? 0) + k * step] = value
    })
    return result
  }
}

const sum = (line: Float64Array): number => line.reduce((total, x) => total + x, 0)

function logSoftmax(line: Float64Array): Float64Array {
  const largest = line.reduce((a, b) => Math.max(a, b), -Infinity)
  const total = Math.log(sum(line.map((x) => Math.exp(x - largest))))
  return line.map((x) => x - largest - total)
}

function topK(line: Float64Array, { k, result }: OpParams['topK']): Float64Array {
  const order = [...line.keys()].sort((a, b) => (line[b] ?? 0) - (line[a] ?? 0) || a - b)
  return Float64Array.from(order.slice(0, k), (at) =>
    result === 'indices' ? at : (line[at] ?? NaN)
  )
}

/**
 * The error function by its series 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (1 3 5 .. (2n+1)), whose
 * terms all have one sign (Abramowitz and Stegun 7.1.6); beyond 6 it is 1 to the last digit.
 */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}

/** One line an op. */
export const references: { readonly [K in OpName]: Reference<OpParams[K]> } = {
  absolute: unary(Math.abs),
  negate: unary((x) => -x),
  sign: unary(Math.sign),
  floor: unary(Math.floor),
  exp: unary(Math.exp),
  log: unary(Math.log),
  squareRoot: unary(Math.sqrt),
  erf: unary(erf),
  sine: unary(Math.sin),
  cosine: unary(Math.cos),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  relu: unary((x) => Math.max(x, 0)),
  clip: unary((x, { low, high }) => Math.min(Math.max(x, low), high)),
  not: unary((x) => 1 - x),
  cast: unary((x, { to }) => {
    if (to === 'bool') return x === 0 ? 0 : 1
    return to === 'f32' || to === 'f16' ? x : Math.trunc(x)
  }),
  stopGradient: unary((x) => x),

  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  power: binary(Math.pow),
  minimum: binary(Math.min),
  maximum: binary(Math.max),
  equal: binary((a, b) => Number(a === b)),
  less: binary((a, b) => Number(a < b)),
  greater: binary((a, b) => Number(a > b)),
  and: binary((a, b) => a * b),
  or: binary(Math.max),
  where: (inputs, _, { shape }) => {
    const [condition, a, b] = inputs.map((x) => spread(x, shape))
    return (condition ?? new Float64Array()).map((c, at) => (c ? a?.[at] : b?.[at]) ?? NaN)
  },

  reduceSum: reduce(sum),
  reduceMean: reduce((line) => sum(line) / line.length),
  reduceMax: reduce((line) => line.reduce((a, b) => Math.max(a, b), -Infinity)),
  reduceSumSquare: reduce((line) => sum(line.map((x) => x * x))),
  softmax: rewrite((line) => logSoftmax(line).map(Math.exp)),
  logSoftmax: rewrite(logSoftmax),
  topK: rewrite(topK),

  matmul,
  conv,
  convTranspose,
  maxPool,
  averagePool,

  reshape: unary((x) => x),
  transpose: ([x], { permutation }, { shape }) => {
    const strides = stridesOf(x?.shape ?? [])
    return view(
      x?.data ?? new Float64Array(),
      shape,
      permutation.map((axis) => strides[axis] ?? 1)
    )
  },
  expand: ([x], _, { shape }) => (x ? spread(x, shape) : new Float64Array()),
  slice: ([x], { starts, steps }, { shape }) => {
    const strides = stridesOf(x?.shape ?? [])
    const start = strides.reduce((offset, stride, axis) => offset + stride * (starts[axis] ?? 0), 0)
    const stepped = strides.map((stride, axis) => stride * (steps[axis] ?? 1))
    return view(x?.data ?? new Float64Array(), shape, stepped, start)
  },
  reverse: ([x], { axes }, { shape }) => {
    const strides = stridesOf(shape)
    const turned = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride))
    const start = axes.reduce((at, axis) => at + (strides[axis] ?? 0) * ((shape[axis] ?? 1) - 1), 0)
    return view(x?.data ?? new Float64Array(), shape, turned, start)
  },
  pad: ([x], { before, value }, { shape }) => {
    const result = new Float64Array(sizeOf(shape)).fill(value)
    const strides = stridesOf(shape)
    const start = strides.reduce((offset, stride, axis) => offset + stride * (before[axis] ?? 0), 0)
    walk(
      x?.shape ?? [],
      strides,
      (offset, place) => (result[offset] = x?.data[place] ?? NaN),
      start
    )
    return result
  },
  concat: (inputs, { axis }, { shape }) => {
    const result = new Float64Array(sizeOf(shape))
    const strides = stridesOf(shape)
    let start = 0
    for (const x of inputs) {
      walk(x.shape, strides, (offset, place) => (result[offset] = x.data[place] ?? NaN), start)
      start += (strides[axis] ?? 1) * (x.shape[axis] ?? 0)
    }
    return result
  },
  gather: ([x, indices], { axis }) => {
    const [shape, data] = [x?.shape ?? [], x?.data ?? new Float64Array()]
    const [rows, tail] = [shape[axis] ?? 1, sizeOf(shape.slice(axis + 1))]
    const parts: number[] = []
    for (let lead = 0; lead < sizeOf(shape.slice(0, axis)); lead++) {
      for (const index of indices?.data ?? []) {
        const row = index < 0 ? index + rows : index
        parts.push(...data.subarray((lead * rows + row) * tail, (lead * rows + row + 1) * tail))
      }
    }
    return Float64Array.from(parts)
  }
}
