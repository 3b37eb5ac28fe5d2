// From a small picture as a decoder has it to what is handed out: upright, in sRGB, without holes.
// Both decoders end with it, so that they show the same. Pure.
import type { Pixels } from '../wire/decoder-contract.ts'
import { isReadByBrowsers } from './colour-profile.ts'
import { Colours } from './colours.ts'
import type { Size } from './decoder.ts'
import { groundOf, layOnGround } from './ground.ts'
import type { Header } from './header.ts'
import { makeOpaque, mixInks } from './inks.ts'
import type { Space } from './little-cms.ts'
import { swapsSides, upright, type Orientation } from './orientation.ts'
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

const USUAL: Orientation = { value: 1, marks: new Map(), isUsual: true }

/**
 * Turns, converts and lays on a ground.
 * @param ground that of the whole, where this is a part of a picture
 */
export async function finished(
  { whole, small }: Stored,
  known: Known,
  ground?: number
): Promise<Finished> {
  const { header, profile, isOpaque } = known
  const { value: orientation, isUsual } = header.orientation ?? USUAL
  const picture = upright(small, orientation)
  const { pixels } = picture
  const isConverted = await convert(pixels, known)
  const isClear = !isOpaque && layOnGround(pixels, ground)
  // An animation is shown as one. Profiles that are no matrices are read rightly by few versions.
  const isStillClear = isClear && !header.isAnimated
  const isRare = header.channels === 4 || (profile && isConverted && !isReadByBrowsers(profile))
  const isOnItsSide = swapsSides(orientation)
  return {
    width: isOnItsSide ? whole.height : whole.width,
    height: isOnItsSide ? whole.width : whole.height,
    pixelWidth: picture.width,
    pixelHeight: picture.height,
    needsRendering: isStillClear || !isUsual || Boolean(isRare || header.isRare),
    picture
  }
}

/** Pixels become sRGB, in place; true where a profile did it. */
async function convert(
  pixels: Bitmap['pixels'],
  { profile, space, isInks }: Known
): Promise<boolean> {
  const isConverted = Boolean(profile && space && (await colours.convert(pixels, profile, space)))
  if (isInks && !isConverted) mixInks(pixels)
  if (isInks) makeOpaque(pixels)
  return isConverted
}

/** The ground of a whole picture, by a small one of it, whose pixels are changed. */
export async function groundUnder(small: Bitmap, known: Known): Promise<number | undefined> {
  if (known.isOpaque) return undefined
  await convert(small.pixels, known)
  return groundOf(small.pixels)
}

/** Lays a picture on a ground that is upright and in sRGB: a later frame of an animation. */
export function grounded(
  { whole, small }: Stored,
  { isAnimated }: Header,
  ground?: number
): Finished {
  const isClear = layOnGround(small.pixels, ground)
  const { width: pixelWidth, height: pixelHeight } = small
  const needsRendering = isClear && !isAnimated
  return { ...whole, pixelWidth, pixelHeight, needsRendering, picture: small }
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
