// The decoder of the app: Chromium's image decoders, in the sandbox of the decoder window.
// Orientation and colours are not left to them, since versions and formats differ in both: the
// orientation is neutralised in the bytes and applied here, once; for colours see [Note: colours].
// Frames and bitmaps are closed at once; they hold tens of megabytes.
import { MAXIMUM_PIXELS, type PictureFile } from '../wire/decoder-contract.ts'
import { Fault, cancelled, isFault } from '../wire/fault.ts'
import { stillPng } from './animation.ts'
import { AT_ONCE, LONGEST_SIDE, THUMBNAIL_QUALITY, jpegOf, pixelsOf } from './canvas.ts'
import type { Picture } from './canvas.ts'
import { readProfile } from './colour-profile.ts'
import { spaceOf } from './colours.ts'
import { uprightDamage, type Damage } from './damage.ts'
import {
  PATIENCE_SECONDS,
  aimOf,
  blameless,
  corrupt,
  scaledSize,
  unreadable,
  type Aim,
  type Decode,
  type HoldRequest,
  type Size,
  type Use
} from './decoder.ts'
import { firstSeen, needsLaterFrame } from './first-seen.ts'
import { finished, grounded, rgbOf, type Finished, type Known, type Stored } from './finish.ts'
import { hideOrientation, readHeader } from './header.ts'
import { inksApart, joinInks } from './inks.ts'
import { judge } from './judge.ts'
import { decodeOwn, isOwnFormat } from './own-formats.ts'
import { pictureIn } from './picture-in.ts'
import { pixelsOfPlanes } from './planes.ts'
import type { Bitmap } from './reduce.ts'
import { inEighths } from '../wire/large-picture.ts'

/** JPEGs are decoded small. Of what is decoded whole, four bytes a pixel, Chromium takes 1 GiB. */
const MOST_PIXELS_WHOLE = 2 ** 28

/** What is known of a file before it is decoded. */
interface PhotoFile extends Known {
  format: PictureFile
  aim: Aim
  subject: string
}

/** A file whose pixels are decoded, as they are stored or, of a later frame, upright already. */
export interface OpenedFile {
  stored: Stored
  isUpright: boolean
  known: Known
  damage: Damage | null
  /** Its pixels, or a part of them in place of them, as they are handed out. */
  finish(stored: Stored, ground?: number): Promise<Finished>
}

/** Decodes with Chromium; see `Decode`. */
export const decodeWithChromium: Decode = async (request, signal) => {
  const file = await openFile(request, 'search', request.shortSide, signal)
  const { picture, ...sizes } = await file.finish(file.stored)
  const rgb = rgbOf(picture)
  const thumbnail = request.thumbnail ? await jpegOf(picture, THUMBNAIL_QUALITY) : null
  const damage = uprightDamage(file.damage, file.known.header.orientation?.value)
  return { ...sizes, rgb, thumbnail, damage }
}

/** Decodes a file as large as it is used. Throws a Fault; see `Decode`. */
export async function openFile(
  request: Omit<HoldRequest, 'key'>,
  use: Use,
  shortSide: number,
  signal: AbortSignal
): Promise<OpenedFile> {
  const { subject } = request
  if (signal.aborted) throw cancelled(subject)
  const { bytes: came, format } = pictureIn(request)
  const most = format === 'jpeg' ? MAXIMUM_PIXELS : MOST_PIXELS_WHOLE
  readHeader(came, format, subject, most) // refuses what is too large undecoded
  const { bytes, damage } = judge(came, format, subject)
  const header = readHeader(bytes, format, subject, most) // it may lie elsewhere now
  const profile = await readProfile(bytes, format)
  const space = profile && spaceOf(profile, header.channels)
  hideOrientation(bytes, header)
  const isInks = space === 'CMYK'
  const isOpaque = format === 'jpeg'
  const known = { header, profile, space, isInks, isOpaque }
  const aim = aimOf(header, use, shortSide, isOpaque)
  const file: PhotoFile = { ...known, format, aim, subject }
  const stored = isInks ? await storedInks(bytes, file) : await storedOf(bytes, file)
  const isLater = needsLaterFrame(bytes, format, () => stored.small.pixels)
  const seen = isLater
    ? await firstSeen({ bytes, format, subject }, header, aim.shortSide)
    : undefined
  return {
    stored: seen ?? stored,
    isUpright: seen !== undefined,
    known,
    damage,
    finish: async (part, ground) =>
      seen ? grounded(part, ground) : finished(part, known, ground)
  }
}

/** A picture of inks, which Chromium hands out by colours only: see [Note: inks]. */
async function storedInks(bytes: Uint8Array, file: PhotoFile): Promise<Stored> {
  const [colours, black] = inksApart(bytes, file.subject)
  const stored = await storedOf(colours, file)
  joinInks(stored.small.pixels, (await storedOf(black, file)).small.pixels)
  return stored
}

