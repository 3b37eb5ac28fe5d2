// A small JPEG's brightness and colours as they are stored, a plane each, into pixels. Pure.
//
// [Note: planes] Most JPEGs store colours at half their size. Chromium hands out the planes, and
// drawing them doubles colours in a way of its own; libjpeg, which all else shows photos by,
// doubles them by a triangle filter: three quarters of the nearest and a quarter of the next, down
// and across, and rounds up and down in turns. So it is done here. Where they were drawn, small
// pictures differed by up to four levels.
import type { Bitmap } from './reduce.ts'

/** Bytes of a plane and the length of its rows. */
export interface Plane {
  bytes: Uint8Array
  stride: number
}

/**
 * Pixels of a picture whose colours have half its width and, unless `isTall`, half its height: full
 * range, by the matrix of JFIF.
 */
export function pixelsOfPlanes(
  width: number,
  height: number,
  [luma, blue, red]: readonly [Plane, Plane, Plane],
  isTall: boolean
): Bitmap {
  const pixels = new Uint8ClampedArray(width * height * 4)
  const [columns, rows] = [(width + 1) >> 1, isTall ? height : (height + 1) >> 1]
  const [blues, reds] = [new Int32Array(2 * columns), new Int32Array(2 * columns)]
  const sums = new Int32Array(columns)
  for (let y = 0, at = 0; y < height; y++) {
    for (const [plane, doubled] of [[blue, blues], [red, reds]] as const) {
      if (isTall) {
        for (let x = 0; x < columns; x++) sums[x] = plane.bytes[y * plane.stride + x]!
        double(sums, doubled, 1, 2, 2)
        continue
      }
      const near = y >> 1
      const far = Math.min(rows - 1, Math.max(0, near + (y & 1 ? 1 : -1)))
      const [a, b] = [near * plane.stride, far * plane.stride]
      for (let x = 0; x < columns; x++) sums[x] = 3 * plane.bytes[a + x]! + plane.bytes[b + x]!
      double(sums, doubled, 8, 7, 4)
    }
    const row = y * luma.stride
    for (let x = 0; x < width; x++, at += 4) {
      const [l, b, r] = [luma.bytes[row + x]!, blues[x]! - 128, reds[x]! - 128]
      pixels[at] = l + ((91881 * r + HALF) >> 16)
      pixels[at + 1] = l + ((-22554 * b - 46802 * r + HALF) >> 16)
      pixels[at + 2] = l + ((116130 * b + HALF) >> 16)
      pixels[at + 3] = 255
    }
  }
  return { width, height, pixels }
}

/** Half a level, of 2^16: the matrix is in these. */
const HALF = 1 << 15

/** Two values for each: three quarters of it and a quarter of its neighbour, over 2^`bits`. */
function double(
  from: Int32Array,
  to: Int32Array,
  evenBias: number,
  oddBias: number,
  bits: number
): void {
  const last = from.length - 1
  for (let x = 0; x <= last; x++) {
    const here = 3 * from[x]!
    to[2 * x] = (here + from[Math.max(0, x - 1)]! + evenBias) >> bits
    to[2 * x + 1] = (here + from[Math.min(last, x + 1)]! + oddBias) >> bits
  }
}
