// The decoder of plain Node (command line, tests): sharp. The only file that loads it, on first
// use, so that nothing asks for it inside Electron, where its libvips clashes with Electron's own
// GLib. Colours are not left to it: see [Note: colours].
import type { Sharp, SharpConstructor } from 'sharp'
import { MAXIMUM_PIXELS } from '../wire/decoder-contract.ts'
import { Bug, cancelled, isFault } from '../wire/fault.ts'
import { readProfile } from './colour-profile.ts'
import { Colours, spaceOf } from './colours.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize } from './decoder.ts'
import type { Decode, DecodeRequest, Size } from './decoder.ts'
import { firstSeen, needsLaterFrame } from './first-seen.ts'
import { readHeader } from './header.ts'
import { makeOpaque, mixInks } from './inks.ts'
import { decodeOwn, isOwnFormat, type OwnPicture } from './own-formats.ts'
import { pictureIn } from './raw-preview.ts'

const colours = new Colours()

/** How AVIF files begin, after the length of their first box. */
const SEQUENCE = Buffer.from('ftypavis', 'latin1')
const STILL = Buffer.from('ftypavif', 'latin1')

const THUMBNAIL = { quality: 80 } as const

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

/** Decodes with sharp; see `Decode`. All but the colours is done in libuv's threads. */
export const decodeWithSharp: Decode = async (request, signal) => {
  const { shortSide, subject } = request
  const sharp = await loadSharp()
  if (signal.aborted) throw cancelled(subject)
  const { bytes, format } = pictureIn(request)
  const header = readHeader(bytes, format, subject) // refuses what is too large undecoded
  const { channels } = header
  const isInks = channels === 4
  const file = { ...request, bytes, format }
  const own = isOwnFormat(format) ? await decodeOwn(format, bytes, shortSide, subject) : undefined
  const first = await scaled(sharp, file, isInks, own)
  const isLater = needsLaterFrame(bytes, format, () => first.data)
  const seen = isLater ? await firstSeen(file, header, shortSide) : undefined
  const { whole, size, data } = seen ? await scaled(sharp, file, false, seen) : first
  const profile = await readProfile(bytes, format)
  const space = profile && spaceOf(profile, channels)
  const isConverted = !seen && profile && space && (await colours.convert(data, profile, space))
  if (isInks && !isConverted) mixInks(data)
  if (isInks) makeOpaque(data)
  const rgb = onWhite(data)
  const raw = { ...size, channels: 3 as const }
  return {
    ...whole,
    pixelWidth: size.width,
    pixelHeight: size.height,
    rgb,
    thumbnail: request.thumbnail ? await sharp(rgb, { raw }).jpeg(THUMBNAIL).toBuffer() : null
  }
}

interface Scaled {
  /** Pixels of the whole photo, upright. */
  whole: Size
  size: Size
  /** Four bytes a pixel: colours and opacity as stored, or inks, of which 255 stands for none. */
  data: Uint8Array
}

async function scaled(
  sharp: SharpConstructor,
  { bytes, shortSide, subject }: DecodeRequest,
  isInks: boolean,
  own: OwnPicture | undefined
): Promise<Scaled> {
  try {
    const photo = own ? openedOwn(sharp, own) : opened(sharp, bytes)
    const whole = own ? own.whole : (await photo.metadata()).autoOrient
    const { width, height } = own ?? whole // a small picture of the whole is not enlarged
    const size = scaledSize(width, height, shortSide)
    photo
      .autoOrient()
      .resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' })
      .timeout({ seconds: PATIENCE_SECONDS })
      .raw({ depth: 'uchar' })
    if (isInks) photo.pipelineColourspace('cmyk').toColourspace('cmyk')
    else photo.toColourspace('srgb').ensureAlpha()
    const { data, info } = await photo.toBuffer({ resolveWithObject: true })
    if (info.channels !== 4 || info.width !== size.width || info.height !== size.height)
      throw new Bug(`sharp gave ${info.width} x ${info.height} x ${info.channels}`)
    if (isInks) for (const [at, ink] of data.entries()) data[at] = 255 - ink
    return { whole: { width: whole.width, height: whole.height }, size, data }
  } catch (error) {
    if (isFault(error) || error instanceof Bug) throw error
    if (!(error instanceof Error)) throw new Bug(`sharp threw ${String(error)}`)
    throw corrupt(subject, firstLine(error.message))
  }
}

function openedOwn(sharp: SharpConstructor, { pixels, width, height }: OwnPicture): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: MAXIMUM_PIXELS })
}

/** Changes a beginning that sharp refuses, though such a file holds a picture that it reads. */
function opened(sharp: SharpConstructor, bytes: Uint8Array): Sharp {
  if (SEQUENCE.every((byte, i) => bytes[4 + i] === byte)) bytes.set(STILL, 4)
  return sharp(bytes, {
    failOn: 'error', // a file cut short is refused, not filled with grey
    limitInputPixels: MAXIMUM_PIXELS,
    pages: 1,
    sequentialRead: true,
    ignoreIcc: true
  })
}

/** Pixels of four bytes laid on white: RGB bytes. */
function onWhite(pixels: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((pixels.length / 4) * 3)
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    const opacity = pixels[from + 3]!
    if (opacity === 255) {
      rgb[to] = pixels[from]!
      rgb[to + 1] = pixels[from + 1]!
      rgb[to + 2] = pixels[from + 2]!
      continue
    }
    for (let channel = 0; channel < 3; channel++)
      rgb[to + channel] = Math.round(255 + ((pixels[from + channel]! - 255) * opacity) / 255)
  }
  return rgb
}

/** libvips writes a line for each thing it stumbled over; the first says what it was. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim().replace(/\.$/, '') || 'an error without a text'
}
