// The decoder of the app: Chromium's image decoders, in the sandbox of the decoder window.
// Orientation and colours are not left to them, since versions and formats differ in both: the
// orientation is neutralised in the bytes and applied here, once; for colours see [Note: colours].
// Frames and bitmaps are closed at once; they hold tens of megabytes.
import { MAXIMUM_PIXELS, type PictureFile, type OwnFormat } from '../wire/decoder-contract.ts'
import { cancelled, isFault } from '../wire/fault.ts'
import { drawUpright, imageOf, layOnWhite, pixelsOf, putImage } from './canvas.ts'
import { thumbnailOf, turned, type Picture } from './canvas.ts'
import { readProfile } from './colour-profile.ts'
import { Colours, spaceOf } from './colours.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize, type Decode, type Size } from './decoder.ts'
import { firstSeen, needsLaterFrame } from './first-seen.ts'
import { readHeader, type Header } from './header.ts'
import { inksApart, joinInks, makeOpaque, mixInks } from './inks.ts'
import { checkScans } from './jpeg-scans.ts'
import type { Space } from './little-cms.ts'
import { swapsSides } from './orientation.ts'
import { decodeOwn, isOwnFormat, type OwnPicture } from './own-formats.ts'
import { pictureIn } from './raw-preview.ts'

/**
 * JPEGs are decoded this much larger than asked for, at least: the last step then looks smoother.
 */
const JPEG_MARGIN = 1.4

/** JPEGs are decoded small. Of what is decoded whole, four bytes a pixel, Chromium takes 1 GiB. */
const MOST_PIXELS_WHOLE = 2 ** 28

const colours = new Colours()

/** What is known of a file before it is decoded. */
interface Known {
  format: PictureFile
  header: Header
  /** Of the profile that its colours are converted by; undefined if Chromium converts them. */
  space: Space | undefined
}

/** A photo drawn upright and scaled down, and its size before that. */
interface Drawn {
  canvas: OffscreenCanvas
  whole: Size
}

/** Decodes with Chromium; see `Decode`. */
export const decodeWithChromium: Decode = async (request, signal) => {
  const { shortSide, subject } = request
  if (signal.aborted) throw cancelled(subject)
  const { bytes, format } = pictureIn(request) // the bytes are changed below
  const most = format === 'jpeg' ? MAXIMUM_PIXELS : MOST_PIXELS_WHOLE
  const header = readHeader(bytes, format, subject, most) // refuses what is too large undecoded
  if (format === 'jpeg') checkScans(bytes, subject)
  const profile = await readProfile(bytes, format)
  const space = profile && spaceOf(profile, header.channels)
  neutralise(bytes, header)
  const known: Known = { format, header, space }
  const inks = space === 'CMYK' ? inksApart(bytes, subject) : undefined
  const drawn = await draw(inks?.[0] ?? bytes, known, shortSide, subject)
  const black = inks && (await draw(inks[1], known, shortSide, subject))
  const isLater = needsLaterFrame(bytes, format, () => imageOf(drawn.canvas).data)
  const seen = isLater ? await firstSeen({ bytes, format, subject }, header, shortSide) : undefined
  const { canvas, whole } = seen ? drawOwn(await pictureOfOwn(seen), shortSide) : drawn
  if (profile && space && !seen) await recolour(canvas, profile, space, black?.canvas)
  layOnWhite(canvas)
  return {
    width: whole.width,
    height: whole.height,
    pixelWidth: canvas.width,
    pixelHeight: canvas.height,
    rgb: pixelsOf(canvas),
    thumbnail: request.thumbnail ? await thumbnailOf(canvas) : null
  }
}

/** Writes 'as stored' over the orientation, so that no decoder turns the picture. */
function neutralise(bytes: Uint8Array, { orientation }: Header): void {
  if (!orientation) return
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  view.setUint16(orientation.at, 1, orientation.littleEndian)
}

