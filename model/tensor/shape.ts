// Arithmetic on shapes: broadcasting, strides, windows. Pure; any process.
import type { Shape } from './tensor.ts'
import { sizeOf } from './tensor.ts'

/** Steps in row-major data to the next element along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1)
  return strides
}

/** The shape that all broadcast to, by the rules of ONNX and NumPy; undefined where they do not. */
export function broadcastShape(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    const offset = rank - shape.length
    for (const [axis, length] of shape.entries()) {
      const held = result[offset + axis]
      if (held === 1) result[offset + axis] = length
      else if (length !== 1 && length !== held) return undefined
    }
  }
  return result
}

/**
 * Steps through data of `shape` while walking `target`, to which it broadcasts: 0 where repeated.
 */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = stridesOf(shape)
  const offset = target.length - shape.length
  return target.map((_, axis) => (shape[axis - offset] === 1 ? 0 : (own[axis - offset] ?? 0)))
}

/**
 * Calls `visit` for every place of `shape` in row-major order, with the offset that `strides` (and
 * `start`) give it. So a part of a tensor, or a turned one, is walked without copying.
 */
export function walk(
  shape: Shape,
  strides: readonly number[],
  visit: (offset: number, place: number) => void,
  start = 0
): void {
  const size = sizeOf(shape)
  const index = new Array<number>(shape.length).fill(0)
  let offset = start
  for (let place = 0; place < size; place++) {
    visit(offset, place)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      offset += strides[axis] ?? 0
      index[axis] = next
      if (next < (shape[axis] ?? 1)) break
      offset -= next * (strides[axis] ?? 0)
      index[axis] = 0
    }
  }
}

/** An axis counted from the front. @throws RangeError when the rank has no such axis */
export function axisOf(axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis
  if (Number.isInteger(front) && front >= 0 && front < rank) return front
  throw new RangeError(`axis: expected one of ${rank} axes, got ${axis}`)
}

/** Places that a window takes along one axis; below 1 it does not fit. */
export function windowCount(
  length: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation = 1
): number {
  return Math.floor((length + padding - dilation * (kernel - 1) - 1) / stride) + 1
}

/** Whether two shapes have the same lengths. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}