async function storedOf(bytes: Uint8Array<ArrayBuffer>, file: PhotoFile): Promise<Stored> {
  const { format, header, aim, subject } = file
  try {
    if (isOwnFormat(format)) return await decodeOwn(format, bytes, aim.shortSide, subject)
    const picture = await opened(format === 'png' ? stillPng(bytes) : bytes, file)
    try {
      // Only JPEGs are decoded smaller than they are; of the others the decoder knows the size
      // best.
      if (format !== 'jpeg') {
        const { width, height } = picture
        if (width > LONGEST_SIDE) throw tooWide(picture, subject)
        const size = scaledSize(width, height, aim.shortSide)
        return { whole: { width, height }, small: await pixelsOf(picture, size) }
      }
      const { width, height } = header
      const small = await pixelsOf(cut(picture, header, aim.eighths), aim.size)
      return { whole: { width, height }, small }
    } finally {
      picture.close()
    }
  } catch (error) {
    throw blameless(error, subject)
  }
}

/** Pixels that a side of a VideoFrame may have, measured: Chromium refuses what is longer. */
const LONGEST_FRAME = 32_767

function tooWide({ width, height }: Size, subject: string): Fault {
  const [expected, received] = [`at most ${LONGEST_SIDE} pixels a row`, `${width} x ${height}`]
  return new Fault({ kind: 'too-large', subject, expected, received })
}

/** What Chromium refuses is damaged. */
async function opened(bytes: Uint8Array<ArrayBuffer>, file: PhotoFile): Promise<Picture> {
  const began = performance.now()
  try {
    return await open(bytes, file)
  } catch (error) {
    if (isFault(error)) throw error
    throw corrupt(file.subject, unreadable(performance.now() - began))
  }
}

/** Without the last column and row if their blocks were cut: libvips leaves them out, too. */
function cut(picture: Picture, whole: Size, eighths: number): Picture {
  if (picture.width === whole.width && picture.height === whole.height) return picture
  const most = inEighths(whole, eighths)
  const width = Math.min(picture.width, most.width)
  const height = Math.min(picture.height, most.height)
  return { ...picture, width, height }
}

async function open(bytes: Uint8Array<ArrayBuffer>, file: PhotoFile): Promise<Picture> {
  const type = `image/${file.format}`
  const { header, aim } = file
  const scale = file.format === 'jpeg' ? aim.eighths / 8 : 1
  if (Math.max(header.width, header.height) * scale > LONGEST_FRAME)
    return openBitmap(new Blob([bytes], { type })) // whole, a JPEG, too
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(type)))
    return openBitmap(new Blob([bytes], { type }))
  const frame = await decodeFrame(bytes, file)
  let kept = false
  try {
    // [Note: colours of frames] A bitmap of an RGB frame has the right colours. A YUV frame is
    // drawn rightly by every version if it is called sRGB; if it is not (some AVIFs), the file
    // needs a second decode into RGB.
    if (!isPlanar(frame)) return pictureOf(await createImageBitmap(frame))
    const { primaries, transfer } = frame.colorSpace
    if (primaries !== 'bt709' || transfer !== 'iec61966-2-1')
      return await openBitmap(new Blob([bytes], { type }))
    const { displayWidth: width, displayHeight: height } = frame
    if (file.format === 'jpeg' && width * height <= AT_ONCE) {
      const source = await undrawn(frame, { width, height }, file.subject)
      if (source) return { source, width, height, close: () => undefined }
    }
    kept = true
    return { source: frame, width, height, close: () => frame.close() }
  } finally {
    if (!kept) frame.close()
  }
}

/** The first frame; a JPEG as small as is allowed (see `jpegEighths`). */
async function decodeFrame(
  data: Uint8Array<ArrayBuffer>,
  { format, header, aim: { eighths } }: PhotoFile
): Promise<VideoFrame> {
  const { width, height } = header
  // A budget of pixels, not a size: Chromium takes the largest scale that fits into it.
  const desired = format === 'jpeg' && {
    desiredWidth: Math.ceil((width * eighths) / 8),
    desiredHeight: Math.ceil((height * eighths) / 8)
  }
  const type = `image/${format}`
  const own = { colorSpaceConversion: 'none', preferAnimation: false } as const
  const options = { type, ...own, ...desired } as const
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
  } finally {
    clearTimeout(patience)
    if (!late) decoder.close()
  }
}

/** Pixels of a frame whose colours are stored at half its size: see [Note: planes]. */
async function undrawn(
  frame: VideoFrame,
  { width, height }: Size,
  subject: string
): Promise<Bitmap | undefined> {
  const isTall = frame.format === 'I422' // of full height
  if (frame.format !== 'I420' && !isTall) return undefined
  try {
    const bytes = new Uint8Array(frame.allocationSize())
    const [luma, blue, red] = await frame.copyTo(bytes)
    if (!luma || !blue || !red) return undefined
    const planeOf = ({ offset, stride }: PlaneLayout) => ({ bytes: bytes.subarray(offset), stride })
    return pixelsOfPlanes(width, height, [planeOf(luma), planeOf(blue), planeOf(red)], isTall)
  } catch (error) {
    throw blameless(error, subject)
  }
}

function isPlanar(frame: VideoFrame): boolean {
  return frame.format !== null && /^(I4|NV)/.test(frame.format)
}

async function openBitmap(blob: Blob): Promise<Picture> {
  const options = { imageOrientation: 'none', colorSpaceConversion: 'none' } as const
  return pictureOf(await createImageBitmap(blob, options))
}

function pictureOf(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap
  return { source: bitmap, width, height, close: () => bitmap.close() }
}
