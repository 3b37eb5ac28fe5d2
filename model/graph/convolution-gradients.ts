// Gradients of conv and convTranspose in the forms that were fastest in ONNX Runtime. Pure.
// The image's gradient is a Conv with the kernel turned round where the stride is 1, else a
// ConvTranspose. The kernel's is a matrix product for each tap over the slice of the image that it
// saw; for depthwise kernels a product and a sum.
import {
  concat,
  conv,
  convTranspose,
  matmul,
  multiply,
  pad,
  reduceSum,
  reshape,
  reverse,
  transpose
} from './functions.ts'
import { bind } from './graph.ts'
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
 * The gradient of the kernel [O, C/groups, h, w]: for each tap, the product over batch and places of
 * dy [N, O, h', w'] with the slice of the padded image [N, C, H, W] under that tap. Channels come first
 * and the batch last, so that a slice is a matrix [C, places] copied in long runs.
 */
function kernelGradient(x: Value, dy: Value, kernel: Four, params: ConvolutionParams): Value {
  const { strides, pads, dilations, groups } = params
  const [o, part, kh, kw] = kernel
  const [n, , height, width] = shapeOf(dy)
  const depthwise = part === 1 && o === groups
  const order = depthwise ? [0, 1, 2, 3] : [1, 2, 3, 0]
  const [rowAxis, columnAxis] = [order.indexOf(2), order.indexOf(3)]
  const places = n * height * width
  const image = transpose(x, order)
  const shape = image.shape
  const around = (top: number, left: number): number[] =>
    shape.map((_, axis) => (axis === rowAxis ? top : axis === columnAxis ? left : 0))
  const padded = pad(image, around(pads[0], pads[1]), around(pads[2], pads[3]))
  const moved = transpose(dy, order)

  const taps: Value[] = []
  for (let row = 0; row < kh; row++) {
    for (let column = 0; column < kw; column++) {
      const starts = around(row * dilations[0], column * dilations[1])
      const steps = shape.map((_, axis) =>
        axis === rowAxis ? strides[0] : axis === columnAxis ? strides[1] : 1
      )
      const seen = bind('slice', [padded], {
        starts,
        ends: moved.shape.map((count, axis) =>
          axis === rowAxis || axis === columnAxis
            ? (starts[axis] ?? 0) + (count - 1) * (steps[axis] ?? 1) + 1
            : (shape[axis] ?? 1)
        ),
        steps
      })
      const tap = depthwise
        ? reduceSum(multiply(moved, seen), [0, 2, 3])
        : tapProduct(moved, seen, groups, places)
      taps.push(reshape(tap, [o, part, 1]))
    }
  }
  return reshape(concat(taps, 2), kernel)
}

/** dy [O, ..] times the transpose of what the tap saw [C, ..], a group each. */
function tapProduct(dy: Value, seen: Value, groups: number, places: number): Value {
  const [rows, columns] = [dy, seen].map((x) =>
    reshape(x, groups === 1 ? [-1, places] : [groups, -1, places])
  )
  return rows && columns ? matmul(rows, columns, { transposeB: true }) : dy
}
