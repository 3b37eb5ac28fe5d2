// The ONNX-lowering table: each op as nodes of standard operators, opset 17, chosen so that both
// the cpu and the webgpu provider have them. Any process. How files are read is in readers.ts.
//
// [Note: what WebGPU lacks] ONNX Runtime 1.30 has no WebGPU kernel for LogSoftmax, Sign and Or, nor
// for Slice, Concat and Transpose of booleans: it would leave the device for them in every step,
// and say nothing. So they are made of others. Indices of TopK are int64, which it has nowhere:
// they alone come from the processor.
import type { Apply, OpName, ReduceParams } from '../graph/ops.ts'
import { TYPE_CODES } from './codec.ts'
import type { OnnxAttribute } from './model.ts'

/** Adds nodes and constants to the model that is being written. */
export interface Emitter {
  /** A node with one output; its name is returned. Equal nodes are written once. */
  node(operator: string, inputs: readonly string[], attributes?: Attributes): string
  /** The output at `place` of a node with `count`. */
  nodeOutput(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    count: number,
    place: number
  ): string
  /** A list of int64, as shapes and axes are given. */
  integers(values: readonly number[]): string
  /** A float32 of shape []. */
  float(value: number): string
}

export type Attributes = Readonly<Record<string, OnnxAttribute>>

export type Lowering<K extends OpName> = (
  emit: Emitter,
  inputs: readonly string[],
  value: Apply<K>
) => string

function simple(operator: string): Lowering<OpName> {
  return (emit, inputs) => emit.node(operator, inputs)
}

function withAxis(operator: string): Lowering<'softmax' | 'gather' | 'concat'> {
  return (emit, inputs, { params }) => emit.node(operator, inputs, { axis: { int: params.axis } })
}

function castTo(emit: Emitter, x: string, type: keyof typeof TYPE_CODES): string {
  return emit.node('Cast', [x], { to: { int: TYPE_CODES[type] } })
}

/** The same with booleans as numbers 0 and 1 [Note: what WebGPU lacks]. */
function withoutBooleans<K extends OpName>(lowering: Lowering<K>): Lowering<K> {
  return (emit, inputs, value) => {
    if (value.type !== 'bool') return lowering(emit, inputs, value)
    const numbers = inputs.map((x) => castTo(emit, x, 'f32'))
    return castTo(emit, lowering(emit, numbers, value), 'bool')
  }
}

/** x - max - log(sum(exp(x - max))) [Note: what WebGPU lacks]. */
const logSoftmax: Lowering<'logSoftmax'> = (emit, [x = ''], { params }) => {
  const along = { axes: [params.axis], keep: true }
  const below = emit.node('Sub', [x, reduced(emit, 'ReduceMax', x, along)])
  const sum = reduced(emit, 'ReduceSum', emit.node('Exp', [below]), along)
  return emit.node('Sub', [below, emit.node('Log', [sum])])
}

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare'

/** Until opset 18 all reductions but ReduceSum take their axes as an attribute. */
function reduced(
  emit: Emitter,
  operator: Reduction,
  x: string,
  { axes, keep }: ReduceParams
): string {
  const keepdims = { int: Number(keep) }
  return operator === 'ReduceSum'
    ? emit.node(operator, [x, emit.integers(axes)], { keepdims })
    : emit.node(operator, [x], { axes: { ints: axes }, keepdims })
}

/**
 * A reduction over the first axis and others is made in two stages, the others first: in one sweep
 * ONNX Runtime adds all numbers one after the other, which loses digits that the statistics of a
 * batch and the gradients of shared weights need (ten steps of ResNet-18 then leave their course).
 */
function reduction(operator: Reduction) {
  return (
    emit: Emitter,
    [x = '']: readonly string[],
    { params }: { params: ReduceParams }
  ): string => {
    const inner = params.axes.filter((axis) => axis !== 0)
    if (inner.length === params.axes.length || inner.length === 0)
      return reduced(emit, operator, x, params)
    const first = reduced(emit, operator, x, { axes: inner, keep: true })
    return reduced(emit, operator === 'ReduceSumSquare' ? 'ReduceSum' : operator, first, params)
  }
}

function window(
  { params }: Apply<'conv' | 'convTranspose'>,
  kernel: readonly number[]
): Attributes {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: params.strides },
    pads: { ints: params.pads },
    dilations: { ints: params.dilations },
    group: { int: params.groups }
  }
}

function kernelOf({ inputs }: Apply<'conv' | 'convTranspose'>): readonly number[] {
  return inputs[1]?.shape.slice(2) ?? []
}

function swapLast(emit: Emitter, name: string, rank: number): string {
  const order = Array.from({ length: rank }, (_, axis) => axis)
  return emit.node('Transpose', [name], {
    perm: { ints: [...order.slice(0, -2), rank - 1, rank - 2] }
  })
}

/** Gemm where both are matrices, since it takes them transposed; MatMul for more axes. */
const matmul: Lowering<'matmul'> = (emit, [a = '', b = ''], { inputs, params }) => {
  const [rankA = 2, rankB = 2] = inputs.map((x) => x.shape.length)
  const { transposeA, transposeB } = params
  if (rankA === 2 && rankB === 2) {
    if (!transposeA && !transposeB) return emit.node('MatMul', [a, b])
    return emit.node('Gemm', [a, b], {
      transA: { int: Number(transposeA) },
      transB: { int: Number(transposeB) }
    })
  }
  return emit.node('MatMul', [
    transposeA ? swapLast(emit, a, rankA) : a,
    transposeB ? swapLast(emit, b, rankB) : b
  ])
}

