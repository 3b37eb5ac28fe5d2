// Views as graph (METHOD.md 5): two batched matrix products and an affine map of colour, in front
// of a network in its training step. Only the small matrices change from step to step. Pure.
import { add, cast, clip, matmul, multiply, reduceMean, reshape } from '../graph/functions.ts'
import { input } from '../graph/graph.ts'
import { GraphError, specText } from '../graph/ops.ts'
import type { Value } from '../graph/ops.ts'
import { augmentationMaps, writeDense } from '../image/augment-maps.ts'
import type { Augmentation, Size } from '../image/augment.ts'
import { floats } from '../tensor/tensor.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** What a batch of views is made by; `packAugmentations` fills it. */
export interface AugmentationInputs {
  /** Rows of the views from rows of the pictures, [B, size, H]. */
  readonly rows: Value
  /** Columns of the views from columns of the pictures, [B, size, W]. */
  readonly columns: Value
  /** Colours from a pixel's own, [B, 3, 3], and from the view's mean, [B, 3, 3]. */
  readonly own: Value
  readonly ofMean: Value
}

/** Declares the inputs of B views of size x size pixels, as `<name>.rows` and so on. */
export function augmentationInputs(
  name: string,
  B: number,
  from: Size,
  size: number
): AugmentationInputs {
  return {
    rows: input(`${name}.rows`, [B, size, from.height]),
    columns: input(`${name}.columns`, [B, size, from.width]),
    own: input(`${name}.own`, [B, 3, 3]),
    ofMean: input(`${name}.ofMean`, [B, 3, 3])
  }
}

/**
 * Views [B, 3, size, size] in 0..1 of images [B, 3, H, W]: f32 in 0..1 or u8. Colours are clipped
 * once, at the end. Equal to model/image's augmentReference but for rounding.
 * @throws GraphError when the images do not fit the matrices
 */
export function augment(images: Value, { rows, columns, own, ofMean }: AugmentationInputs): Value {
  const [B = 0, channels, H = 0, W = 0] = images.shape
  const size = rows.shape[1] ?? 0
  if (images.shape.length !== 4 || channels !== 3 || rows.shape[2] !== H || columns.shape[2] !== W)
    throw new GraphError(
      `augment: expected images [B,3,${rows.shape[2]},${columns.shape[2]}], got ${specText(images)}`
    )
  const pixels = images.type === 'f32' ? images : cast(images, 'f32')
  // All rows of the three channels in one product an image; then each channel's columns.
  const across = matmul(reshape(pixels, [B, 3 * H, W]), columns, { transposeB: true })
  const down = matmul(reshape(rows, [B, 1, size, H]), reshape(across, [B, 3, H, size]))
  const flat = reshape(down, [B, 3, size * size])
  const view = images.type === 'u8' ? multiply(flat, 1 / 255) : flat
  const shift = matmul(ofMean, reduceMean(view, [2], true))
  return reshape(clip(add(matmul(own, view), shift), 0, 1), [B, 3, size, size])
}

/**
 * The feeds of `augmentationInputs` for B views, each sampled for a picture that lies at the top
 * left of its `from` pixels.
 */
export function packAugmentations(
  name: string,
  views: readonly Augmentation[],
  from: Size,
  size: number
): Record<string, Tensor<'f32'>> {
  const B = views.length
  const rows = new Float32Array(B * size * from.height)
  const columns = new Float32Array(B * size * from.width)
  const own = new Float32Array(B * 9)
  const ofMean = new Float32Array(B * 9)
  views.forEach((view, i) => {
    const maps = augmentationMaps(view, from, size)
    writeDense(maps.rows, from.height, rows, i * size * from.height)
    writeDense(maps.columns, from.width, columns, i * size * from.width)
    own.set(maps.colour.own, i * 9)
    ofMean.set(maps.colour.ofMean, i * 9)
  })
  return {
    [`${name}.rows`]: floats([B, size, from.height], rows),
    [`${name}.columns`]: floats([B, size, from.width], columns),
    [`${name}.own`]: floats([B, 3, 3], own),
    [`${name}.ofMean`]: floats([B, 3, 3], ofMean)
  }
}
