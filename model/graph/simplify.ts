// Makes a graph smaller without changing what it gives: constants are folded, equal values become
// one, what does nothing is left out, and what no output needs is gone. Pure.
import { broadcastShape, sameShape } from '../tensor/shape.ts'
import { bytesOf, sizeOf } from '../tensor/tensor.ts'
import type { Shape, Tensor } from '../tensor/tensor.ts'
import { constantTensor } from './evaluate-graph.ts'
import { bind, constant, inOrder } from './graph.ts'
import type { Apply, Constant, OpName, OpParams, Value } from './ops.ts'

/**
 * Values of at most so many elements are computed now; larger ones only if that makes them smaller.
 */
const FOLDED_SIZE = 4096

/** Constants of at most so many bytes are compared by content, larger ones by identity. */
const COMPARED_BYTES = 4096

/**
 * The same outputs, simplified; inputs stay the objects they were. One pass, inputs first. To be
 * called after `gradients`: stopGradient is left out, as it does nothing to a value.
 */
export function simplify(outputs: readonly Value[]): Value[] {
  const scope = new Scope()
  const done = new Map<Value, Value>()
  for (const value of inOrder(outputs)) {
    if (value.kind !== 'apply') done.set(value, scope.unique(value))
    else
      done.set(
        value,
        scope.rebuild(
          value,
          value.inputs.map((x) => done.get(x) ?? x)
        )
      )
  }
  return outputs.map((output) => done.get(output) ?? output)
}

/** All values of one simplified graph, each once. */
class Scope {
  readonly #byKey = new Map<string, Value>()
  readonly #ids = new Map<Value, number>()

  /** The value that stands for all equal to this one. */
  unique(value: Value): Value {
    if (value.kind === 'input') {
      this.#ids.set(value, this.#ids.get(value) ?? this.#ids.size)
      return value
    }
    const key = this.#keyOf(value)
    const held = this.#byKey.get(key)
    if (held) return held
    this.#byKey.set(key, value)
    this.#ids.set(value, this.#ids.size)
    return value
  }

  rebuild<K extends OpName>({ op, params }: Apply<K>, inputs: readonly Value[]): Value {
    const value = bind(op, inputs, params)
    const folded = fold(value)
    if (folded) return this.unique(folded)
    const simpler = rewritten(value)
    if (!simpler) return this.unique(value)
    if (simpler.kind !== 'apply' || this.#ids.has(simpler)) return this.unique(simpler)
    // A rewrite makes at most a few new values over known ones: settle them in turn.
    return this.rebuild(
      simpler,
      simpler.inputs.map((x) =>
        x.kind === 'apply' && !this.#ids.has(x) ? this.rebuild(x, x.inputs) : this.unique(x)
      )
    )
  }

  #keyOf(value: Constant | Apply): string {
    if (value.kind === 'constant') return constantKey(value.tensor)
    const inputs = value.inputs.map((x) => this.#ids.get(x) ?? -1)
    return `${value.op} ${inputs.join()} ${JSON.stringify(value.params, numberText)}`
  }
}

/** JSON has no infinities, which paddings of max pooling are. */
function numberText(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

const largeConstants = new WeakMap<Tensor, number>()
let largeCount = 0

function constantKey(tensor: Tensor): string {
  const { type, shape } = tensor
  const bytes = bytesOf(tensor)
  if (bytes.byteLength <= COMPARED_BYTES) return `constant ${type} ${shape.join()} ${bytes.join()}`
  const number = largeConstants.get(tensor) ?? ++largeCount
  largeConstants.set(tensor, number)
  return `constant number ${number}`
}

function fold(value: Apply): Value | undefined {
  if (value.type === 'f16' || value.inputs.some((x) => x.kind !== 'constant')) return undefined
  const size = sizeOf(value.shape)
  const given = value.inputs.reduce((total, x) => total + sizeOf(x.shape), 0)
  if (size > FOLDED_SIZE && size > given) return undefined
  return constant(constantTensor(value))
}

/**
 * Ops of which each element depends only on the elements at its place: a repeated operand may stay
 * small.
 */
const ELEMENTWISE: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'minimum',
  'maximum',
  'equal',
  'less',
  'greater',
  'and',
  'or',
  'where'
])

/** A simpler value that gives the same, or nothing where there is none. */
function rewritten(value: Apply): Value | undefined {
  if (ELEMENTWISE.has(value.op)) return withoutExpand(value) ?? neutral(value)
  const [x] = value.inputs
  if (!x) return undefined
  const rule = isOp(value, 'matmul') ? matmulFlags(value) : undefined
  if (rule) return rule
  if (value.op === 'stopGradient') return x
  if (sameShape(x.shape, value.shape) && x.type === value.type && doesNothing(value)) return x
  if (isOp(value, 'reshape') && isOp(x, 'reshape') && x.inputs[0])
    return bind('reshape', [x.inputs[0]], value.params)
  if (isOp(value, 'transpose')) return transposed(value, x)
  if (isOp(value, 'reduceSum') || isOp(value, 'reduceMean') || isOp(value, 'reduceMax')) {
    if (sizeOf(x.shape) === sizeOf(value.shape)) return bind('reshape', [x], { shape: value.shape })
  }
  // Not left to the provider: to ONNX no axes at all means every axis.
  if (isOp(value, 'reduceSumSquare') && sizeOf(x.shape) === sizeOf(value.shape))
    return bind('reshape', [bind('multiply', [x, x], {})], { shape: value.shape })
  return isOp(value, 'reduceSum') ? sumOf(value, x) : undefined
}

