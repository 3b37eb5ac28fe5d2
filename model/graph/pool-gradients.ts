// Gradients of windows that slide: slices with steps, max and average pooling. Pure.
import { sizeOf } from '../tensor/tensor.ts'
import type { Shape } from '../tensor/tensor.ts'
import { filled } from './composites.ts'
import {
  add,
  averagePool,
  divide,
  equal,
  expand,
  multiply,
  not,
  and,
  pad,
  reshape,
  where
} from './functions.ts'
import { bind } from './graph.ts'
import type { OpParams, PoolParams, Value } from './ops.ts'

/**
 * The adjoint of `slice`: puts x into zeros of `shape`, at `starts` and every `steps` from there.
 */
export function unslice(
  x: Value,
  shape: Shape,
  starts: readonly number[],
  steps: readonly number[]
): Value {
  const apart = steps.some((step) => step > 1) ? insertZeros(x, steps) : x
  return pad(
    apart,
    starts,
    shape.map((length, axis) => length - (starts[axis] ?? 0) - (apart.shape[axis] ?? 0))
  )
}

/** x with step - 1 zeros between its elements along each axis. */
function insertZeros(x: Value, steps: readonly number[]): Value {
  const split = x.shape.flatMap((length) => [length, 1])
  const none = split.map(() => 0)
  const after = steps.flatMap((step) => [0, step - 1])
  const blocks = pad(reshape(x, split), none, after)
  const joined = reshape(
    blocks,
    x.shape.map((length, axis) => length * (steps[axis] ?? 1))
  )
  return bind('slice', [joined], {
    starts: x.shape.map(() => 0),
    ends: joined.shape.map((length, axis) => length - (steps[axis] ?? 1) + 1),
    steps: x.shape.map(() => 1)
  })
}

/** One place of the window for all its positions: starts and steps in the padded image. */
interface Tap {
  starts: readonly number[]
  ends: readonly number[]
  steps: readonly number[]
}

function tapsOf({ kernel, strides }: PoolParams, y: Value): Tap[] {
  const [n = 1, c = 1, height = 1, width = 1] = y.shape
  const taps: Tap[] = []
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const bottom = row + (height - 1) * strides[0] + 1
      const right = column + (width - 1) * strides[1] + 1
      taps.push({
        starts: [0, 0, row, column],
        ends: [n, c, bottom, right],
        steps: [1, 1, strides[0], strides[1]]
      })
    }
  }
  return taps
}

function padded(x: Value, [top, left, bottom, right]: PoolParams['pads'], value: number): Value {
  return pad(x, [0, 0, top, left], [0, 0, bottom, right], value)
}

function unpadded(x: Value, [top, left]: PoolParams['pads'], shape: Shape): Value {
  const starts = [0, 0, top, left]
  return bind('slice', [x], {
    starts,
    ends: shape.map((length, axis) => length + (starts[axis] ?? 0)),
    steps: [1, 1, 1, 1]
  })
}

/** The sum of what each tap gives back to the padded image, without the padding. */
function gatherTaps(x: Value, y: Value, params: PoolParams, part: (tap: Tap) => Value): Value {
  const shape = padded(x, params.pads, 0).shape
  const parts = tapsOf(params, y).map((tap) => unslice(part(tap), shape, tap.starts, tap.steps))
  return unpadded(parts.reduce(add), params.pads, x.shape)
}

/** To the first element of each window that is its maximum, in row order. */
export function maxPoolGradient(x: Value, dy: Value, y: Value, params: PoolParams): Value {
  const image = padded(x, params.pads, -Infinity)
  let open: Value | undefined
  return gatherTaps(x, y, params, (tap) => {
    const largest = equal(bind('slice', [image], { ...tap }), y)
    const chosen = open ? and(open, largest) : largest
    open = open ? and(open, not(largest)) : not(largest)
    return where(chosen, dy, 0)
  })
}

/** In equal parts to the elements of each window. */
export function averagePoolGradient(
  x: Value,
  dy: Value,
  y: Value,
  params: OpParams['averagePool']
): Value {
  const { kernel, strides, pads, countPads } = params
  const [h = 1, w = 1] = x.shape.slice(2)
  // How much of a window's mean one element is; a constant that folds.
  const whole = countPads || pads.every((count) => count === 0)
  const share = whole
    ? 1 / (kernel[0] * kernel[1])
    : divide(
        1 / (kernel[0] * kernel[1]),
        averagePool(filled([1, 1, h, w], 1), kernel, { strides, pads, countPads: true })
      )
  const part = multiply(dy, share)
  const tiled = strides[0] === kernel[0] && strides[1] === kernel[1] && Math.max(...pads) === 0
  if (tiled && sizeOf(y.shape) * kernel[0] * kernel[1] === sizeOf(x.shape)) {
    const [n = 1, c = 1, height = 1, width = 1] = y.shape
    const blocks = expand(reshape(part, [n, c, height, 1, width, 1]), [
      n,
      c,
      height,
      kernel[0],
      width,
      kernel[1]
    ])
    return reshape(blocks, x.shape)
  }
  return gatherTaps(x, y, params, () => part)
}
