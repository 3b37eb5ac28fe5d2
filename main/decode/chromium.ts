// The decoder of the app: Chromium's image decoders, in the sandbox of the decoder window. Orientation
// is not left to them, since they differ in which formats they turn: it is neutralised in the bytes
// and applied here, once. Frames and bitmaps are closed at once; they hold tens of megabytes.
import type { DecodedFormat, Pixels } from '../wire/decoder-contract.ts'
import { cancelled, isFault } from '../wire/fault.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize, type Decode } from './decoder.ts'
import { readHeader, type Header } from './header.ts'
import { checkScans } from './jpeg-scans.ts'
import { swapsSides, uprightMatrix } from './orientation.ts'

const THUMBNAIL = { type: 'image/webp', quality: 0.8 }

/** JPEGs are decoded this much larger than asked for, at least: the last step then looks smoother. */
const JPEG_MARGIN = 1.4

interface Size {
  width: number
  height: number
}

/** Something that can be drawn, its size in pixels, and how to free it. */
interface Picture extends Size {
  source: CanvasImageSource
  close: () => void
}

/** Decodes with Chromium; see `Decode`. */
export const decodeWithChromium: Decode = async (request, signal) => {
  const { format, shortSide, subject } = request
  if (signal.aborted) throw cancelled(subject)
  const bytes = new Uint8Array(request.bytes) // to be changed below
  const header = readHeader(bytes, format, subject) // refuses what is too large before a decoder sees it
  if (format === 'jpeg') checkScans(bytes, subject)
  neutralise(bytes, header)
  try {
    const picture = await open(bytes, format, header, shortSide)
    try {
      // Only JPEGs are decoded smaller than they are; of the others the decoder knows the size best.
      const stored = format === 'jpeg' ? header : picture
      const value = header.orientation?.value ?? 1
      const { width, height } = swapsSides(value) ? turned(stored) : stored
      const size = scaledSize(width, height, shortSide)
      const canvas = draw(picture, swapsSides(value) ? turned(size) : size, value, size)
      return {
        width,
        height,
        pixelWidth: size.width,
        pixelHeight: size.height,
        rgb: pixelsOf(canvas),
        thumbnail: request.thumbnail ? await thumbnailOf(canvas) : null
      } satisfies Pixels
    } finally {
      picture.close()
    }
  } catch (error) {
    if (isFault(error)) throw error
    throw corrupt(subject, error instanceof Error ? error.message : String(error))
  }
}

/** Writes 'as stored' over the orientation, so that no decoder turns the picture. */
function neutralise(bytes: Uint8Array, { orientation }: Header): void {
  if (!orientation) return
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  view.setUint16(orientation.at, 1, orientation.littleEndian)
}

function turned({ width, height }: Size): Size {
  return { width: height, height: width }
}

/** The first frame; a JPEG at the smallest scale (n/8) that leaves its margin. */
async function open(
  bytes: Uint8Array<ArrayBuffer>,
  format: DecodedFormat,
  header: Size,
  shortSide: number
): Promise<Picture> {
  const type = `image/${format}`
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(type)))
    return openBitmap(new Blob([bytes], { type }))
  const eighths = Math.ceil((8 * JPEG_MARGIN * shortSide) / Math.min(header.width, header.height))
  const scale = Math.min(8, eighths) / 8
  // A budget of pixels, not a size: Chromium takes the largest scale that fits into it.
  const desired = format === 'jpeg' && {
    desiredWidth: Math.ceil(header.width * scale),
    desiredHeight: Math.ceil(header.height * scale)
  }
  const decoder = new ImageDecoder({ data: bytes, type, preferAnimation: false, ...desired })
  let late = false
  const patience = setTimeout(() => {
    late = true
    decoder.close()
  }, PATIENCE_SECONDS * 1000)
  try {
    const { image, complete } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true })
    if (!complete) {
      image.close()
      throw new Error('a picture that ends before its last row')
    }
    const { displayWidth: width, displayHeight: height } = image
    return { source: image, width, height, close: () => image.close() }
  } catch (error) {
    throw late ? new Error(`no picture after ${PATIENCE_SECONDS} s`) : error
  } finally {
    clearTimeout(patience)
    if (!late) decoder.close()
  }
}

async function openBitmap(blob: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'none' })
  return { source: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() }
}

/**
 * Draws a picture upright and scaled, on white. It is halved (each pixel the mean of four) until it is
 * less than twice as large: one large step would skip pixels.
 * @param scaled the size aimed at before turning, `size` the same after it
 */
function draw(
  picture: Picture,
  scaled: Size,
  orientation: Parameters<typeof uprightMatrix>[0],
  size: Size
): OffscreenCanvas {
  let from: Size & { source: CanvasImageSource } = picture
  while (from.width >= 2 * scaled.width && from.height >= 2 * scaled.height) {
    const half = { width: Math.ceil(from.width / 2), height: Math.ceil(from.height / 2) }
    const context = contextOf(half)
    context.drawImage(from.source, 0, 0, half.width, half.height)
    from = { ...half, source: context.canvas }
  }
  const context = contextOf(size)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, size.width, size.height)
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

/** RGB bytes [height, width, 3] of an opaque canvas. */
function pixelsOf(canvas: OffscreenCanvas): Uint8Array {
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

async function thumbnailOf(canvas: OffscreenCanvas): Promise<Uint8Array> {
  return new Uint8Array(await (await canvas.convertToBlob(THUMBNAIL)).arrayBuffer())
}
