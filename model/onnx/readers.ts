// How operators of ONNX files, opset 11 to 21, are said in the tensor language. Any process.
// Windows (Conv, pooling) are in readers-windows.ts, those about shapes in readers-shapes.ts.
import {
  batchNormEvaluate,
  gelu,
  hardSigmoid,
  hardSwish,
  layerNorm,
  logSumExp,
  mish,
  square
} from '../graph/composites.ts'
import { constantTensor } from '../graph/evaluate-graph.ts'
import * as f from '../graph/functions.ts'
import { constant, scalar } from '../graph/graph.ts'
import type { Value } from '../graph/ops.ts'
import { axisOf } from '../tensor/shape.ts'
import type { NodeView, Reader } from './node-view.ts'

function unary(apply: (x: Value) => Value): Reader {
  return (node) => apply(node.value(0))
}

function binary(apply: (a: Value, b: Value) => Value): Reader {
  return (node) => apply(node.value(0), node.value(1))
}

/** Operators of one input or more, such as Sum. */
function variadic(apply: (a: Value, b: Value) => Value): Reader {
  return (node) => node.values.reduce(apply)
}

type Reduction = (x: Value, axes?: readonly number[], keep?: boolean) => Value

/** Axes were an attribute before `since`, and are an input from there. */
function reduction(apply: Reduction, since = 18): Reader {
  return (node) => {
    const x = node.value(0)
    const axes = node.opset >= since ? node.numbers(1) : node.ints('axes')
    const none = axes === undefined || axes.length === 0
    if (none && node.int('noop_with_empty_axes', 0) === 1) return x
    return apply(x, none ? undefined : axes, node.int('keepdims', 1) === 1)
  }
}

function reduceMin(x: Value, axes?: readonly number[], keep?: boolean): Value {
  return f.negate(f.reduceMax(f.negate(x), axes, keep))
}

function reduceLength(x: Value, axes?: readonly number[], keep?: boolean): Value {
  return f.squareRoot(f.reduceSumSquare(x, axes, keep))
}

function reduceLogSumExp(node: NodeView): Value {
  const x = node.value(0)
  const axes = (node.opset >= 18 ? node.numbers(1) : node.ints('axes')) ?? []
  node.only(axes.length === 1, 'one axis', axes.length)
  const axis = axisOf(axes[0] ?? 0, x.shape.length)
  const result = logSumExp(x, axis)
  const kept = x.shape.map((length, at) => (at === axis ? 1 : length))
  return node.int('keepdims', 1) === 1 ? f.reshape(result, kept) : result
}

/** Before opset 13 all axes from `axis` on were one. */
function softmaxLike(apply: (x: Value, axis: number) => Value): Reader {
  return (node) => {
    const x = node.value(0)
    const rank = x.shape.length
    if (node.opset >= 13) return apply(x, axisOf(node.int('axis', -1), rank))
    const axis = axisOf(node.int('axis', 1), rank)
    if (axis === rank - 1) return apply(x, axis)
    const rows = x.shape.slice(0, axis).reduce((size, length) => size * length, 1)
    return f.reshape(apply(f.reshape(x, [rows, -1]), 1), x.shape)
  }
}

function clip(node: NodeView): Value {
  const [low = -Infinity] = node.numbers(1) ?? []
  const [high = Infinity] = node.numbers(2) ?? []
  return f.clip(node.value(0), low, high)
}

/** alpha A B + beta C */
function gemm(node: NodeView): Value {
  const product = f.matmul(node.value(0), node.value(1), {
    transposeA: node.int('transA', 0) !== 0,
    transposeB: node.int('transB', 0) !== 0
  })
  const scaled = f.multiply(product, node.float('alpha', 1))
  const added = node.optional(2)
  return added ? f.add(scaled, f.multiply(added, node.float('beta', 1))) : scaled
}

/** A vector stands for a matrix of one row or column, whose axis the result has not. */
function matMul(node: NodeView): Value {
  const [a, b] = [node.value(0), node.value(1)]
  const rows = a.shape.length === 1 ? f.reshape(a, [1, -1]) : a
  const columns = b.shape.length === 1 ? f.reshape(b, [-1, 1]) : b
  const product = f.matmul(rows, columns)
  const shape = [...product.shape]
  if (b.shape.length === 1) shape.splice(-1, 1)
  if (a.shape.length === 1) shape.splice(b.shape.length === 1 ? -1 : -2, 1)
  return f.reshape(product, shape)
}

function batchNormalization(node: NodeView): Value {
  const training = node.int('training_mode', 0)
  node.only(training === 0 && node.outputCount === 1, 'training_mode 0', training)
  const [x, scale, shift] = [node.value(0), node.value(1), node.value(2)]
  const epsilon = node.float('epsilon', 1e-5)
  return batchNormEvaluate(x, scale, shift, node.value(3), node.value(4), epsilon)
}

