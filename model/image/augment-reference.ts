// A view of a picture, one pixel after the other and one change after the other: the reference that
// the fast applier (augment-photo.ts) and the training graph are held against. Pure; it shares
// nothing with the maps that it checks (augment-maps.ts).
import type { Augmentation, ColourStep } from './augment.ts'
import type { Photo } from './preprocess.ts'

/**
 * The view of rgb [height, width, 3] as [size, size, 3] in 0..1: crop, resize, mirror, colours,
 * blur, in this order; clipped once, at the end.
 */
export function augmentReference(photo: Photo, view: Augmentation, size: number): Float64Array {
  let picture = resized(photo, view, size)
  for (const step of view.colour) picture = recoloured(picture, step)
  if (view.grey) picture = recoloured(picture, { kind: 'saturation', amount: 0 })
  return blurred(picture, view.sigma, size).map((value) => Math.min(1, Math.max(0, value)))
}

/** Weight of source pixel i of `length` in output pixel `index` of `size`, before they sum to 1. */
function weight(i: number, index: number, length: number, size: number): number {
  const scale = length / size
  return Math.max(0, 1 - Math.abs(i + 0.5 - (index + 0.5) * scale) / Math.max(scale, 1))
}

function resized({ rgb, width }: Photo, { crop, flip }: Augmentation, size: number): Float64Array {
  const picture = new Float64Array(size * size * 3)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const column = flip ? size - 1 - x : x
      let whole = 0
      const sums = [0, 0, 0]
      for (let i = 0; i < crop.height; i++) {
        const down = weight(i, y, crop.height, size)
        for (let j = 0; down > 0 && j < crop.width; j++) {
          const both = down * weight(j, column, crop.width, size)
          const at = ((crop.top + i) * width + crop.left + j) * 3
          whole += both
          for (let c = 0; c < 3; c++) sums[c]! += both * rgb[at + c]!
        }
      }
      for (let c = 0; c < 3; c++) picture[(y * size + x) * 3 + c] = sums[c]! / whole / 255
    }
  }
  return picture
}

/** By ITU-R BT.601. */
function greyOf([r = 0, g = 0, b = 0]: ArrayLike<number> & Iterable<number>): number {
  return 0.299 * r + 0.587 * g + 0.114 * b
}

function recoloured(picture: Float64Array, { kind, amount }: ColourStep): Float64Array {
  const pixels = Array.from({ length: picture.length / 3 }, (_, i) =>
    picture.subarray(i * 3, i * 3 + 3)
  )
  const mean = pixels.reduce((sum, pixel) => sum + greyOf(pixel), 0) / pixels.length
  const result = new Float64Array(picture.length)
  pixels.forEach((pixel, i) => {
    const about = kind === 'contrast' ? mean : kind === 'saturation' ? greyOf(pixel) : 0
    const changed =
      kind === 'hue' ? turned(pixel, amount) : pixel.map((x) => amount * x + (1 - amount) * about)
    result.set(changed, i * 3)
  })
  return result
}

/** A colour turned about the grey axis (Rodrigues' formula). */
function turned([r = 0, g = 0, b = 0]: Float64Array, turns: number): Float64Array {
  const [cos, sin] = [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)]
  const along = ((r + g + b) / 3) * (1 - cos)
  const across = [b - g, r - b, g - r].map((x) => (x / Math.sqrt(3)) * sin)
  return Float64Array.from([r, g, b], (x, c) => x * cos + across[c]! + along)
}

/** Each pixel the mean of those around it, weighted by a two-dimensional normal distribution. */
function blurred(picture: Float64Array, sigma: number, size: number): Float64Array {
  let reach = 0 // three sigma, but no more than a tenth of the side from edge to edge
  while (reach < 3 * sigma && 20 * (reach + 1) <= size) reach++
  const around: { dy: number; dx: number; weight: number }[] = []
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const squares = dx ** 2 + dy ** 2
      around.push({ dy, dx, weight: squares === 0 ? 1 : Math.exp(-squares / (2 * sigma ** 2)) })
    }
  const whole = around.reduce((sum, { weight }) => sum + weight, 0)
  const result = new Float64Array(picture.length)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (const { dy, dx, weight } of around) {
        const at = (inMirror(y + dy, size) * size + inMirror(x + dx, size)) * 3
        const to = (y * size + x) * 3
        for (let c = 0; c < 3; c++) result[to + c]! += (weight / whole) * picture[at + c]!
      }
  return result
}

/** The pixel that is seen in place of one beyond an edge, as if mirrors stood on the edges. */
function inMirror(i: number, size: number): number {
  while (i < 0 || i >= size) i = i < 0 ? -1 - i : 2 * size - 1 - i
  return i
}
