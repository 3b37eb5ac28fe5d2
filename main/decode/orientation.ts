// A photo's orientation: found in its file, and what each of the eight does to a picture. Pure;
// used by both decoders, so that it is applied exactly once and alike.

import type { Bitmap } from './reduce.ts'

/** 1: as stored; 2-4: mirrored, half turn, both; 5-8: sides swapped (TIFF 6.0, tag 274). */
export type OrientationValue = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** What a file's EXIF blocks say of its orientation. [Note: one orientation] has the rule. */
export interface Orientation {
  value: OrientationValue
  /** Bytes to be written into the file, by place, to hide it from whatever decoder reads it. */
  marks: ReadonlyMap<number, number>
  /** False where browsers may turn the picture otherwise. */
  isUsual: boolean
}

// [Note: one orientation] Decoders and their versions differ in which of several orientations they
// take, and in the formats whose orientation they know, so they are shown none and ours is applied:
// - the first EXIF block counts whose first directory has an orientation of 1 to 8; of several in
//   that directory the first, whether as a SHORT or as a LONG, with or without an 'Exif' mark;
// - JPEG: blocks stand before the pixels, also behind the frame header; PNG: in `eXIf`, before or
//   behind the pixels; WebP: in `EXIF`, whatever the flags of the header say;
// - AVIF and HEIC: `irot` and `imir` of the main picture count, in their order, and no EXIF.

const ORIENTATION_TAG = 0x0112
const SHORT = 3
const LONG = 4

interface Found {
  /** Undefined for a block without one. */
  value: OrientationValue | undefined
  /** Where the block's TIFF header begins, without which it is none. */
  mark: number
  /** Marked, with one tag, as a SHORT: every decoder reads it so. */
  isUsual: boolean
}

/**
 * The orientation from an EXIF block that lies in `view` from `begin` to before `end`. Undefined
 * for one that is none.
 */
export function readExif(view: DataView, begin: number, end: number): Found | undefined {
  const stop = Math.min(end, view.byteLength)
  const marked = begin + 6 <= stop && view.getUint32(begin) === 0x45786966 // 'Exif', two bytes more
  const tiff = marked ? begin + 6 : begin
  if (tiff + 8 > stop) return undefined
  const mark = view.getUint32(tiff)
  const littleEndian = mark === 0x49492a00
  if (!littleEndian && mark !== 0x4d4d002a) return undefined
  const found: Found = { value: undefined, mark: tiff, isUsual: marked }
  const directory = tiff + view.getUint32(tiff + 4, littleEndian)
  if (directory + 2 > stop) return found
  const entries = view.getUint16(directory, littleEndian)
  let tags = 0
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > stop) break
    if (view.getUint16(entry, littleEndian) !== ORIENTATION_TAG) continue
    const type = view.getUint16(entry + 2, littleEndian)
    found.isUsual &&= type === SHORT && ++tags === 1
    if (type === SHORT) found.value ??= orientationOf(view.getUint16(entry + 8, littleEndian))
    if (type === LONG) found.value ??= orientationOf(view.getUint32(entry + 8, littleEndian))
  }
  return found
}

/** The orientation that an EXIF block tells; undefined for none. */
export function readOrientation(
  view: DataView,
  begin: number,
  end: number
): OrientationValue | undefined {
  return readExif(view, begin, end)?.value
}

function orientationOf(value: number): OrientationValue | undefined {
  return VALUES.find((one) => one === value)
}

const VALUES: readonly OrientationValue[] = [1, 2, 3, 4, 5, 6, 7, 8]

/** Takes the blocks of a file in their order. `isUsual`: browsers read blocks at their places. */
export function orientationIn(
  blocks: readonly (Found | undefined)[],
  isUsual: boolean
): Orientation {
  const found = blocks.filter((block) => block !== undefined)
  const value = found.find((block) => block.value !== undefined)?.value ?? 1
  const isPlain = found.every((block) => (block.value ?? 1) === 1)
  return {
    value,
    marks: new Map(found.map(({ mark }) => [mark, 0])),
    isUsual: isPlain || (isUsual && found.length === 1 && found[0]!.isUsual)
  }
}

/** What two turns make, one after the other. */
export function turnedTwice(first: OrientationValue, then: OrientationValue): OrientationValue {
  const [a, b, c, d] = uprightMatrix(first, 0, 0)
  const [e, f, g, h] = uprightMatrix(then, 0, 0)
  const both = [e * a + g * b, f * a + h * b, e * c + g * d, f * c + h * d]
  const isBoth = (value: OrientationValue): boolean =>
    uprightMatrix(value, 0, 0).slice(0, 4).every((number, i) => number === both[i])
  return VALUES.find(isBoth) ?? 1
}

/** True where the upright picture is as wide as the stored one is high. */
export function swapsSides(value: OrientationValue): boolean {
  return value >= 5
}

/**
 * The canvas matrix [a, b, c, d, e, f] that draws a stored picture of width x height upright:
 * x' = a x + c y + e, y' = b x + d y + f.
 */
export function uprightMatrix(
  value: OrientationValue,
  width: number,
  height: number
): [a: number, b: number, c: number, d: number, e: number, f: number] {
  switch (value) {
    case 1: return [1, 0, 0, 1, 0, 0]
    case 2: return [-1, 0, 0, 1, width, 0]
    case 3: return [-1, 0, 0, -1, width, height]
    case 4: return [1, 0, 0, -1, 0, height]
    case 5: return [0, 1, 1, 0, 0, 0]
    case 6: return [0, 1, -1, 0, height, 0]
    case 7: return [0, -1, -1, 0, height, width]
    case 8: return [0, -1, 1, 0, 0, width]
  }
}

/** The picture turned upright. */
export function upright(picture: Bitmap, value: OrientationValue): Bitmap {
  if (value === 1) return picture
  const { width, height } = picture
  const size = swapsSides(value) ? { width: height, height: width } : { width, height }
  const [a, b, c, d, e, f] = uprightMatrix(value, width, height)
  const across = a + b * size.width
  const down = c + d * size.width
  const from = new Uint32Array(picture.pixels.slice().buffer) // slice: at an address of its own
  const to = new Uint32Array(from.length)
  let row = Math.max(0, f - 1) * size.width + Math.max(0, e - 1)
  for (let y = 0, i = 0; y < height; y++, row += down)
    for (let x = 0, at = row; x < width; x++, at += across) to[at] = from[i++]!
  return { ...size, pixels: new Uint8ClampedArray(to.buffer) }
}
