// The shape table: element type and shape of each op's result, and what it refuses. Pure.
import { broadcastShape, windowCount } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/tensor.ts'
import type { ElementType, Shape } from '../tensor/tensor.ts'
import { GraphError, specText } from './ops.ts'
import type { ConvolutionParams, OpName, OpParams, PoolParams, ReduceParams, Spec } from './ops.ts'

type ShapeRule<K extends OpName> = (inputs: readonly Spec[], params: OpParams[K]) => Spec

const FLOAT: readonly ElementType[] = ['f32']
const NUMBER: readonly ElementType[] = ['f32', 'i32', 'i64']
const INTEGER: readonly ElementType[] = ['i32', 'i64']
const BOOLEAN: readonly ElementType[] = ['bool']
const ANY: readonly ElementType[] = ['f32', 'i32', 'i64', 'u8', 'bool']

function refuse(expected: string, inputs: readonly Spec[]): never {
  throw new GraphError(`expected ${expected}, got ${inputs.map(specText).join(', ') || 'nothing'}`)
}

/** The inputs, of which there must be as many as `types`, each of one of the types named for it. */
function take(inputs: readonly Spec[], ...types: (readonly ElementType[])[]): readonly Spec[] {
  const fits =
    inputs.length === types.length && inputs.every((x, at) => types[at]?.includes(x.type))
  if (!fits) refuse(types.map((names) => names.join('|')).join(', '), inputs)
  return inputs
}

function one(inputs: readonly Spec[], types: readonly ElementType[]): Spec {
  const [x] = take(inputs, types)
  return x ?? refuse('one input', inputs)
}

function unary(types: readonly ElementType[]): (inputs: readonly Spec[]) => Spec {
  return (inputs) => {
    const { type, shape } = one(inputs, types)
    return { type, shape }
  }
}

function binary(types: readonly ElementType[], result?: ElementType) {
  return (inputs: readonly Spec[]): Spec => {
    const [a, b] = take(inputs, types, types)
    const shape = broadcastShape(...inputs.map((x) => x.shape))
    if (!shape || !a || a.type !== b?.type)
      return refuse('one type and shapes that broadcast', inputs)
    return { type: result ?? a.type, shape }
  }
}

function reduce(inputs: readonly Spec[], { axes, keep }: ReduceParams): Spec {
  const { type, shape } = one(inputs, FLOAT)
  for (const axis of axes) checkAxis(axis, shape, inputs)
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  return { type, shape: keep ? kept : kept.filter((_, axis) => !axes.includes(axis)) }
}

function alongAxis(inputs: readonly Spec[], { axis }: { axis: number }): Spec {
  const { type, shape } = one(inputs, FLOAT)
  checkAxis(axis, shape, inputs)
  return { type, shape }
}

function checkAxis(axis: number, shape: Shape, inputs: readonly Spec[]): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length)
    refuse(`axis ${axis} to be one of ${shape.length}`, inputs)
}

function checkWindow(
  { strides, pads }: Pick<PoolParams, 'strides' | 'pads'>,
  inputs: readonly Spec[]
): void {
  const whole = [...strides, ...pads].every(Number.isInteger)
  if (!whole || Math.min(...strides) < 1 || Math.min(...pads) < 0)
    refuse(`strides of 1 or more and pads of 0 or more, not [${strides}] and [${pads}]`, inputs)
}

/** x [N, C, H, W] and w [O, C/groups, h, w] of a convolution, and perhaps a bias [bias]. */
function image(inputs: readonly Spec[]): [x: Shape, w: Shape] {
  const types = inputs.map(() => FLOAT)
  const [x, w] = take(inputs, ...types)
  if (x?.shape.length !== 4 || w?.shape.length !== 4) return refuse('x and w of rank 4', inputs)
  return [x.shape, w.shape]
}

