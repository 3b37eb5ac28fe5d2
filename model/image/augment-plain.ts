// Rows, columns and colours of a view in plain loops: what serves where there is no SIMD, and what
// augment-kernel.as.ts must equal. Holds no photo between calls. Pure.
import type { AugmentationMaps, SparseAxis } from './augment-maps.ts'
import type { Crop } from './augment.ts'
import type { Photo } from './preprocess.ts'

/** Shares of red, green and blue, what is added, what is taken away once clipped, a factor. */
export type Channel = readonly [number, number, number, number, number, number]

/** What makes a view, in two steps: the colours of the second hang on the mean of the first. */
export interface Applier {
  /** Cuts, resizes, mirrors and blurs. The sum of each channel, red first. */
  filter(photo: Photo, crop: Crop, maps: AugmentationMaps): readonly number[]
  /** Colours of what was filtered last, clipped to 0..255 and normalised: [3, size, size]. */
  recolour(channels: readonly Channel[], out: Float32Array): void
}

/** Makes views of size x size pixels. */
export function createPlainApplier(size: number): Applier {
  const view = new Float32Array(size * size * 3) // [size, size, 3], bytes' range
  let rows = new Float32Array(0) // [size, crop width, 3]
  return {
    filter({ rgb, width }, { left, width: cropWidth }, maps) {
      const line = cropWidth * 3
      if (rows.length < size * line) rows = new Float32Array(size * line)
      filterRows(maps.rows, rgb, left * 3, width * 3, rows, line)
      return filterColumns(maps.columns, left, rows, line, view)
    },
    recolour: (channels, out) =>
      channels.forEach((channel, place) =>
        recolour(view, channel, out.subarray(place * size * size, (place + 1) * size * size))
      )
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

/** One channel of the view, clipped to 0..255 and normalised. */
function recolour(view: Float32Array, channel: Channel, out: Float32Array): void {
  const [r, g, b, plus, shift, factor] = channel
  for (let i = 0, at = 0; i < out.length; i++, at += 3) {
    const value = r * view[at]! + g * view[at + 1]! + b * view[at + 2]! + plus
    out[i] = ((value < 0 ? 0 : value > 255 ? 255 : value) - shift) * factor
  }
}
