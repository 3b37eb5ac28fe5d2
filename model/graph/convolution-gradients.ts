// Gradients of conv and convTranspose in the forms that were fastest in ONNX Runtime. Pure.
// The image's gradient is a Conv with the kernel turned round where the stride is 1, else a
// ConvTranspose. The kernel's is a matrix product for each tap with what it saw of the image; for
// depthwise kernels a product and a sum.
import { integers } from '../tensor/tensor.ts'
import {
  concat,
  conv,
  convTranspose,
  gather,
  matmul,
  multiply,
  pad,
  reduceSum,
  reshape,
  reverse,
  transpose
} from './functions.ts'
import { bind, constant } from './graph.ts'
import type { ConvolutionParams, OpParams, Value } from './ops.ts'

type Four = readonly [number, number, number, number]

/** Of the image, the kernel and the bias, where there is one. */
export function convGradients(
  [x, w, bias]: readonly Value[],
  dy: Value,
  _y: Value,
  params: ConvolutionParams
): readonly (Value | undefined)[] {
  if (!x || !w) return []
  const image = imageGradient(dy, w, shapeOf(x), params)
  const kernel = kernelGradient(x, dy, shapeOf(w), params)
  return bias ? [image, kernel, reduceSum(dy, [0, 2, 3])] : [image, kernel]
}

/** convTranspose is the adjoint of conv, so its gradients are conv and conv's kernel gradient. */
export function convTransposeGradients(
  [x, w]: readonly Value[],
  dy: Value,
  _y: Value,
  { strides, pads, dilations, groups }: OpParams['convTranspose']
): readonly (Value | undefined)[] {
  if (!x || !w) return []
  const params = { strides, pads, dilations, groups }
  const [n, o, h, width] = shapeOf(x)
  const image = conv(dy, w, params)
  // Rows that outputPads added may make room for one more window; it saw nothing.
  const seen = bind('slice', [image], {
    starts: [0, 0, 0, 0],
    ends: [n, o, h, width],
    steps: [1, 1, 1, 1]
  })
  return [seen, kernelGradient(dy, x, shapeOf(w), params)]
}

function shapeOf(value: Value): Four {
  const [a = 1, b = 1, c = 1, d = 1] = value.shape
  return [a, b, c, d]
}

/** The gradient of the image [N, C, H, W] of a convolution whose result has the gradient dy. */
function imageGradient(dy: Value, w: Value, image: Four, params: ConvolutionParams): Value {
  const { strides, pads, dilations, groups } = params
  const [o, part, kh, kw] = shapeOf(w)
  const [, , height, width] = shapeOf(dy)
  const reach = [dilations[0] * (kh - 1), dilations[1] * (kw - 1)] as const
  const turned: Four = [
    reach[0] - pads[0],
    reach[1] - pads[1],
    image[2] - height + pads[0],
    image[3] - width + pads[1]
  ]
  if (strides[0] === 1 && strides[1] === 1 && Math.min(...turned) >= 0) {
    const split = reshape(w, [groups, o / groups, part, kh, kw])
    const swapped = reshape(transpose(split, [0, 2, 1, 3, 4]), [groups * part, o / groups, kh, kw])
    const kernel = kh * kw > 1 ? reverse(swapped, [2, 3]) : swapped
    return conv(dy, kernel, { pads: turned, dilations, groups })
  }
  const outputPads = [
    image[2] - ((height - 1) * strides[0] + reach[0] + 1 - pads[0] - pads[2]),
    image[3] - ((width - 1) * strides[1] + reach[1] + 1 - pads[1] - pads[3])
  ] as const
  return convTranspose(dy, w, { ...params, outputPads })
}

/**
 * The gradient of the kernel [O, C/groups, h, w]: for each tap, the product over places and batch
 * of dy [N, O, h', w'] with the picture [N, C, H, W] as that tap saw it. Channels come first and
 * the batch last, so that what a tap saw is rows [C, places, N] gathered in whole runs; ONNX
 * Runtime gathers on all threads, and slices on one.
 */
function kernelGradient(x: Value, dy: Value, kernel: Four, params: ConvolutionParams): Value {
  const { pads, groups } = params
  const [o, part, kh, kw] = kernel
  const [n, , height, width] = shapeOf(dy)
  const [top, left, bottom, right] = pads
  const image = pad(transpose(x, [1, 2, 3, 0]), [0, top, left, 0], [0, bottom, right, 0])
  const [channels, rows, columns] = shapeOf(image)
  const places = reshape(image, [channels, rows * columns, n])
  const back = reshape(transpose(dy, [1, 2, 3, 0]), [o, height * width, n])
  const depthwise = part === 1 && o === groups
  const taps: Value[] = []
  for (let row = 0; row < kh; row++) {
    for (let column = 0; column < kw; column++) {
      const seen = gather(places, tapIndices(row, column, columns, [height, width], params), 1)
      const tap = depthwise ? reduceSum(multiply(back, seen), [1, 2]) : product(back, seen, groups)
      taps.push(reshape(tap, [o, part, 1]))
    }
  }
  return reshape(concat(taps, 2), kernel)
}

/** Where in the padded picture, row by row, a tap is for each place of the result. */
function tapIndices(
  row: number,
  column: number,
  columns: number,
  [height, width]: readonly [number, number],
  { strides, dilations }: ConvolutionParams
): Value {
  const indices = Array.from({ length: height * width }, (_, place) => {
    const y = Math.floor(place / width) * strides[0] + row * dilations[0]
    return y * columns + (place % width) * strides[1] + column * dilations[1]
  })
  return constant(integers([indices.length], indices))
}

/** dy [O, ..] times the transpose of what a tap saw [C, ..], a group each. */
function product(dy: Value, seen: Value, groups: number): Value {
  const matrix = (x: Value): Value => {
    const [channels = 1, places = 1, n = 1] = x.shape
    const rows = [channels / groups, places * n]
    return reshape(x, groups === 1 ? rows : [groups, ...rows])
  }
  return matmul(matrix(dy), matrix(seen), { transposeB: true })
}
