// From a small picture as a decoder has it to what is handed out: upright, in sRGB, without holes.
// Both decoders end with it, so that they show the same. Pure.
import type { Pixels } from '../wire/decoder-contract.ts'
import { Colours } from './colours.ts'
import type { Size } from './decoder.ts'
import { groundOf, layOnGround } from './ground.ts'
import type { Header } from './header.ts'
import { makeOpaque, mixInks } from './inks.ts'
import type { Space } from './little-cms.ts'
import { swapsSides, upright } from './orientation.ts'
import type { Bitmap } from './reduce.ts'

/** A picture as it is stored: not turned, its numbers not converted. */
export interface Stored {
  /** Its size before it was made small. */
  whole: Size
  small: Bitmap
}

/** What is known of a file beside its pixels. */
export interface Known {
  header: Header
  profile: Uint8Array | undefined
  /** That its profile converts from; undefined where there is none that can be used. */
  space: Space | undefined
  /** Its four numbers a pixel are inks, of which 255 stands for none. */
  isInks: boolean
  /** It has no holes: a JPEG. */
  isOpaque: boolean
}

export interface Finished extends Omit<Pixels, 'rgb' | 'thumbnail' | 'damage'> {
  /** Opaque. */
  picture: Bitmap
}

const colours = new Colours()

/**
 * Turns, converts and lays on a ground.
 * @param ground that of the whole, where this is a part of a picture
 */
export async function finished(
  { whole, small }: Stored,
  known: Known,
  ground?: number
): Promise<Finished> {
  const { header, isOpaque } = known
  const orientation = header.orientation?.value ?? 1
  const picture = upright(small, orientation)
  const { pixels } = picture
  await convert(pixels, known)
  if (!isOpaque) layOnGround(pixels, ground)
  const isOnItsSide = swapsSides(orientation)
  return {
    width: isOnItsSide ? whole.height : whole.width,
    height: isOnItsSide ? whole.width : whole.height,
    pixelWidth: picture.width,
    pixelHeight: picture.height,
    picture
  }
}

/** Pixels become sRGB, in place. */
async function convert(
  pixels: Bitmap['pixels'],
  { profile, space, isInks }: Known
): Promise<void> {
  const isConverted = Boolean(profile && space && (await colours.convert(pixels, profile, space)))
  if (isInks && !isConverted) mixInks(pixels)
  if (isInks) makeOpaque(pixels)
}

/** The ground of a whole picture, by a small one of it, whose pixels are changed. */
export async function groundUnder(small: Bitmap, known: Known): Promise<number | undefined> {
  if (known.isOpaque) return undefined
  await convert(small.pixels, known)
  return groundOf(small.pixels)
}

/** Lays a picture on a ground that is upright and in sRGB: a later frame of an animation. */
export function grounded({ whole, small }: Stored, ground?: number): Finished {
  layOnGround(small.pixels, ground)
  const { width: pixelWidth, height: pixelHeight } = small
  return { ...whole, pixelWidth, pixelHeight, picture: small }
}

/** RGB bytes [height, width, 3] of an opaque picture. */
export function rgbOf({ pixels }: Bitmap): Uint8Array<ArrayBuffer> {
  const count = pixels.length / 4
  const rgb = new Uint8Array(count * 3)
  // Four pixels at once, as words, which begin with their last byte on every machine of today.
  const fours = Math.floor(count / 4)
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, fours * 4)
  const packed = new Uint32Array(rgb.buffer, 0, fours * 3)
  for (let from = 0, to = 0; to < packed.length; from += 4, to += 3) {
    const [second, third] = [words[from + 1]!, words[from + 2]!]
    packed[to] = (words[from]! & 0xffffff) | (second << 24)
    packed[to + 1] = ((second >>> 8) & 0xffff) | (third << 16)
    packed[to + 2] = ((third >>> 16) & 0xff) | (words[from + 3]! << 8)
  }
  for (let pixel = fours * 4; pixel < count; pixel++)
    rgb.set(pixels.subarray(pixel * 4, pixel * 4 + 3), pixel * 3)
  return rgb
}
