// Drawing in the decoder window: pixels of what Chromium decoded, and thumbnails. Knows no file
// format, and changes no pixel.
import type { Size } from './decoder.ts'
import { openReduce, type Bitmap } from './reduce.ts'

const TYPE = 'image/jpeg'
/** Of JPEGs, 0 to 1: of thumbnails, and of pictures that are looked at large. */
export const THUMBNAIL_QUALITY = 0.8
export const LARGE_QUALITY = 0.92

/** Pixels that are drawn and read back at once, at most: 64 MiB. */
export const AT_ONCE = 2 ** 24
/** Chromium has no canvas of a longer side. */
export const LONGEST_SIDE = 65_535

/** Something that can be drawn, or pixels, its size, and how to free it. */
export interface Picture extends Size {
  source: CanvasImageSource | Bitmap
  close: () => void
}

/** The pixels of a picture in a size that is nowhere larger than it. */
export async function pixelsOf(picture: Picture, size: Size): Promise<Bitmap> {
  const reduce = await openReduce()
  const { width, height } = picture
  const isWhole = width === size.width && height === size.height
  if (isWhole && height <= rowsAtOnce(width)) return { ...size, pixels: rows(picture, 0, height) }
  if (!isWhole) return reduce({ width, height }, size, bandsOf(picture))
  const pixels = new Uint8ClampedArray(width * height * 4)
  let at = 0
  for (const band of bandsOf(picture)) {
    pixels.set(band, at)
    at += band.length
  }
  return { ...size, pixels }
}

function* bandsOf(picture: Picture): Generator<Uint8ClampedArray> {
  const most = rowsAtOnce(picture.width)
  for (let y = 0; y < picture.height; y += most)
    yield rows(picture, y, Math.min(most, picture.height - y))
}

function rowsAtOnce(width: number): number {
  return Math.min(LONGEST_SIDE, Math.max(1, Math.floor(AT_ONCE / width)))
}

/** Some rows as they are: four bytes a pixel, the fourth its opacity. */
function rows({ source, width }: Picture, y: number, count: number): Bitmap['pixels'] {
  if ('pixels' in source) return source.pixels.subarray(4 * width * y, 4 * width * (y + count))
  const context = contextOf({ width, height: count })
  context.drawImage(source, 0, y, width, count, 0, 0, width, count)
  return context.getImageData(0, 0, width, count).data
}

function contextOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height)
  // Read back at once, so it is kept in memory and not on a GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
  if (!context) throw new RangeError(`no canvas of ${width} x ${height} pixels`)
  return context
}

/** A JPEG of an opaque picture. */
export async function jpegOf(
  { pixels, width, height }: Bitmap,
  quality: number
): Promise<Uint8Array> {
  const context = contextOf({ width, height })
  context.putImageData(new ImageData(pixels, width, height), 0, 0)
  const blob = await context.canvas.convertToBlob({ type: TYPE, quality })
  return new Uint8Array(await blob.arrayBuffer())
}
