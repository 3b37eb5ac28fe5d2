// How operators that only move or name data are said in the tensor language. Any process.
// Shapes are static here: Shape and what is computed from it become constants while reading.
import * as f from '../graph/functions.ts'
import { constant } from '../graph/graph.ts'
import type { Value } from '../graph/ops.ts'
import { axisOf } from '../tensor/shape.ts'
import { floats, sizeOf, tensorFrom } from '../tensor/tensor.ts'
import type { ElementType } from '../tensor/tensor.ts'
import { TYPE_CODES } from './codec.ts'
import type { NodeView, Reader } from './node-view.ts'

/** Axes were an attribute before opset 13, and are an input from there. */
function axesOf(node: NodeView, rank: number): number[] | undefined {
  const axes = node.opset >= 13 ? node.numbers(1) : node.ints('axes')
  return axes?.map((axis) => axisOf(axis, rank))
}

const reshape: Reader = (node) => {
  const x = node.value(0)
  const asked = node.numbers(1) ?? []
  const zero = node.int('allowzero', 0) === 1
  const shape = asked.map((length, axis) => (length === 0 && !zero ? (x.shape[axis] ?? 0) : length))
  return f.reshape(x, shape)
}

const flatten: Reader = (node) => {
  const x = node.value(0)
  const axis = node.int('axis', 1)
  const at = axis < 0 ? axis + x.shape.length : axis
  return f.reshape(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))])
}

const squeeze: Reader = (node) => {
  const x = node.value(0)
  const axes = axesOf(node, x.shape.length)
  const gone = (length: number, axis: number): boolean => axes?.includes(axis) ?? length === 1
  return f.reshape(
    x,
    x.shape.filter((length, axis) => !gone(length, axis))
  )
}

const unsqueeze: Reader = (node) => {
  const x = node.value(0)
  const count = (node.opset >= 13 ? node.numbers(1) : node.ints('axes'))?.length ?? 0
  const axes = axesOf(node, x.shape.length + count) ?? []
  const rest = [...x.shape]
  const shape = Array.from({ length: x.shape.length + count }, (_, axis) =>
    axes.includes(axis) ? 1 : (rest.shift() ?? 1)
  )
  return f.reshape(x, shape)
}

/** Ends and starts may lie outside, or count from the end. */
function clamp(value: number, length: number): number {
  return Math.min(Math.max(value < 0 ? value + length : value, 0), length)
}

const slice: Reader = (node) => {
  const x = node.value(0)
  const [starts = [], ends = []] = [node.numbers(1), node.numbers(2)]
  const axes = node.numbers(3) ?? starts.map((_, axis) => axis)
  const steps = node.numbers(4) ?? starts.map(() => 1)
  return axes.reduce((value: Value, axis, at) => {
    const on = axisOf(axis, x.shape.length)
    const length = x.shape[on] ?? 1
    const [start = 0, end = length, step = 1] = [starts[at], ends[at], steps[at]]
    if (step > 0) return f.slice(value, on, clamp(start, length), clamp(end, length), step)
    // From the back: the same elements forward, turned round.
    const first = Math.min(clamp(start, length), length - 1)
    const last = end < -length ? -1 : clamp(end, length)
    const forward = first - Math.floor((first - last - 1) / -step) * -step
    return f.reverse(f.slice(value, on, forward, first + 1, -step), [on])
  }, x)
}

const pad: Reader = (node) => {
  const x = node.value(0)
  const mode = node.text('mode', 'constant')
  node.only(mode === 'constant', 'mode constant', mode)
  const given = node.numbers(1) ?? []
  const [value = 0] = node.numbers(2) ?? []
  const rank = x.shape.length
  const axes = (node.numbers(3) ?? x.shape.map((_, axis) => axis)).map((axis) => axisOf(axis, rank))
  const count = (side: number): number[] =>
    x.shape.map((_, axis) => {
      const at = axes.indexOf(axis)
      return at < 0 ? 0 : (given[at + side * axes.length] ?? 0)
    })
  return f.pad(x, count(0), count(1), value)
}

const split: Reader = (node) => {
  const x = node.value(0)
  const axis = axisOf(node.int('axis', 0), x.shape.length)
  const length = x.shape[axis] ?? 1
  const part = Math.ceil(length / node.outputCount)
  const equal = Array.from({ length: node.outputCount }, (_, at) =>
    Math.min(part, length - at * part)
  )
  const lengths = (node.opset >= 13 ? node.numbers(1) : node.ints('split')) ?? equal
  let start = 0
  return lengths.map((count) => f.slice(x, axis, start, (start += count)))
}

const expand: Reader = (node) => {
  const x = node.value(0)
  const shape = node.numbers(1) ?? []
  const rank = Math.max(shape.length, x.shape.length)
  const from = (values: readonly number[], axis: number): number =>
    values[axis - rank + values.length] ?? 1
  const whole = Array.from({ length: rank }, (_, axis) =>
    Math.max(from(x.shape, axis), from(shape, axis))
  )
  return f.expand(x, whole)
}

const shapeOf: Reader = (node) => {
  const { shape } = node.value(0)
  const part = shape.slice(node.int('start', 0), node.int('end', shape.length))
  return constant(tensorFrom('i64', [part.length], part))
}

const constantOf: Reader = (node) => {
  const tensor = node.tensor('value')
  if (tensor) return constant(tensor)
  const numbers = node.floats('value_floats')
  if (numbers) return constant(floats([numbers.length], numbers))
  const whole = node.ints('value_ints')
  if (whole) return constant(tensorFrom('i64', [whole.length], whole))
  if (node.has('value_int')) return constant(tensorFrom('i64', [], [node.int('value_int')]))
  node.only(node.has('value_float'), 'a value of numbers', 'another kind')
  return constant(floats([], [node.float('value_float', 0)]))
}

const constantOfShape: Reader = (node) => {
  const shape = node.numbers(0) ?? []
  return f.expand(f.reshape(constant(node.tensor('value') ?? floats([1], [0])), []), shape)
}

const cast: Reader = (node) => {
  const code = node.int('to')
  const types: ElementType[] = ['f32', 'i32', 'i64', 'u8', 'bool']
  const to = types.find((type) => TYPE_CODES[type] === code)
  return f.cast(node.value(0), to ?? node.refuse(`a type of ${types.join(', ')}`, `code ${code}`))
}

/** Outside training it does nothing; a mask of what it kept is not given. */
const dropout: Reader = (node) => {
  const [training = 0] = node.numbers(2) ?? []
  node.only(training === 0 && node.outputCount === 1, 'no training, one output', 'training')
  return node.value(0)
}

/** One line an operator. */
export const shapeReaders: Readonly<Record<string, Reader>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: (node) => f.transpose(node.value(0), node.ints('perm')),
  Expand: expand,
  Slice: slice,
  Pad: pad,
  Split: split,
  Concat: (node) => f.concat(node.values, node.int('axis')),
  Gather: (node) => f.gather(node.value(0), node.value(1), node.int('axis', 0)),
  Cast: cast,
  Shape: shapeOf,
  Constant: constantOf,
  ConstantOfShape: constantOfShape,
  Dropout: dropout
}
