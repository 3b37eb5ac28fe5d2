// Drawing in the decoder window: scale, turn, read back, make a thumbnail. Knows no file format.
import type { Size } from './decoder.ts'
import { swapsSides, uprightMatrix, type OrientationValue } from './orientation.ts'

const THUMBNAIL = { type: 'image/jpeg', quality: 0.8 }

/** Something that can be drawn, its size in pixels, and how to free it. */
export interface Picture extends Size {
  /** The size of the photo, where the picture is smaller. */
  whole?: Size
  source: CanvasImageSource
  close: () => void
}

/** The size of a picture on its side. */
export function turned({ width, height }: Size): Size {
  return { width: height, height: width }
}

/**
 * Draws a picture upright, scaled to `size`, on nothing. One large step would skip pixels, so it is
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
  context.setTransform(...uprightMatrix(orientation, scaled.width, scaled.height))
  context.drawImage(from.source, 0, 0, scaled.width, scaled.height)
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

/** The context of a canvas that was drawn here. */
function drawnOn(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('a canvas without its context')
  return context
}

/** The pixels of a canvas: four bytes each, the fourth its opacity. */
export function imageOf(canvas: OffscreenCanvas): ImageData {
  return drawnOn(canvas).getImageData(0, 0, canvas.width, canvas.height)
}

/** Puts pixels in place of those of a canvas of their size. */
export function putImage(canvas: OffscreenCanvas, image: ImageData): void {
  drawnOn(canvas).putImageData(image, 0, 0)
}

/** Lays what is on a canvas on white, after which it is opaque. */
export function layOnWhite(canvas: OffscreenCanvas): void {
  const context = drawnOn(canvas)
  context.resetTransform()
  context.globalCompositeOperation = 'destination-over'
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
}

/** RGB bytes [height, width, 3] of an opaque canvas. */
export function pixelsOf(canvas: OffscreenCanvas): Uint8Array {
  const { data } = imageOf(canvas)
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from]!
    rgb[to++] = data[from + 1]!
    rgb[to++] = data[from + 2]!
  }
  return rgb
}

/** A JPEG of an opaque canvas. */
export async function thumbnailOf(canvas: OffscreenCanvas): Promise<Uint8Array> {
  return new Uint8Array(await (await canvas.convertToBlob(THUMBNAIL)).arrayBuffer())
}
