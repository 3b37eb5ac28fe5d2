// Views of photos as the input of a backbone: the fast twin of augment-reference.ts. Runs in
// compute's photo threads; holds no photo between calls.
import { augmentationMaps } from './augment-maps.ts'
import type { ColourMap, SparseAxis } from './augment-maps.ts'
import type { Augmentation } from './augment.ts'
import type { Card } from './card.ts'
import type { Photo } from './preprocess.ts'

/** Writes a view of the photo, [3, size, size], into a batch [B, 3, size, size] at `slot`. */
export type Augment = (
  photo: Photo,
  view: Augmentation,
  batch: Float32Array,
  slot: number
) => void

/**
 * Prepares views for a card: its size, channels and normalisation (its resize rule is not used, the
 * view says what is cut). The result is for one thread at a time, and throws RangeError for bytes
 * that do not fit the photo, a crop outside it or a slot outside the batch.
 */
export function createAugmenter(card: Card): Augment {
  const { size, channels, mean, scale } = card.input
  const plane = size * size
  const view = new Float32Array(size * size * 3) // [size, size, 3], bytes' range
  let rows = new Float32Array(0) // [size, crop width, 3]

  return function augment(photo, description, batch, slot) {
    const { rgb, width, height } = photo
    if (rgb.length !== width * height * 3)
      throw new RangeError(`rgb: expected ${width * height * 3} bytes, got ${rgb.length}`)
    if (!Number.isInteger(slot) || slot < 0 || (slot + 1) * 3 * plane > batch.length)
      throw new RangeError(`slot: expected one of ${batch.length / 3 / plane}, got ${slot}`)
    const { crop } = description
    const maps = augmentationMaps(description, { width, height }, size)
    const line = crop.width * 3
    if (rows.length < size * line) rows = new Float32Array(size * line)
    filterRows(maps.rows, rgb, crop.left * 3, width * 3, rows, line)
    const sums = filterColumns(maps.columns, crop.left, rows, line, view)
    const colour = affine(maps.colour, sums.map((sum) => sum / plane))
    for (let channel = 0; channel < 3; channel++) {
      const source = channels === 'RGB' ? channel : 2 - channel
      const values = { shift: mean[channel]!, scale: scale[channel]! }
      const out = batch.subarray((slot * 3 + channel) * plane, (slot * 3 + channel + 1) * plane)
      recolour(view, colour.subarray(source * 4, source * 4 + 4), values, out)
    }
  }
}

/** Rows of the view: each the weighted sum of a few rows of the photo, over the crop's width. */
function filterRows(
  { taps, firsts, weights }: SparseAxis,
  rgb: Uint8Array,
  offset: number,
  stride: number,
  out: Float32Array,
  count: number
): void {
  for (let y = 0; y < firsts.length; y++) {
    const target = y * count
    for (let k = 0; k < taps; k += 4) {
      // Four rows at a time; those beyond the last tap are the first once more, with weight 0.
      const from = (firsts[y]! + k) * stride + offset
      const at = y * taps + k
      const left = taps - k
      const w0 = weights[at]!
      const w1 = left > 1 ? weights[at + 1]! : 0
      const w2 = left > 2 ? weights[at + 2]! : 0
      const w3 = left > 3 ? weights[at + 3]! : 0
      const p1 = left > 1 ? from + stride : from
      const p2 = left > 2 ? p1 + stride : from
      const p3 = left > 3 ? p2 + stride : from
      for (let i = 0; i < count; i++) {
        const low = w0 * rgb[from + i]! + w1 * rgb[p1 + i]!
        const sum = low + w2 * rgb[p2 + i]! + w3 * rgb[p3 + i]!
        out[target + i] = k === 0 ? sum : out[target + i]! + sum
      }
    }
  }
}

/** Columns of the view from its rows [size, crop width, 3]; gives the sum of each channel. */
function filterColumns(
  { taps, firsts, weights }: SparseAxis,
  left: number,
  rows: Float32Array,
  line: number,
  out: Float32Array
): number[] {
  const size = firsts.length
  let red = 0
  let green = 0
  let blue = 0
  for (let y = 0, target = 0; y < size; y++) {
    for (let x = 0; x < size; x++, target += 3) {
      let r = 0
      let g = 0
      let b = 0
      let at = y * line + (firsts[x]! - left) * 3
      for (let k = x * taps; k < (x + 1) * taps; k++, at += 3) {
        const weight = weights[k]!
        r += weight * rows[at]!
        g += weight * rows[at + 1]!
        b += weight * rows[at + 2]!
      }
      out[target] = r
      out[target + 1] = g
      out[target + 2] = b
      red += r
      green += g
      blue += b
    }
  }
  return [red, green, blue]
}

/** The colour map for a mean that is known: [3, 4], three factors and what is added. */
function affine({ own, ofMean }: ColourMap, mean: readonly number[]): Float64Array {
  const map = new Float64Array(12)
  for (let c = 0; c < 3; c++) {
    map.set(own.subarray(c * 3, c * 3 + 3), c * 4)
    map[c * 4 + 3] = mean.reduce((sum, value, i) => sum + ofMean[c * 3 + i]! * value, 0)
  }
  return map
}

/** One channel of the view, clipped to 0..255 and normalised. */
function recolour(
  view: Float32Array,
  map: Float64Array,
  { shift, scale }: { shift: number; scale: number },
  out: Float32Array
): void {
  const [r = 0, g = 0, b = 0, plus = 0] = map
  const factor = 1 / scale
  for (let i = 0, at = 0; i < out.length; i++, at += 3) {
    const value = r * view[at]! + g * view[at + 1]! + b * view[at + 2]! + plus
    out[i] = ((value < 0 ? 0 : value > 255 ? 255 : value) - shift) * factor
  }
}