function conv(inputs: readonly Spec[], params: ConvolutionParams): Spec {
  checkWindow(params, inputs)
  const { strides, pads, dilations, groups } = params
  const [[n = 0, c = 0, h = 0, w = 0], [o = 0, part = 0, kh = 0, kw = 0]] = image(inputs)
  const bias = inputs[2]?.shape ?? [o]
  if (part * groups !== c || o % groups !== 0 || bias.length !== 1 || bias[0] !== o)
    refuse(`x [N,C,H,W], w [O,C/${groups},h,w] and a bias [O]`, inputs)
  const height = windowCount(h, kh, strides[0], pads[0] + pads[2], dilations[0])
  const width = windowCount(w, kw, strides[1], pads[1] + pads[3], dilations[1])
  if (height < 1 || width < 1) refuse('an image larger than the kernel', inputs)
  return { type: 'f32', shape: [n, o, height, width] }
}

function convTranspose(inputs: readonly Spec[], params: OpParams['convTranspose']): Spec {
  checkWindow(params, inputs)
  const { strides, pads, dilations, groups, outputPads } = params
  const [[n = 0, o = 0, h = 0, w = 0], [rows = 0, part = 0, kh = 0, kw = 0]] = image(inputs)
  if (inputs.length !== 2 || rows !== o || o % groups !== 0)
    refuse(`x [N,O,h,w] and w [O,C/${groups},h,w]`, inputs)
  const height =
    (h - 1) * strides[0] + dilations[0] * (kh - 1) + 1 - pads[0] - pads[2] + outputPads[0]
  const width =
    (w - 1) * strides[1] + dilations[1] * (kw - 1) + 1 - pads[1] - pads[3] + outputPads[1]
  if (height < 1 || width < 1) refuse('pads that leave something', inputs)
  return { type: 'f32', shape: [n, part * groups, height, width] }
}

function pool(inputs: readonly Spec[], params: PoolParams): Spec {
  checkWindow(params, inputs)
  const { kernel, strides, pads } = params
  const { type, shape } = one(inputs, FLOAT)
  const [n = 0, c = 0, h = 0, w = 0] = shape.length === 4 ? shape : refuse('rank 4', inputs)
  const height = windowCount(h, kernel[0], strides[0], pads[0] + pads[2])
  const width = windowCount(w, kernel[1], strides[1], pads[1] + pads[3])
  const [top, left, bottom, right] = pads
  if (Math.max(top, bottom) >= kernel[0] || Math.max(left, right) >= kernel[1])
    refuse(`pads [${pads}] less than the kernel [${kernel}]`, inputs)
  if (height < 1 || width < 1) refuse('an image larger than the window', inputs)
  return { type, shape: [n, c, height, width] }
}

function matmul(inputs: readonly Spec[], params: OpParams['matmul']): Spec {
  const [a = [], b = []] = take(inputs, FLOAT, FLOAT).map(({ shape }) => shape)
  const [n = 0, k = 0] = lastTwo(a, params.transposeA)
  const [inner = 0, m = 0] = lastTwo(b, params.transposeB)
  const batch = broadcastShape(a.slice(0, -2), b.slice(0, -2))
  if (a.length < 2 || b.length < 2 || k !== inner || !batch)
    return refuse('matrices whose inner lengths agree', inputs)
  return { type: 'f32', shape: [...batch, n, m] }
}

function lastTwo(shape: Shape, swapped: boolean): Shape {
  const [rows = 0, columns = 0] = shape.slice(-2)
  return swapped ? [columns, rows] : [rows, columns]
}

function concat(inputs: readonly Spec[], { axis }: { axis: number }): Spec {
  const [first] = inputs
  if (!first) return refuse('one input or more', inputs)
  checkAxis(axis, first.shape, inputs)
  const others = (shape: Shape): string =>
    shape.map((length, at) => (at === axis ? 0 : length)).join()
  if (inputs.some((x) => x.type !== first.type || others(x.shape) !== others(first.shape)))
    refuse(`one type, and shapes that differ only in axis ${axis}`, inputs)
  const total = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0)
  return {
    type: first.type,
    shape: first.shape.map((length, at) => (at === axis ? total : length))
  }
}

const float = unary(FLOAT)
const arithmetic = binary(NUMBER)
const comparison = binary(NUMBER, 'bool')
const logic = binary(BOOLEAN)

