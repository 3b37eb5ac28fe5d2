// Random geometry for the ops that move a window over a picture.
import fc from 'fast-check'
import type { OpParams } from '../../../model/graph/ops.ts'

/** A length from 1 on. */
export const length = (max = 4): fc.Arbitrary<number> => fc.integer({ min: 1, max })
const two = (value: fc.Arbitrary<number>): fc.Arbitrary<[number, number]> => fc.tuple(value, value)
const four = (value: fc.Arbitrary<number>): fc.Arbitrary<[number, number, number, number]> =>
  fc.tuple(value, value, value, value)

/** Geometry of a convolution whose padded picture holds the kernel. */
export const convolution = fc
  .record({
    strides: two(length(3)),
    pads: four(fc.nat({ max: 2 })),
    dilations: two(length(2)),
    groups: length(3),
    kernel: two(length(3)),
    extra: two(fc.nat({ max: 4 })),
    depthwise: fc.boolean(),
    parts: two(length(2)),
    batch: length(2),
    bias: fc.boolean()
  })
  .map(({ kernel, extra, depthwise, parts, batch, bias, ...params }) => {
    const reach = [0, 1].map(
      (axis) => (params.dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1
    )
    const size = [0, 1].map(
      (axis) =>
        Math.max(1, (reach[axis] ?? 1) - (params.pads[axis] ?? 0) - (params.pads[axis + 2] ?? 0)) +
        (extra[axis] ?? 0)
    )
    const [part, out] = depthwise ? [1, 1] : parts
    return { params, kernel, size, batch, bias, part, out }
  })

/** A picture and a window that fits into it; padding is smaller than the window. */
export const pool = fc
  .record({
    kernel: two(length(3)),
    strides: two(length(3)),
    extra: two(fc.nat({ max: 4 })),
    channels: length(2),
    pads: four(fc.nat({ max: 2 }))
  })
  .map(({ kernel, strides, extra, channels, pads }) => {
    const [kh, kw] = kernel
    const [top, left, bottom, right] = pads
    const around: OpParams['maxPool']['pads'] = [
      Math.min(top, kh - 1),
      Math.min(left, kw - 1),
      Math.min(bottom, kh - 1),
      Math.min(right, kw - 1)
    ]
    return {
      inputs: [{ shape: [2, channels, kh + extra[0], kw + extra[1]], kind: 'number' as const }],
      params: { kernel, strides, pads: around }
    }
  })
