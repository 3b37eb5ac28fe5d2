// The op table: every operation of the tensor language, its parameters, and the values of a graph.
// Pure; any process. Says what can be written, not what it means: shapes.ts, gradient-rules.ts,
// reference.ts and onnx/operators.ts hold one table each, keyed by the names here.
//
// [Note: Adding an op] An op is four edits and their tests. For `erf`:
//  1. ops.ts, its parameters            erf: None
//     functions.ts, its function        export const erf = unary('erf')
//  2. shapes.ts, its shape              erf: float
//  3. gradient-rules.ts, its gradient   erf: one((x, dy) => multiply(dy, ..2/sqrt(pi) exp(-x x)..))
//  4. onnx/operators.ts, its operator   erf: simple('Erf')
// The tests: a plain loop in reference.ts, golden values in tests/golden/graph/make-ops.py, random
// shapes in tests/property/graph/samples.ts. Every table is typed by the names below, so a missing
// line does not compile; an op without golden values fails the suite. From these follow without
// more code, the comparison with PyTorch, finite differences, and ONNX on cpu and webgpu.
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'

/** Parameters of an op that has none. */
export type None = Readonly<Record<string, never>>

export interface ConvolutionParams {
  /** Step of the window, [height, width]. */
  readonly strides: readonly [number, number]
  /** Zeros around the image: [top, left, bottom, right]. */
  readonly pads: readonly [number, number, number, number]
  /** Distance between taps of the kernel, [height, width]. */
  readonly dilations: readonly [number, number]
  readonly groups: number
}

export interface PoolParams {
  /** Size of the window, [height, width]. */
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  /** [top, left, bottom, right]; each less than the kernel. */
  readonly pads: readonly [number, number, number, number]
}

export interface ReduceParams {
  /** Ascending, from the front. */
  readonly axes: readonly number[]
  /** Whether reduced axes stay, with length 1. */
  readonly keep: boolean
}

/** One line an op: its parameters. Inputs are positional, named in the comment. */
export interface OpParams {
  // one input x, element by element
  absolute: None
  negate: None
  sign: None
  floor: None
  exp: None
  log: None
  squareRoot: None
  erf: None
  sine: None
  cosine: None
  tanh: None
  sigmoid: None
  /** log(1 + exp x) */
  softplus: None
  relu: None
  /** Keeps x in [low, high]. */
  clip: { readonly low: number; readonly high: number }
  /** not x, of booleans */
  not: None
  /** Converts to another element type; to bool is `x != 0`, to an integer truncates. */
  cast: { readonly to: ElementType }
  /** x, through which no gradient flows. */
  stopGradient: None

  // two inputs a, b, element by element, broadcast as in ONNX and NumPy
  add: None
  subtract: None
  multiply: None
  divide: None
  power: None
  minimum: None
  maximum: None
  /** Comparisons give booleans. */
  equal: None
  less: None
  greater: None
  and: None
  or: None
  /** condition, a, b: a where the condition holds, else b. */
  where: None

  // along axes
  reduceSum: ReduceParams
  reduceMean: ReduceParams
  reduceMax: ReduceParams
  /** Sum of squares. */
  reduceSumSquare: ReduceParams
  softmax: { readonly axis: number }
  logSoftmax: { readonly axis: number }
  /** The k largest along an axis, largest first; equal ones by index. Indices are i32. */
  topK: { readonly k: number; readonly axis: number; readonly result: 'values' | 'indices' }

  // products
  /** a [.., n, k], b [.., k, m]; a flag says that the last two axes are given swapped. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean }
  /** x [N, C, H, W], w [O, C/groups, h, w], optional bias [O]. */
  conv: ConvolutionParams
  /**
   * The adjoint of conv: x [N, O, h', w'], w [O, C/groups, h, w]; `outputPads` adds rows, columns.
   */
  convTranspose: ConvolutionParams & { readonly outputPads: readonly [number, number] }
  maxPool: PoolParams
  /** `countPads`: whether padding counts in the mean. */
  averagePool: PoolParams & { readonly countPads: boolean }

  // shape and place
  reshape: { readonly shape: Shape }
  transpose: { readonly permutation: readonly number[] }
  /** Repeats axes of length 1, or new axes in front, to a shape. */
  expand: { readonly shape: Shape }
  /** A number an axis: elements start, start + step, .. before end. */
  slice: {
    readonly starts: readonly number[]
    readonly ends: readonly number[]
    readonly steps: readonly number[]
  }
  /** Turns axes end to front. */
  reverse: { readonly axes: readonly number[] }
  /** A number an axis: elements of `value` put before and after. */
  pad: {
    readonly before: readonly number[]
    readonly after: readonly number[]
    readonly value: number
  }
  /** Any number of inputs, one after the other along an axis. */
  concat: { readonly axis: number }
  /** x, indices (i32 or i64, any shape): rows of x along an axis, from its end those below 0. */
  gather: { readonly axis: number }
}

export type OpName = keyof OpParams

/** Element type and static shape: what is known of a value before it has data. */
export interface Spec {
  readonly type: ElementType
  readonly shape: Shape
}

/** What is fed to a graph, by name. */
export interface Input extends Spec {
  readonly kind: 'input'
  readonly name: string
}

export interface Constant extends Spec {
  readonly kind: 'constant'
  readonly tensor: Tensor
}

/** The result of an op. Data is positional, metadata is in params. */
export interface Apply<K extends OpName = OpName> extends Spec {
  readonly kind: 'apply'
  readonly op: K
  readonly inputs: readonly Value[]
  readonly params: OpParams[K]
}

/** A node of a graph. Values are immutable and know only what they are made of. */
export type Value = Input | Constant | Apply

/** Something that the language refuses: shapes that do not fit, a type that an op does not take. */
export class GraphError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'GraphError'
  }
}

/** A spec as text, `f32[2,3]`. */
export function specText({ type, shape }: Spec): string {
  return `${type}[${shape.join(',')}]`
}
