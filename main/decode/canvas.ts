// Drawing in the decoder window: scale, turn, read back, make a thumbnail. Knows no file format.
import { swapsSides, uprightMatrix, type OrientationValue } from './orientation.ts'

const THUMBNAIL = { type: 'image/webp', quality: 0.8 }

export interface Size {
  width: number
  height: number
}

/** Something that can be drawn, its size in pixels, and how to free it. */
export interface Picture extends Size {
  source: CanvasImageSource
  /** Its numbers are of Display P3 although it is drawn as if they were sRGB. */
  isDisplayP3: boolean
  close: () => void
}

/** The size of a picture on its side. */
export function turned({ width, height }: Size): Size {
  return { width: height, height: width }
}

/**
 * Draws a picture upright, scaled to `size`, on white. One large step would skip pixels, so it is
 * halved (each pixel the mean of four) until it is less than twice as large, then enlarged to twice
 * the size and halved once more: nearer to sharp's Lanczos than any single step of a canvas.
 */
export function drawUpright(
  picture: Picture,
  orientation: OrientationValue,
  size: Size
): OffscreenCanvas {
  const scaled = swapsSides(orientation) ? turned(size) : size // before it is turned
  let from: Size & { source: CanvasImageSource } = picture
  while (from.width >= 2 * scaled.width && from.height >= 2 * scaled.height) {
    const half = { width: Math.ceil(from.width / 2), height: Math.ceil(from.height / 2) }
    const context = contextOf(half)
    context.drawImage(from.source, 0, 0, half.width, half.height)
    from = { ...half, source: context.canvas }
  }
  if (from.width > scaled.width && from.height > scaled.height) {
    const twice = { width: 2 * scaled.width, height: 2 * scaled.height }
    const context = contextOf(twice)
    context.drawImage(from.source, 0, 0, twice.width, twice.height)
    from = { ...twice, source: context.canvas }
  }
  const context = contextOf(size)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, size.width, size.height)
  context.setTransform(...uprightMatrix(orientation, scaled.width, scaled.height))
  context.drawImage(from.source, 0, 0, scaled.width, scaled.height)
  if (picture.isDisplayP3) convertFromDisplayP3(context, size)
  return context.canvas
}

function contextOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height)
  // Read back at once, so it is kept in memory and not on a GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
  if (!context) throw new Error(`no canvas of ${width} x ${height} pixels`)
  context.imageSmoothingQuality = 'high'
  return context
}

/** Takes the same numbers as Display P3: the canvas turns them into sRGB. */
function convertFromDisplayP3(context: OffscreenCanvasRenderingContext2D, size: Size): void {
  const { data } = context.getImageData(0, 0, size.width, size.height)
  const { width, height } = size
  context.putImageData(new ImageData(data, width, height, { colorSpace: 'display-p3' }), 0, 0)
}

/** RGB bytes [height, width, 3] of an opaque canvas. */
export function pixelsOf(canvas: OffscreenCanvas): Uint8Array {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('a canvas without its context')
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from]!
    rgb[to++] = data[from + 1]!
    rgb[to++] = data[from + 2]!
  }
  return rgb
}

/** A WebP of the canvas. */
export async function thumbnailOf(canvas: OffscreenCanvas): Promise<Uint8Array> {
  return new Uint8Array(await (await canvas.convertToBlob(THUMBNAIL)).arrayBuffer())
}