/** One line an op. */
export const shapes: { readonly [K in OpName]: ShapeRule<K> } = {
  absolute: float,
  negate: float,
  sign: float,
  floor: float,
  exp: float,
  log: float,
  squareRoot: float,
  erf: float,
  sine: float,
  cosine: float,
  tanh: float,
  sigmoid: float,
  softplus: float,
  relu: float,
  clip: float,
  not: unary(BOOLEAN),
  cast: (inputs, { to }) => ({ type: to, shape: one(inputs, ANY).shape }),
  stopGradient: unary(ANY),

  add: arithmetic,
  subtract: arithmetic,
  multiply: arithmetic,
  divide: binary(FLOAT),
  power: binary(FLOAT),
  minimum: binary(FLOAT),
  maximum: binary(FLOAT),
  equal: comparison,
  less: comparison,
  greater: comparison,
  and: logic,
  or: logic,
  where: (inputs) => {
    const [, a, b] = take(inputs, BOOLEAN, ANY, ANY)
    const shape = broadcastShape(...inputs.map((x) => x.shape))
    if (!shape || !a || a.type !== b?.type) return refuse('bool, and two of one type', inputs)
    return { type: a.type, shape }
  },

  reduceSum: reduce,
  reduceMean: reduce,
  reduceMax: reduce,
  reduceSumSquare: reduce,
  softmax: alongAxis,
  logSoftmax: alongAxis,
  topK: (inputs, { k, axis, result }) => {
    const { shape } = alongAxis(inputs, { axis })
    if (k < 1 || k > (shape[axis] ?? 0)) refuse(`k ${k} to fit axis ${axis}`, inputs)
    const kept = shape.map((length, at) => (at === axis ? k : length))
    return { type: result === 'values' ? 'f32' : 'i32', shape: kept }
  },

  matmul,
  conv,
  convTranspose,
  maxPool: pool,
  averagePool: pool,

  reshape: (inputs, { shape }) => {
    const x = one(inputs, ANY)
    const whole = shape.every((length) => Number.isInteger(length) && length >= 0)
    if (!whole || sizeOf(x.shape) !== sizeOf(shape))
      refuse(`as many elements as [${shape.join(',')}]`, inputs)
    return { type: x.type, shape }
  },
  transpose: (inputs, { permutation }) => {
    const { type, shape } = one(inputs, ANY)
    const axes = new Set(permutation)
    if (permutation.length !== shape.length || shape.some((_, axis) => !axes.has(axis)))
      refuse(`a permutation of ${shape.length} axes, not [${permutation}]`, inputs)
    return { type, shape: permutation.map((axis) => shape[axis] ?? 1) }
  },
  expand: (inputs, { shape }) => {
    const x = one(inputs, ANY)
    if (broadcastShape(x.shape, shape)?.join() !== shape.join())
      refuse(`what broadcasts to [${shape.join(',')}]`, inputs)
    return { type: x.type, shape }
  },
  slice: (inputs, { starts, ends, steps }) => {
    const { type, shape } = one(inputs, ANY)
    const sliced = shape.map((length, axis) => {
      const [start = -1, end = -1, step = 0] = [starts[axis], ends[axis], steps[axis]]
      const fits = start >= 0 && start < end && end <= length && step >= 1
      if (!fits) refuse(`a slice inside axis ${axis}, not ${start}..${end} by ${step}`, inputs)
      return Math.ceil((end - start) / step)
    })
    return { type, shape: sliced }
  },
  reverse: (inputs, { axes }) => {
    const { type, shape } = one(inputs, ANY)
    for (const axis of axes) checkAxis(axis, shape, inputs)
    return { type, shape }
  },
  pad: (inputs, { before, after }) => {
    const { type, shape } = one(inputs, FLOAT)
    const whole = [...before, ...after].every((count) => Number.isInteger(count) && count >= 0)
    if (before.length !== shape.length || after.length !== shape.length || !whole)
      refuse(`pads of 0 or more for ${shape.length} axes`, inputs)
    return { type, shape: shape.map((n, axis) => n + (before[axis] ?? 0) + (after[axis] ?? 0)) }
  },
  concat,
  gather: (inputs, { axis }) => {
    const [x, indices] = take(inputs, ANY, INTEGER)
    if (!x || !indices) return refuse('x and indices', inputs)
    checkAxis(axis, x.shape, inputs)
    return {
      type: x.type,
      shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
    }
  }
}
