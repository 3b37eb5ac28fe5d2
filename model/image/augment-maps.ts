// A view as linear algebra (METHOD.md 5): crop, resize, flip and blur are two small matrices, all
// changes of colour one affine map. Pure; runs in any process; touches no pixels.
import type { Augmentation, ColourStep, Size } from './augment.ts'
import { exactTapOf } from './resampling.ts'

/** One axis of a view: output pixel i is the sum of `taps` source pixels from firsts[i] on. */
export interface SparseAxis {
  readonly taps: number
  readonly firsts: Int32Array // [to]
  readonly weights: Float32Array // [to, taps], zero-padded; each row sums to 1
}

/**
 * A view's colour: out = own x + ofMean m, clipped to the range of x, where x is a pixel's RGB and
 * m the mean RGB of the view's pixels. Both [3, 3], row-major.
 */
export interface ColourMap {
  readonly own: Float64Array
  readonly ofMean: Float64Array
}

export interface AugmentationMaps {
  /** Rows of the view from rows of the picture. */
  readonly rows: SparseAxis
  /** Columns of the view from columns of the picture. */
  readonly columns: SparseAxis
  readonly colour: ColourMap
}

/** Weights of red, green and blue in grey (ITU-R BT.601). */
export const GREY = [0.299, 0.587, 0.114] as const

/** A blur reaches so many standard deviations, */
const REACH = 3
/** and at most so large a share of the view's side in all (both papers: a tenth). */
const WIDEST = 0.1

/**
 * The maps of a view of to x to pixels from a picture of `from` pixels (the one that the view was
 * sampled for, or a larger one that holds it at its top left).
 * @throws RangeError when the crop does not lie inside the picture
 */
export function augmentationMaps(view: Augmentation, from: Size, to: number): AugmentationMaps {
  const { crop, sigma } = view
  const { left, top, width, height } = crop
  const inside = left >= 0 && top >= 0 && left + width <= from.width && top + height <= from.height
  if (!inside || width < 1 || height < 1)
    throw new RangeError(
      `crop: expected one inside ${from.width} x ${from.height}, ` +
        `got ${width} x ${height} at ${left}, ${top}`
    )
  return {
    rows: axis(top, height, to, false, sigma),
    columns: axis(left, width, to, view.flip, sigma),
    colour: colourMap(view)
  }
}

/** An axis as the matrix [to, from], row-major, written into `matrix` (of zeros) from `at` on. */
export function writeDense(axis: SparseAxis, from: number, matrix: Float32Array, at = 0): void {
  const { taps, firsts, weights } = axis
  for (let i = 0; i < firsts.length; i++)
    for (let k = 0; k < taps; k++)
      matrix[at + i * from + firsts[i]! + k]! += weights[i * taps + k]!
}

/** Taps of the blur to either side, in pixels of the view. */
function blurRadius(sigma: number, to: number): number {
  return Math.min(Math.ceil(REACH * sigma), Math.floor((WIDEST * to) / 2))
}

/** Where pixel i of an axis is when the picture goes on beyond its edges as in a mirror. */
export function mirrored(i: number, count: number): number {
  const place = ((i % (2 * count)) + 2 * count) % (2 * count)
  return place < count ? place : 2 * count - 1 - place
}

/** The blur's weights from -radius to radius, which sum to 1. */
export function gaussian(sigma: number, radius: number): Float64Array {
  const weights = new Float64Array(2 * radius + 1)
  let sum = 0
  for (let d = -radius; d <= radius; d++)
    sum += weights[d + radius] = radius === 0 ? 1 : Math.exp(-(d * d) / (2 * sigma * sigma))
  return weights.map((weight) => weight / sum)
}

/** Crop, resize (bilinear, widened when shrinking), mirror and blur of one axis, multiplied out. */
function axis(
  offset: number,
  length: number,
  to: number,
  flip: boolean,
  sigma: number
): SparseAxis {
  const resized = Array.from({ length: to }, (_, i) =>
    exactTapOf('bilinear', length, to, flip ? to - 1 - i : i)
  )
  const radius = blurRadius(sigma, to)
  const kernel = gaussian(sigma, radius)
  const firsts = new Int32Array(to)
  const ends = new Int32Array(to)
  for (let i = 0; i < to; i++) {
    let [first, end] = [length, 0]
    for (let d = -radius; d <= radius; d++) {
      const tap = resized[mirrored(i + d, to)]!
      first = Math.min(first, tap.first)
      end = Math.max(end, tap.first + tap.weights.length)
    }
    firsts[i] = first
    ends[i] = end
  }
  const taps = firsts.reduce((most, first, i) => Math.max(most, ends[i]! - first), 1)
  const weights = new Float32Array(to * taps)
  for (let i = 0; i < to; i++) {
    const first = Math.min(firsts[i]!, length - taps) // padding stays inside the crop
    for (let d = -radius; d <= radius; d++) {
      const tap = resized[mirrored(i + d, to)]!
      const at = i * taps + tap.first - first
      for (let k = 0; k < tap.weights.length; k++)
        weights[at + k]! += kernel[d + radius]! * tap.weights[k]!
    }
    firsts[i] = offset + first
  }
  return { taps, firsts, weights }
}

/**
 * The changes of colour of a view, one after the other, as one map. Nothing is clipped between
 * them, only at the end, so that the whole is affine. A hue turns about the grey axis. A contrast
 * is about the mean grey of the picture as it then is: (own + ofMean) m, a mean of what is affine.
 */
export function colourMap({ colour, grey }: Pick<Augmentation, 'colour' | 'grey'>): ColourMap {
  let own = times(1, IDENTITY)
  let ofMean = times(0, IDENTITY)
  const steps: ColourStep[] = grey ? [...colour, { kind: 'saturation', amount: 0 }] : [...colour]
  for (const { kind, amount } of steps) {
    if (kind === 'contrast') {
      const mean = product(GREYS, plus(own, ofMean))
      own = times(amount, own)
      ofMean = plus(times(amount, ofMean), times(1 - amount, mean))
    } else {
      const change = kind === 'brightness' ? times(amount, IDENTITY) : chroma(kind, amount)
      own = product(change, own)
      ofMean = product(change, ofMean)
    }
  }
  return { own, ofMean }
}

const IDENTITY = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
/** The grey of a pixel, three times. */
const GREYS = Float64Array.of(...GREY, ...GREY, ...GREY)
const ONES = new Float64Array(9).fill(1)
/** The product with the unit vector of the grey axis, times the root of 3. */
const ACROSS = Float64Array.of(0, -1, 1, 1, 0, -1, -1, 1, 0)

function chroma(kind: 'saturation' | 'hue', amount: number): Float64Array {
  if (kind === 'saturation') return plus(times(amount, IDENTITY), times(1 - amount, GREYS))
  const [cos, sin] = [Math.cos(2 * Math.PI * amount), Math.sin(2 * Math.PI * amount)]
  const turned = plus(times(cos, IDENTITY), times((1 - cos) / 3, ONES))
  return plus(turned, times(sin / Math.sqrt(3), ACROSS))
}

function times(factor: number, a: Float64Array): Float64Array {
  return a.map((value) => factor * value)
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!)
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((_, i) => {
    const [row, column] = [i - (i % 3), i % 3]
    return a[row]! * b[column]! + a[row + 1]! * b[3 + column]! + a[row + 2]! * b[6 + column]!
  })
}