async function draw(
  bytes: Uint8Array<ArrayBuffer>,
  known: Known,
  shortSide: number,
  subject: string
): Promise<Drawn> {
  try {
    const picture = await open(bytes, known, shortSide, subject)
    try {
      // Only JPEGs are decoded smaller than they are; of the others the decoder knows the size
      // best.
      const stored = picture.whole ?? (known.format === 'jpeg' ? known.header : picture)
      const orientation = known.header.orientation?.value ?? 1
      const { width, height } = swapsSides(orientation) ? turned(stored) : stored
      // A small picture of the whole is not enlarged; it is upright.
      const from = picture.whole ? picture : { width, height }
      const size = scaledSize(from.width, from.height, shortSide)
      const canvas = drawUpright(picture, orientation, size)
      return { canvas, whole: { width, height } }
    } finally {
      picture.close()
    }
  } catch (error) {
    if (isFault(error)) throw error
    throw corrupt(subject, error instanceof Error ? error.message : String(error))
  }
}

/** Makes sRGB of what was drawn in a profile's space. `black`: of inks, the fourth. */
async function recolour(
  canvas: OffscreenCanvas,
  profile: Uint8Array,
  space: Space,
  black: OffscreenCanvas | undefined
): Promise<void> {
  const image = imageOf(canvas)
  if (black) joinInks(image.data, imageOf(black).data)
  const isConverted = await colours.convert(image.data, profile, space)
  if (black && !isConverted) mixInks(image.data)
  if (black) makeOpaque(image.data)
  if (black || isConverted) putImage(canvas, image)
}

async function open(
  bytes: Uint8Array<ArrayBuffer>,
  known: Known,
  shortSide: number,
  subject: string
): Promise<Picture> {
  const type = `image/${known.format}`
  const colorSpaceConversion = known.space ? 'none' : 'default'
  if (isOwnFormat(known.format)) return openOwn(bytes, known.format, shortSide, subject)
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(type)))
    return openBitmap(new Blob([bytes], { type }), colorSpaceConversion)
  const frame = await decodeFrame(bytes, known, shortSide)
  let kept = false
  try {
    // [Note: colours of frames] A bitmap of an RGB frame has the right colours. A YUV frame is
    // drawn rightly by every version if it is sRGB, as it is when nothing is to be converted; if it
    // is not (AVIF without a profile), the file needs a second decode into RGB.
    if (!isPlanar(frame)) return pictureOf(await createImageBitmap(frame))
    const { primaries, transfer } = frame.colorSpace
    if (primaries !== 'bt709' || transfer !== 'iec61966-2-1')
      return await openBitmap(new Blob([bytes], { type }), colorSpaceConversion)
    const { displayWidth: width, displayHeight: height } = frame
    kept = true
    return { source: frame, width, height, close: () => frame.close() }
  } finally {
    if (!kept) frame.close()
  }
}

/** A picture of a format that Chromium does not know. */
async function openOwn(
  bytes: Uint8Array,
  format: OwnFormat,
  shortSide: number,
  subject: string
): Promise<Picture> {
  return pictureOfOwn(await decodeOwn(format, bytes, shortSide, subject))
}

async function pictureOfOwn({ whole, pixels, width, height }: OwnPicture): Promise<Picture> {
  const options = { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } as const
  const bitmap = await createImageBitmap(new ImageData(pixels, width, height), options)
  return { ...pictureOf(bitmap), whole }
}

function drawOwn(picture: Picture, shortSide: number): Drawn {
  const whole = picture.whole ?? picture
  // A small picture of the whole is not enlarged.
  const canvas = drawUpright(picture, 1, scaledSize(picture.width, picture.height, shortSide))
  picture.close()
  return { canvas, whole }
}

/** The first frame; a JPEG at the smallest scale (n/8) that leaves its margin. */
async function decodeFrame(
  data: Uint8Array<ArrayBuffer>,
  { format, header, space }: Known,
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
  const colorSpaceConversion = space ? 'none' : 'default'
  const options = { type, colorSpaceConversion, preferAnimation: false, ...desired } as const
  const decoder = new ImageDecoder({ data, ...options })
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

async function openBitmap(
  blob: Blob,
  colorSpaceConversion: ColorSpaceConversion
): Promise<Picture> {
  const options = { imageOrientation: 'none', colorSpaceConversion } as const
  return pictureOf(await createImageBitmap(blob, options))
}

function pictureOf(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap
  return { source: bitmap, width, height, close: () => bitmap.close() }
}
