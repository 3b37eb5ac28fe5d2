// The decoder of plain Node (command line, tests): sharp. The only file that loads it, on first
// use, so that nothing asks for it inside Electron, where its libvips clashes with Electron's own
// GLib. Colours are not left to it: see [Note: colours].
import type { Sharp, SharpConstructor } from 'sharp'
import { MAXIMUM_PIXELS, type PictureFile } from '../wire/decoder-contract.ts'
import { Bug, cancelled, isFault } from '../wire/fault.ts'
import { viewOf } from './bytes.ts'
import { readProfile } from './colour-profile.ts'
import { spaceOf } from './colours.ts'
import { uprightDamage } from './damage.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize, unreadable } from './decoder.ts'
import type { Decode, DecodeRequest, Size } from './decoder.ts'
import { cutToFrame, screenRows, type Frame } from './gif-frames.ts'
import { firstSeen, needsLaterFrame } from './first-seen.ts'
import { finished, grounded, rgbOf, type Stored } from './finish.ts'
import { hideOrientation, readHeader } from './header.ts'
import { isGreyOfVideoRange } from './items.ts'
import { judge } from './judge.ts'
import { decodeOwn, isOwnFormat } from './own-formats.ts'
import { limitOf } from './limit.ts'
import { pictureIn } from './picture-in.ts'
import { openReduce } from './reduce.ts'

const AVIF_BRAND = new TextEncoder().encode('avif')

/** Codes of its own would make a thumbnail a fortieth smaller, for a quarter of the time. */
const THUMBNAIL = { quality: 80, optimiseCoding: false } as const

let loading: Promise<SharpConstructor> | undefined

/** Loads sharp: one thread a photo (many photos run at once), no cache (no photo is read twice). */
export function loadSharp(): Promise<SharpConstructor> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loading
}

/**
 * Photos decoded at once. libuv has far more threads, for files of disks that hang, and a photo may
 * take a hundred megabytes. Fewer would wait for the main thread, which stands still in between.
 */
const limit = limitOf(16)

/** Decodes with sharp; see `Decode`. What is large is done in libuv's threads. */
export const decodeWithSharp: Decode = (request, signal) => limit(() => decode(request, signal))

const decode: Decode = async (request, signal) => {
  const { shortSide, subject } = request
  const sharp = await loadSharp()
  if (signal.aborted) throw cancelled(subject)
  const { bytes: came, format } = pictureIn(request)
  readHeader(came, format, subject) // refuses what is too large undecoded
  const { bytes, damage } = judge(came, format, subject)
  const header = readHeader(bytes, format, subject) // it may lie elsewhere now
  const profile = await readProfile(bytes, format)
  const space = profile && spaceOf(profile, header.channels)
  const isInks = header.channels === 4
  hideOrientation(bytes, header)
  const part = header.frame && isPart(header, header.frame) ? header.frame : undefined
  const stored = part
    ? await storedPart(sharp, { ...request, bytes }, header, part)
    : await storedOf(sharp, { ...request, bytes, format }, isInks, header)
  const isLater = needsLaterFrame(bytes, format, () => stored.small.pixels)
  const seen = isLater ? await firstSeen({ bytes, format, subject }, header, shortSide) : undefined
  const isOpaque = format === 'jpeg'
  const known = { header, profile, space, isInks, isOpaque }
  const { picture, ...sizes } = await (seen ? grounded(seen) : finished(stored, known))
  const rgb = rgbOf(picture)
  const thumbnail = request.thumbnail ? await encoded(sharp, rgb, picture) : null
  return { ...sizes, rgb, thumbnail, damage: uprightDamage(damage, header.orientation?.value) }
}

function encoded(
  sharp: SharpConstructor,
  rgb: Uint8Array,
  { width, height }: Size
): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg(THUMBNAIL).toBuffer()
}

function isPart(screen: Size, frame: Frame): boolean {
  return frame.width < screen.width || frame.height < screen.height
}

/** A GIF whose first picture fills a part of it: libvips would fill the rest with black. */
async function storedPart(
  sharp: SharpConstructor,
  request: DecodeRequest,
  { width, height }: Size,
  frame: Frame
): Promise<Stored> {
  const { shortSide } = request
  const bytes = request.bytes.slice()
  cutToFrame(bytes, frame)
  const whole = Math.min(frame.width, frame.height)
  const { small } = await storedOf(
    sharp,
    { ...request, bytes, format: 'gif', shortSide: whole },
    false,
    { width, height }
  )
  const reduce = await openReduce()
  const rows = screenRows({ width, height }, frame, small)
  const size = scaledSize(width, height, shortSide)
  return { whole: { width, height }, small: reduce({ width, height }, size, rows) }
}

/** As stored: libvips is asked for no orientation and no profile. `header`: its size, of a JPEG. */
async function storedOf(
  sharp: SharpConstructor,
  { bytes, format, shortSide, subject }: Omit<DecodeRequest, 'format'> & { format: PictureFile },
  isInks: boolean,
  header: Size
): Promise<Stored> {
  if (isOwnFormat(format)) return decodeOwn(format, bytes, shortSide, subject)
  const isStretched = format === 'avif' && isGreyOfVideoRange(viewOf(bytes))
  if (format === 'avif') bytes.set(AVIF_BRAND, 8) // libvips knows no other, such as of animations
  const began = performance.now()
  try {
    const photo = opened(sharp, bytes, format)
    const { width, height } = format === 'jpeg' ? header : await photo.metadata()
    const size = scaledSize(width, height, shortSide)
    photo
      .resize(size.width, size.height, {
        fit: 'fill',
        kernel: 'lanczos3',
        fastShrinkOnLoad: format === 'jpeg' // a WebP would be made small in another way
      })
      .timeout({ seconds: PATIENCE_SECONDS })
      .raw({ depth: 'uchar' })
    if (isInks) photo.pipelineColourspace('cmyk').toColourspace('cmyk')
    else photo.toColourspace('srgb').ensureAlpha()
    const { data, info } = await photo.toBuffer({ resolveWithObject: true })
    if (info.channels !== 4 || info.width !== size.width || info.height !== size.height)
      throw new Bug(`sharp gave ${info.width} x ${info.height} x ${info.channels}`)
    if (isInks) for (const [at, ink] of data.entries()) data[at] = 255 - ink
    if (isStretched) for (const [at, grey] of data.entries()) if (at % 4 < 3) data[at] = full(grey)
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
    return { whole: { width, height }, small: { ...size, pixels } }
  } catch (error) {
    if (isFault(error) || error instanceof Bug) throw error
    if (!(error instanceof Error)) throw new Bug(`sharp threw ${String(error)}`)
    // [Note: words of libvips] Not told: it keeps what it says in one buffer for all threads, so
    // that of several bad photos at once each may get the words of another, or none.
    throw corrupt(subject, unreadable(performance.now() - began))
  }
}

/** A grey of 16 to 235, which libvips hands out as it is stored, as one of 0 to 255. */
function full(grey: number): number {
  return Math.min(255, Math.max(0, Math.round(((grey - 16) * 255) / 219)))
}

function opened(sharp: SharpConstructor, bytes: Uint8Array, format: PictureFile): Sharp {
  return sharp(bytes, {
    failOn: format === 'jpeg' ? 'none' : 'error', // whether a JPEG is whole was judged before
    limitInputPixels: MAXIMUM_PIXELS,
    pages: 1,
    sequentialRead: true,
    ignoreIcc: true
  })
}
