// The decoder of plain Node (command line, tests): sharp. The only file that loads it, on first
// use, so that nothing asks for it inside Electron, where its libvips clashes with Electron's own
// GLib.
import type { SharpConstructor } from 'sharp'
import { MAXIMUM_PIXELS, type Pixels } from '../wire/decoder-contract.ts'
import { Bug, cancelled, isFault } from '../wire/fault.ts'
import { PATIENCE_SECONDS, corrupt, scaledSize } from './decoder.ts'
import type { Decode, DecodeRequest } from './decoder.ts'
import { readHeader } from './header.ts'

const THUMBNAIL = { quality: 80, effort: 1 } as const

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

/** Decodes with sharp; see `Decode`. The work is done in libuv's threads. */
export const decodeWithSharp: Decode = async (request, signal) => {
  const { bytes, format, subject } = request
  const sharp = await loadSharp()
  if (signal.aborted) throw cancelled(subject)
  readHeader(bytes, format, subject) // refuses what is too large undecoded
  try {
    return await decode(sharp, request)
  } catch (error) {
    if (isFault(error)) throw error
    if (!(error instanceof Error)) throw new Bug(`sharp threw ${String(error)}`)
    throw corrupt(subject, firstLine(error.message))
  }
}

async function decode(sharp: SharpConstructor, request: DecodeRequest): Promise<Pixels> {
  const photo = sharp(request.bytes, {
    failOn: 'error', // a file cut short is refused, not filled with grey
    limitInputPixels: MAXIMUM_PIXELS,
    pages: 1,
    sequentialRead: true
  })
  const { autoOrient: upright } = await photo.metadata()
  const size = scaledSize(upright.width, upright.height, request.shortSide)
  const { data, info } = await photo
    .autoOrient()
    .resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .timeout({ seconds: PATIENCE_SECONDS })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 || info.width !== size.width || info.height !== size.height)
    throw new Bug(`sharp gave ${info.width} x ${info.height} x ${info.channels}`)
  const raw = { width: size.width, height: size.height, channels: 3 as const }
  return {
    width: upright.width,
    height: upright.height,
    pixelWidth: size.width,
    pixelHeight: size.height,
    rgb: data,
    thumbnail: request.thumbnail ? await sharp(data, { raw }).webp(THUMBNAIL).toBuffer() : null
  }
}

/** libvips writes a line for each thing it stumbled over; the first says what it was. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim().replace(/\.$/, '') || 'an error without a text'
}