/** The sum of squares is one op; a sign or a factor that the sum does not run over comes out. */
function sumOf({ params }: Apply<'reduceSum'>, x: Value): Value | undefined {
  if (isOp(x, 'negate') && x.inputs[0])
    return bind('negate', [bind('reduceSum', [x.inputs[0]], params)], {})
  const [a, b] = isOp(x, 'multiply') ? x.inputs : []
  if (!a || !b) return undefined
  if (a === b) return bind('reduceSumSquare', [a], params)
  if (!params.keep) return undefined
  const isFactor = (value: Value): boolean =>
    value.shape.length === x.shape.length && params.axes.every((axis) => value.shape[axis] === 1)
  const [factor, rest] = isFactor(a) ? [a, b] : [b, a]
  if (!isFactor(factor) || !sameShape(rest.shape, x.shape)) return undefined
  return bind('multiply', [bind('reduceSum', [rest], params), factor], {})
}

function isOp<K extends OpName>(value: Value, op: K): value is Apply<K> & Value {
  return value.kind === 'apply' && value.op === op
}

/** Ops that change nothing when their result has the shape and type of their input. */
function doesNothing(value: Apply): boolean {
  if (isOp(value, 'transpose')) return value.params.permutation.every((from, to) => from === to)
  if (isOp(value, 'reverse')) return value.params.axes.every((axis) => value.shape[axis] === 1)
  if (isOp(value, 'concat')) return value.inputs.length === 1
  return ['reshape', 'expand', 'cast', 'slice', 'pad'].includes(value.op)
}

function transposed(value: Apply<'transpose'>, x: Value): Value | undefined {
  const { permutation } = value.params
  if (isOp(x, 'transpose') && x.inputs[0]) {
    const joined = permutation.map((axis) => x.params.permutation[axis] ?? 0)
    return bind('transpose', [x.inputs[0]], { permutation: joined })
  }
  // Axes of length 1 may move freely: the data keeps its order.
  const moved = permutation.filter((axis) => x.shape[axis] !== 1)
  const ordered = moved.every((axis, at) => at === 0 || (moved[at - 1] ?? 0) < axis)
  return ordered ? bind('reshape', [x], { shape: value.shape }) : undefined
}

/** A transposed matrix is what the flags of matmul are for. */
function matmulFlags(value: Apply<'matmul'>): Value | undefined {
  const [a, b] = value.inputs
  if (!a || !b) return undefined
  const [plainA, plainB] = [swapped(a), swapped(b)]
  if (!plainA && !plainB) return undefined
  const params: OpParams['matmul'] = {
    transposeA: value.params.transposeA !== Boolean(plainA),
    transposeB: value.params.transposeB !== Boolean(plainB)
  }
  return bind('matmul', [plainA ?? a, plainB ?? b], params)
}

/** What a value is the transpose of, if it is one that swaps the last two axes. */
function swapped(value: Value): Value | undefined {
  if (!isOp(value, 'transpose')) return undefined
  const { permutation } = value.params
  const rank = permutation.length
  const fits = permutation.every((axis, at) => axis === (at < rank - 2 ? at : 2 * rank - 3 - at))
  return fits ? value.inputs[0] : undefined
}

/** Broadcasting does what expand did, where the result keeps its shape. */
function withoutExpand(value: Apply): Value | undefined {
  const small = value.inputs.map((x) => (isOp(x, 'expand') ? (x.inputs[0] ?? x) : x))
  const changed = small.some((x, at) => x !== value.inputs[at])
  const shape = broadcastShape(...small.map((x) => x.shape))
  if (!changed || !shape) return undefined
  const result = bind(value.op, small, value.params)
  if (sameShape(shape, value.shape)) return result
  return bind('expand', [result], { shape: value.shape })
}

/** x + 0, x - 0, x * 1, x / 1: x itself; x * -1: its negative. */
function neutral(value: Apply): Value | undefined {
  const [a, b] = value.inputs
  if (!a || !b) return undefined
  const [left, right] = [uniform(a), uniform(b)]
  const keeps = (x: Value): Value | undefined => (sameSpec(x, value) ? x : undefined)
  switch (value.op) {
    case 'add':
      return right === 0 ? keeps(a) : left === 0 ? keeps(b) : undefined
    case 'subtract':
      return right === 0 ? keeps(a) : undefined
    case 'multiply':
      if (right === 1) return keeps(a)
      if (left === 1) return keeps(b)
      if (right === -1 && a.type === 'f32' && keeps(a)) return bind('negate', [a], {})
      return undefined
    case 'divide':
      return right === 1 ? keeps(a) : undefined
    default:
      return undefined
  }
}

function sameSpec(a: { type: string; shape: Shape }, b: { type: string; shape: Shape }): boolean {
  return a.type === b.type && sameShape(a.shape, b.shape)
}

/** The number that a small constant repeats, if it does. */
function uniform(value: Value): number | undefined {
  if (value.kind !== 'constant' || value.type === 'f16' || sizeOf(value.shape) > FOLDED_SIZE)
    return undefined
  const { data } = value.tensor
  const first = data[0]
  for (const element of data) if (element !== first) return undefined
  return first === undefined ? undefined : Number(first)
}