/** One line an op. */
export const lowerings: { readonly [K in OpName]: Lowering<K> } = {
  absolute: simple('Abs'),
  negate: simple('Neg'),
  sign: (emit, [x = '']) => {
    const zero = emit.float(0)
    const is = (operator: string): string => castTo(emit, emit.node(operator, [x, zero]), 'f32')
    return emit.node('Sub', [is('Greater'), is('Less')])
  },
  floor: simple('Floor'),
  exp: simple('Exp'),
  log: simple('Log'),
  squareRoot: simple('Sqrt'),
  erf: simple('Erf'),
  sine: simple('Sin'),
  cosine: simple('Cos'),
  tanh: simple('Tanh'),
  sigmoid: simple('Sigmoid'),
  softplus: simple('Softplus'),
  relu: simple('Relu'),
  clip: (emit, [x = ''], { params }) =>
    emit.node('Clip', [x, emit.float(params.low), emit.float(params.high)]),
  not: simple('Not'),
  cast: (emit, inputs, { params }) =>
    emit.node('Cast', inputs, { to: { int: TYPE_CODES[params.to] } }),
  stopGradient: simple('Identity'),

  add: simple('Add'),
  subtract: simple('Sub'),
  multiply: simple('Mul'),
  divide: simple('Div'),
  power: simple('Pow'),
  minimum: simple('Min'),
  maximum: simple('Max'),
  equal: simple('Equal'),
  less: simple('Less'),
  greater: simple('Greater'),
  and: simple('And'),
  or: (emit, inputs) => {
    const neither = emit.node('And', inputs.map((x) => emit.node('Not', [x])))
    return emit.node('Not', [neither])
  },
  where: simple('Where'),

  reduceSum: reduction('ReduceSum'),
  reduceMean: reduction('ReduceMean'),
  reduceMax: reduction('ReduceMax'),
  reduceSumSquare: reduction('ReduceSumSquare'),
  softmax: withAxis('Softmax'),
  logSoftmax,
  topK: (emit, [x = ''], { params }) => {
    const attributes: Attributes = { axis: { int: params.axis } }
    const inputs = [x, emit.integers([params.k])]
    if (params.result === 'values') return emit.nodeOutput('TopK', inputs, attributes, 2, 0)
    const indices = emit.nodeOutput('TopK', inputs, attributes, 2, 1)
    return castTo(emit, indices, 'i32')
  },

  matmul,
  conv: (emit, inputs, value) => emit.node('Conv', inputs, window(value, kernelOf(value))),
  convTranspose: (emit, inputs, value) =>
    emit.node('ConvTranspose', inputs, {
      ...window(value, kernelOf(value)),
      output_padding: { ints: value.params.outputPads }
    }),
  maxPool: (emit, inputs, { params }) =>
    emit.node('MaxPool', inputs, {
      kernel_shape: { ints: params.kernel },
      strides: { ints: params.strides },
      pads: { ints: params.pads }
    }),
  averagePool: (emit, inputs, { params }) =>
    emit.node('AveragePool', inputs, {
      kernel_shape: { ints: params.kernel },
      strides: { ints: params.strides },
      pads: { ints: params.pads },
      count_include_pad: { int: Number(params.countPads) }
    }),

  reshape: (emit, [x = ''], { params }) => emit.node('Reshape', [x, emit.integers(params.shape)]),
  transpose: withoutBooleans((emit, inputs, { params }) =>
    emit.node('Transpose', inputs, { perm: { ints: params.permutation } })
  ),
  expand: (emit, [x = ''], { params }) => emit.node('Expand', [x, emit.integers(params.shape)]),
  slice: withoutBooleans((emit, [x = ''], { inputs, params }) => {
    const { starts, ends, steps } = params
    const axes = (inputs[0]?.shape ?? []).flatMap((length, axis) =>
      starts[axis] === 0 && ends[axis] === length && steps[axis] === 1 ? [] : [axis]
    )
    const pick = (values: readonly number[]): string =>
      emit.integers(axes.map((axis) => values[axis] ?? 0))
    return emit.node('Slice', [x, pick(starts), pick(ends), emit.integers(axes), pick(steps)])
  }),
  // From the last element, by -1, to before the first: an end that is below every negative index.
  reverse: withoutBooleans((emit, [x = ''], { params, shape }) => {
    const of = (f: (axis: number) => number): string => emit.integers(params.axes.map(f))
    const ends = of((axis) => -(shape[axis] ?? 1) - 1)
    return emit.node('Slice', [x, of(() => -1), ends, of((axis) => axis), of(() => -1)])
  }),
  pad: (emit, [x = ''], { params }) =>
    emit.node('Pad', [
      x,
      emit.integers([...params.before, ...params.after]),
      emit.float(params.value)
    ]),
  concat: withoutBooleans(withAxis('Concat')),
  gather: withAxis('Gather')
}
