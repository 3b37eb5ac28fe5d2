// Makes large pictures small, with the same result in both decoders: the mean of the pixels that
// lie under each pixel of twice the wanted size, then Lanczos from there. Pure.
import type { Size } from './decoder.ts'

/** Four bytes a pixel: colours, not multiplied by opacity, and opacity. */
export interface Bitmap extends Size {
  pixels: Uint8ClampedArray<ArrayBuffer>
}

/** Four numbers a pixel, 0 to 255: colours multiplied by opacity (0 to 1), and opacity. */
interface Floats extends Size {
  values: Float32Array
}

/** Lanczos with three lobes, where two pixels become one: what each of 12 neighbours counts. */
const TAPS = normalised(
  Array.from({ length: 12 }, (_, i) => {
    const x = Math.PI * ((i - 5.5) / 2)
    return (3 * Math.sin(x) * Math.sin(x / 3)) / (x * x)
  })
)

function normalised(taps: readonly number[]): readonly number[] {
  const sum = taps.reduce((all, tap) => all + tap, 0)
  return taps.map((tap) => tap / sum)
}

/** True where `reduced` makes `size` of `whole`: from twice the size on. */
export function isReducible(whole: Size, size: Size): boolean {
  return whole.width >= 2 * size.width && whole.height >= 2 * size.height
}

/** The picture in a size for which `isReducible` is true. */
export function reduced(picture: Bitmap, { width, height }: Size): Bitmap {
  const twice = meansOf(picture, { width: 2 * width, height: 2 * height })
  return bytesOf(halvedAcross(halvedAcross(twice)))
}

/** Each pixel is the mean of those that it covers, also in part. */
function meansOf({ pixels, ...whole }: Bitmap, size: Size): Floats {
  const values = new Float32Array(size.width * size.height * 4)
  const columns = covers(whole.width, size.width)
  const rows = covers(whole.height, size.height)
  const row = new Float32Array(size.width * 4)
  for (let y = 0; y < whole.height; y++) {
    row.fill(0)
    addRow(row, pixels, y * whole.width * 4, columns)
    const begin = rows.first[y]! * row.length
    addScaled(values, begin, row, rows.share[y]!)
    if (rows.more[y]! > 0) addScaled(values, begin + row.length, row, rows.more[y]!)
  }
  return { ...size, values }
}

/** Of each place in a large picture: */
interface Covers {
  /** the place in the small one that it begins in, */
  first: Int32Array
  /** what it counts there, and in the next place. */
  share: Float32Array
  more: Float32Array
}

function covers(from: number, to: number): Covers {
  const length = to / from
  const first = new Int32Array(from)
  const share = new Float32Array(from)
  const more = new Float32Array(from)
  for (let i = 0; i < from; i++) {
    first[i] = Math.min(to - 1, Math.floor(i * length))
    const end = first[i]! + 1
    more[i] = end < to ? Math.max(0, (i + 1) * length - end) : 0
    share[i] = length - more[i]!
  }
  return { first, share, more }
}

function addRow(
  row: Float32Array,
  pixels: Uint8ClampedArray,
  begin: number,
  { first, share, more }: Covers
): void {
  for (let i = 0, at = begin; i < first.length; i++, at += 4) {
    const opacity = pixels[at + 3]! / 255
    const red = pixels[at]!
    const green = pixels[at + 1]!
    const blue = pixels[at + 2]!
    const to = first[i]! * 4
    const part = share[i]! * opacity
    row[to]! += red * part
    row[to + 1]! += green * part
    row[to + 2]! += blue * part
    row[to + 3]! += part * 255
    if (more[i]! > 0) {
      const rest = more[i]! * opacity
      row[to + 4]! += red * rest
      row[to + 5]! += green * rest
      row[to + 6]! += blue * rest
      row[to + 7]! += rest * 255
    }
  }
}

function addScaled(to: Float32Array, begin: number, row: Float32Array, scale: number): void {
  for (let i = 0; i < row.length; i++) to[begin + i]! += row[i]! * scale
}

/** Half as wide, and turned on its side, so that twice makes half of both. */
function halvedAcross({ width, height, values }: Floats): Floats {
  const half = width / 2
  const turned = new Float32Array(half * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < half; x++) {
      const to = (x * height + y) * 4
      for (let tap = 0; tap < TAPS.length; tap++) {
        const column = Math.min(width - 1, Math.max(0, 2 * x - 5 + tap))
        const from = (y * width + column) * 4
        const weight = TAPS[tap]!
        for (let channel = 0; channel < 4; channel++)
          turned[to + channel]! += values[from + channel]! * weight
      }
    }
  }
  return { width: height, height: half, values: turned }
}

function bytesOf({ width, height, values }: Floats): Bitmap {
  const pixels = new Uint8ClampedArray(values.length)
  for (let at = 0; at < values.length; at += 4) {
    const opacity = values[at + 3]!
    const scale = opacity > 0 ? 255 / opacity : 0
    for (let channel = at; channel < at + 3; channel++) pixels[channel] = values[channel]! * scale
    pixels[at + 3] = opacity
  }
  return { width, height, pixels }
}