function layerNormalization(node: NodeView): Value {
  const [x, scale] = [node.value(0), node.value(1)]
  const axes = x.shape.length - axisOf(node.int('axis', -1), x.shape.length)
  node.only(scale.shape.length === axes, `a scale of ${axes} axes`, scale.shape.length)
  node.only(node.outputCount === 1, 'one output', node.outputCount)
  return layerNorm(x, scale, node.optional(2) ?? scalar(0), node.float('epsilon', 1e-5))
}

function topK(node: NodeView): readonly Value[] {
  const [x, axis] = [node.value(0), node.int('axis', -1)]
  node.only(node.int('largest', 1) === 1, 'largest 1', 0)
  const [k = 1] = node.numbers(1) ?? []
  return [f.topKValues(x, k, axis), f.cast(f.topKIndices(x, k, axis), 'i64')]
}

function argMax(node: NodeView): Value {
  const [x, axis] = [node.value(0), node.int('axis', 0)]
  node.only(node.int('select_last_index', 0) === 0, 'select_last_index 0', 1)
  const index = f.cast(f.topKIndices(x, 1, axis), 'i64')
  const dropped = x.shape.filter((_, at) => at !== axisOf(axis, x.shape.length))
  return node.int('keepdims', 1) === 1 ? index : f.reshape(index, dropped)
}

function geluOf(node: NodeView): Value {
  const x = node.value(0)
  if (node.text('approximate', 'none') === 'none') return gelu(x)
  const inner = f.multiply(
    f.add(x, f.multiply(f.multiply(square(x), x), 0.044715)),
    Math.sqrt(2 / Math.PI)
  )
  return f.multiply(f.multiply(x, 0.5), f.add(f.tanh(inner), 1))
}

function leakyRelu(node: NodeView): Value {
  const x = node.value(0)
  return f.where(f.greater(x, 0), x, f.multiply(x, node.float('alpha', 0.01)))
}

/** Whole numbers are divided only where they are known, as shapes are; a cast truncates as ONNX. */
function divide(node: NodeView): Value {
  const [a, b] = [node.value(0), node.value(1)]
  if (a.type !== b.type || (a.type !== 'i64' && a.type !== 'i32')) return f.divide(a, b)
  node.constant(0)
  node.only(!node.numbers(1)?.includes(0), 'a divisor that is not 0', 0)
  return constant(constantTensor(f.cast(f.divide(f.cast(a, 'f32'), f.cast(b, 'f32')), a.type)))
}

/** The exponent may have a type of its own. */
function pow(node: NodeView): Value {
  const [a, b] = [node.value(0), node.value(1)]
  return f.power(a, f.cast(b, a.type))
}

/** One line an operator. */
export const readers: Readonly<Record<string, Reader>> = {
  Abs: unary(f.absolute),
  Neg: unary(f.negate),
  Sign: unary(f.sign),
  Floor: unary(f.floor),
  Exp: unary(f.exp),
  Log: unary(f.log),
  Sqrt: unary(f.squareRoot),
  Reciprocal: unary((x) => f.divide(1, x)),
  Erf: unary(f.erf),
  Sin: unary(f.sine),
  Cos: unary(f.cosine),
  Tanh: unary(f.tanh),
  Sigmoid: unary(f.sigmoid),
  Softplus: unary(f.softplus),
  Mish: (node) => mish(node.value(0)),
  Relu: unary(f.relu),
  LeakyRelu: leakyRelu,
  HardSigmoid: (node) =>
    hardSigmoid(node.value(0), node.float('alpha', 0.2), node.float('beta', 0.5)),
  HardSwish: unary(hardSwish),
  Gelu: geluOf,
  Clip: clip,
  Not: unary(f.not),
  Identity: unary((x) => x),

  Add: binary(f.add),
  Sub: binary(f.subtract),
  Mul: binary(f.multiply),
  Div: divide,
  Pow: pow,
  Min: variadic(f.minimum),
  Max: variadic(f.maximum),
  Sum: variadic(f.add),
  Equal: binary(f.equal),
  Less: binary(f.less),
  Greater: binary(f.greater),
  LessOrEqual: binary((a, b) => f.not(f.greater(a, b))),
  GreaterOrEqual: binary((a, b) => f.not(f.less(a, b))),
  And: binary(f.and),
  Or: binary(f.or),
  Where: (node) => f.where(node.value(0), node.value(1), node.value(2)),

  ReduceSum: reduction(f.reduceSum, 13),
  ReduceMean: reduction(f.reduceMean),
  ReduceMax: reduction(f.reduceMax),
  ReduceMin: reduction(reduceMin),
  ReduceSumSquare: reduction(f.reduceSumSquare),
  ReduceL2: reduction(reduceLength),
  ReduceLogSumExp: reduceLogSumExp,
  Softmax: softmaxLike(f.softmax),
  LogSoftmax: softmaxLike(f.logSoftmax),
  TopK: topK,
  ArgMax: argMax,

  Gemm: gemm,
  MatMul: matMul,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization
}
