// Formats that Chromium or sharp does not decode: decoded, and made small, by the same code in the
// decoder window and in plain Node, so that both show one picture. Pure, but for loading that code
// when it is first needed.
import type { FoundFormat, OwnFormat } from '../wire/decoder-contract.ts'
import { viewOf } from './bytes.ts'
import { Colours, spaceOf } from './colours.ts'
import { scaledSize, type Size } from './decoder.ts'
import type { Stored } from './finish.ts'
import { makeOpaque, mixInks } from './inks.ts'
import { readJxl } from './jxl-header.ts'
import type { DecodeMagick, StoredPicture } from './magick.ts'
import { swapsSides, upright, type OrientationValue } from './orientation.ts'
import { hasBmpOpacity } from './own-headers.ts'
import { reduced, type Bitmap } from './reduce.ts'
import { firstPicture } from './tiff-directories.ts'

/**
 * Of HEIC only pixels are known: it comes upright, and its profile is read by whoever has it.
 * `whole`: the size of the picture, where a smaller one of it was decoded.
 */
type Decoded = Bitmap &
  Partial<StoredPicture> & { orientation?: OrientationValue; whole?: Size }

type DecodeOwn = (bytes: Uint8Array, subject: string, shortSide: number) => Promise<Decoded>

const DECODERS: Record<OwnFormat | FoundFormat, DecodeOwn> = {
  heic: async (...file) => (await import('./heif.ts')).decodeHeif(...file),
  tiff: async (bytes, subject) => {
    const { page, orientation } = firstPicture(viewOf(bytes))
    return { ...(await magick(bytes, 'tiff', page, subject)), orientation }
  },
  jxl: async (bytes, subject) => {
    const { orientation } = readJxl(viewOf(bytes))
    return { ...(await magick(bytes, 'jxl', 0, subject)), orientation }
  },
  psd: (bytes, subject) => magick(bytes, 'psd', 0, subject), // its composite
  bmp: async (bytes, subject) => {
    const picture = await magick(bytes, 'bmp', 0, subject)
    if (!hasBmpOpacity(viewOf(bytes))) makeOpaque(picture.pixels)
    return picture
  },
  pnm: (bytes, subject) => magick(bytes, 'pnm', 0, subject),
  sensor: (bytes, subject) => magick(bytes, 'sensor', 0, subject),
  'rare-jpeg': (bytes, subject) => magick(bytes, 'rare-jpeg', 0, subject)
}

const magick: DecodeMagick = async (...file) => (await import('./magick.ts')).decodeMagick(...file)

const colours = new Colours()

/**
 * Decodes a file of one of these formats and makes it small: upright and in sRGB, but HEICs and
 * JPEGs lie as stored. Its header was read before. Throws a Fault `corrupt-photo`, `unsupported-format` or
 * `too-large`.
 */
export async function decodeOwn(
  format: OwnFormat | FoundFormat,
  bytes: Uint8Array,
  shortSide: number,
  subject: string
): Promise<Stored> {
  return smallOf(await DECODERS[format](bytes, subject, shortSide), shortSide)
}

/** Makes what was decoded small, upright and sRGB: see `decodeOwn`. */
export async function smallOf(
  { orientation = 1, ...stored }: Decoded,
  shortSide: number
): Promise<Stored> {
  await mixStored(stored)
  const { width, height, pixels } = stored
  const small = await reduced({ width, height, pixels }, scaledSize(width, height, shortSide))
  await recolour(small, stored)
  const { width: wide, height: high } = stored.whole ?? stored
  const isOnItsSide = swapsSides(orientation)
  const whole = isOnItsSide ? { width: high, height: wide } : { width: wide, height: high }
  return { whole, small: upright(small, orientation) }
}

/** Inks become colours before anything else: there is no place for their opacity. */
async function mixStored({ channels, pixels, profile, opacity }: Decoded): Promise<void> {
  if (channels !== 4) return
  const space = profile && spaceOf(profile, channels)
  const isConverted = profile && space && (await colours.convert(pixels, profile, space))
  if (!isConverted) mixInks(pixels)
  makeOpaque(pixels)
  opacity?.forEach((value, i) => (pixels[4 * i + 3] = value))
}

async function recolour({ pixels }: Bitmap, { channels, profile }: Decoded): Promise<void> {
  const space = channels !== 4 && profile && spaceOf(profile, channels)
  if (profile && space) await colours.convert(pixels, profile, space)
}

/** True for a format that is decoded here. */
export function isOwnFormat(format: string): format is OwnFormat | FoundFormat {
  return Object.hasOwn(DECODERS, format)
}
