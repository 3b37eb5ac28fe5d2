// The decoder of the app: Chromium's image decoders, in the sandbox of the decoder window.
// Orientation is not left to them, since they differ in which formats they turn: it is neutralised
// in the bytes and applied here, once. Frames and bitmaps are closed at once; they hold tens of
// megabytes.
import { MAXIMUM_PIXELS, type DecodedFormat } from '../wire/decoder-contract.ts'
import { cancelled, isFault } from '../wire/fault.ts'
import { drawUpright, pixelsOf, thumbnailOf, turned, type Picture, type Size } from './canvas.ts'
import { isDisplayP3 } from './colour-profile.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize, type Decode } from './decoder.ts'
import { readHeader, type Header } from './header.ts'
import { checkScans } from './jpeg-scans.ts'
import { swapsSides } from './orientation.ts'

/**
 * JPEGs are decoded this much larger than asked for, at least: the last step then looks smoother.
 */
const JPEG_MARGIN = 1.4

/** JPEGs are decoded small. Of what is decoded whole, four bytes a pixel, Chromium takes 1 GiB. */
const MOST_PIXELS_WHOLE = 2 ** 28

/** Decodes with Chromium; see `Decode`. */
export const decodeWithChromium: Decode = async (request, signal) => {
  const { format, shortSide, subject } = request
  if (signal.aborted) throw cancelled(subject)
  const bytes = new Uint8Array(request.bytes) // to be changed below
  const most = format === 'jpeg' ? MAXIMUM_PIXELS : MOST_PIXELS_WHOLE
  const header = readHeader(bytes, format, subject, most) // refuses what is too large undecoded
  if (format === 'jpeg') checkScans(bytes, subject)
  neutralise(bytes, header)
  try {
    const picture = await open(bytes, format, header, shortSide)
    try {
      // Only JPEGs are decoded smaller than they are; of the others the decoder knows the size
      // best.
      const stored = format === 'jpeg' ? header : picture
      const orientation = header.orientation?.value ?? 1
      const { width, height } = swapsSides(orientation) ? turned(stored) : stored
      const size = scaledSize(width, height, shortSide)
      const canvas = drawUpright(picture, orientation, size)
      return {
        width,
        height,
        pixelWidth: size.width,
        pixelHeight: size.height,
        rgb: pixelsOf(canvas),
        thumbnail: request.thumbnail ? await thumbnailOf(canvas) : null
      }
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

async function open(
  bytes: Uint8Array<ArrayBuffer>,
  format: DecodedFormat,
  header: Size,
  shortSide: number
): Promise<Picture> {
  const type = `image/${format}`
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(type)))
    return openBitmap(new Blob([bytes], { type }))
  const frame = await decodeFrame(bytes, format, header, shortSide)
  let kept = false
  try {
    // [Note: colours of frames] Drawing a frame takes its numbers for opaque sRGB. A bitmap made of
    // it minds transparency and profile if the frame is RGB. If it is YUV its profile is lost
    // (primaries null): Display P3 is put right after drawing, any other needs a second, slow and
    // full decode.
    if (!isPlanar(frame)) return pictureOf(await createImageBitmap(frame))
    const { primaries } = frame.colorSpace
    const isP3 = primaries === null && format === 'jpeg' && isDisplayP3(bytes)
    if (primaries !== 'bt709' && !isP3) return await openBitmap(new Blob([bytes], { type }))
    const { displayWidth: width, displayHeight: height } = frame
    kept = true
    return { source: frame, width, height, isDisplayP3: isP3, close: () => frame.close() }
  } finally {
    if (!kept) frame.close()
  }
}

/** The first frame; a JPEG at the smallest scale (n/8) that leaves its margin. */
async function decodeFrame(
  data: Uint8Array<ArrayBuffer>,
  format: DecodedFormat,
  header: Size,
  shortSide: number
): Promise<VideoFrame> {
  const eighths = Math.ceil((8 * JPEG_MARGIN * shortSide) / Math.min(header.width, header.height))
  const scale = Math.min(8, eighths) / 8
  // A budget of pixels, not a size: Chromium takes the largest scale that fits into it.
  const desired = format === 'jpeg' && {
    desiredWidth: Math.ceil(header.width * scale),
    desiredHeight: Math.ceil(header.height * scale)
  }
  const type = `image/${format}`
  const decoder = new ImageDecoder({ data, type, preferAnimation: false, ...desired })
  let late = false
  const patience = setTimeout(() => {
    late = true
    decoder.close()
  }, PATIENCE_SECONDS * 1000)
  try {
    const { image, complete } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true })
    if (complete) return image
    image.close()
    throw new Error('a picture that ends before its last row')
  } catch (error) {
    throw late ? new Error(`no picture after ${PATIENCE_SECONDS} s`) : error
  } finally {
    clearTimeout(patience)
    if (!late) decoder.close()
  }
}

function isPlanar(frame: VideoFrame): boolean {
  return frame.format !== null && /^(I4|NV)/.test(frame.format)
}

async function openBitmap(blob: Blob): Promise<Picture> {
  return pictureOf(await createImageBitmap(blob, { imageOrientation: 'none' }))
}

function pictureOf(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap
  return { source: bitmap, width, height, isDisplayP3: false, close: () => bitmap.close() }
}
