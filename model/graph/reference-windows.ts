// The reference of products and windows: matmul, conv, its adjoint, pooling. Plain loops, float64.
import { broadcastStrides, stridesOf, walk } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/tensor.ts'
import type { Numbers, Shape } from '../tensor/tensor.ts'
import type { ConvolutionParams, OpParams, PoolParams, Spec } from './ops.ts'

type Inputs = readonly Numbers[]

/** a [.., n, k] times b [.., k, m], each perhaps given transposed. */
export function matmul([a, b]: Inputs, params: OpParams['matmul'], { shape }: Spec): Float64Array {
  const result = new Float64Array(sizeOf(shape))
  if (!a || !b) return result
  const [n = 1, m = 1] = shape.slice(-2)
  const k = a.shape.at(params.transposeA ? -2 : -1) ?? 1
  const [aRow, aColumn] = params.transposeA ? [1, n] : [k, 1]
  const [bRow, bColumn] = params.transposeB ? [1, k] : [m, 1]
  const batch = shape.slice(0, -2)
  const starts = [a, b].map((x) => {
    const lead = x.shape.slice(0, -2)
    const size = sizeOf(x.shape.slice(-2))
    const found: number[] = []
    walk(batch, broadcastStrides(lead, batch), (offset) => found.push(offset * size))
    return found
  })
  for (let at = 0; at < sizeOf(batch); at++) {
    const [aStart = 0, bStart = 0] = [starts[0]?.[at], starts[1]?.[at]]
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < m; column++) {
        let total = 0
        for (let inner = 0; inner < k; inner++)
          total +=
            (a.data[aStart + row * aRow + inner * aColumn] ?? NaN) *
            (b.data[bStart + inner * bRow + column * bColumn] ?? NaN)
        result[(at * n + row) * m + column] = total
      }
    }
  }
  return result
}

/**
 * Every pair of an image element and a result element that a kernel tap joins, as offsets into
 * image, kernel and result: what conv, its adjoint and their tests are all sums over.
 */
function joined(
  image: Shape,
  kernel: Shape,
  result: Shape,
  { strides, pads, dilations, groups }: ConvolutionParams,
  visit: (image: number, kernel: number, result: number) => void
): void {
  const [n = 1, c = 1, h = 1, w = 1] = image
  const [o = 1, part = 1, kh = 1, kw = 1] = kernel
  const [, , height = 1, width = 1] = result
  const strideOf = [stridesOf(image), stridesOf(kernel), stridesOf(result)] as const
  const offset = (which: 0 | 1 | 2, ...index: number[]): number =>
    index.reduce((sum, i, axis) => sum + i * (strideOf[which][axis] ?? 0), 0)
  walk([n, o, height, width, part, kh, kw], [0, 0, 0, 0, 0, 0, 0], (_, place) => {
    const [b, out, y, x, inner, ky, kx] = unravel(place, [n, o, height, width, part, kh, kw])
    const row = y * strides[0] + ky * dilations[0] - pads[0]
    const column = x * strides[1] + kx * dilations[1] - pads[1]
    if (row < 0 || row >= h || column < 0 || column >= w) return
    const channel = Math.floor(out / (o / groups)) * (c / groups) + inner
    visit(
      offset(0, b, channel, row, column),
      offset(1, out, inner, ky, kx),
      offset(2, b, out, y, x)
    )
  })
}

type Seven = [number, number, number, number, number, number, number]

function unravel(place: number, lengths: Seven): Seven {
  const index: Seven = [0, 0, 0, 0, 0, 0, 0]
  let rest = place
  for (let axis = 6; axis >= 0; axis--) {
    const length = lengths[axis] ?? 1
    index[axis] = rest % length
    rest = Math.floor(rest / length)
  }
  return index
}

/** x [N, C, H, W] with w [O, C/groups, h, w], and a bias [O] where there is one. */
export function conv(
  [x, w, bias]: Inputs,
  params: ConvolutionParams,
  { shape }: Spec
): Float64Array {
  const [, o = 1, height = 1, width = 1] = shape
  const result = Float64Array.from({ length: sizeOf(shape) }, (_, at) =>
    bias ? (bias.data[Math.floor(at / (height * width)) % o] ?? NaN) : 0
  )
  if (x && w)
    joined(x.shape, w.shape, shape, params, (image, kernel, at) => {
      result[at] = (result[at] ?? 0) + (x.data[image] ?? NaN) * (w.data[kernel] ?? NaN)
    })
  return result
}

/** The adjoint of conv: every product goes back to where its image element was. */
export function convTranspose(
  [x, w]: Inputs,
  params: ConvolutionParams,
  { shape }: Spec
): Float64Array {
  const result = new Float64Array(sizeOf(shape))
  if (x && w)
    joined(shape, w.shape, x.shape, params, (image, kernel, at) => {
      result[image] = (result[image] ?? 0) + (x.data[at] ?? NaN) * (w.data[kernel] ?? NaN)
    })
  return result
}

/** The elements under each window that are in the image, in row order. */
function windows(x: Numbers, { kernel, strides, pads }: PoolParams, shape: Shape): number[][] {
  const [n = 1, c = 1, height = 1, width = 1] = shape
  const [h = 1, w = 1] = x.shape.slice(2)
  const found: number[][] = []
  for (let plane = 0; plane < n * c; plane++) {
    for (let y = 0; y < height; y++) {
      for (let column = 0; column < width; column++) {
        const inside: number[] = []
        for (let ky = 0; ky < kernel[0]; ky++) {
          for (let kx = 0; kx < kernel[1]; kx++) {
            const row = y * strides[0] + ky - pads[0]
            const at = column * strides[1] + kx - pads[1]
            if (row >= 0 && row < h && at >= 0 && at < w)
              inside.push(x.data[(plane * h + row) * w + at] ?? NaN)
          }
        }
        found.push(inside)
      }
    }
  }
  return found
}

/** The largest element under each window. */
export function maxPool([x]: Inputs, params: PoolParams, { shape }: Spec): Float64Array {
  return Float64Array.from(x ? windows(x, params, shape).map((inside) => Math.max(...inside)) : [])
}

/** The mean under each window, of what is in the image or of the whole window. */
export function averagePool(
  [x]: Inputs,
  params: OpParams['averagePool'],
  { shape }: Spec
): Float64Array {
  const whole = params.kernel[0] * params.kernel[1]
  return Float64Array.from(
    x
      ? windows(x, params, shape).map(
          (inside) =>
            inside.reduce((sum, value) => sum + value, 0) /
            (params.countPads ? whole : inside.length)
        )
      : []
  )
}
