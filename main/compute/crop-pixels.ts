// A part of a picture: at which size it is decoded, and its pixels. Pure; runs in compute.
import type { Crop } from '../wire/query-contract.ts'
import type { Pixels } from '../wire/decoder-contract.ts'

/** A part is never decoded larger than this, pixels of the whole picture's short side. */
const LARGEST = 2048

/** The short side to decode a whole picture at, so that its part has one of `shortSide` or more. */
export function shortSideOf(crop: Crop | null, shortSide: number): number {
  if (!crop) return shortSide
  const least = Math.max(Math.min(crop.width, crop.height), shortSide / LARGEST)
  return Math.ceil(shortSide / least)
}

/** The pixels of a part, at least one; `width` and `height` are of the part, unscaled. */
export function cropped(pixels: Pixels, crop: Crop): Pixels {
  const [left, pixelWidth] = span(crop.left, crop.width, pixels.pixelWidth)
  const [top, pixelHeight] = span(crop.top, crop.height, pixels.pixelHeight)
  const rgb = new Uint8Array(pixelWidth * pixelHeight * 3)
  for (let y = 0; y < pixelHeight; y++) {
    const from = ((top + y) * pixels.pixelWidth + left) * 3
    rgb.set(pixels.rgb.subarray(from, from + pixelWidth * 3), y * pixelWidth * 3)
  }
  const [, width] = span(crop.left, crop.width, pixels.width)
  const [, height] = span(crop.top, crop.height, pixels.height)
  return { ...pixels, width, height, pixelWidth, pixelHeight, rgb, thumbnail: null, damage: null }
}

/**
 * What a picture is described by: all of it, but for rows that are missing. What decoders fill in
 * for them would make kin of damaged photos.
 */
export function soundPart(pixels: Pixels): Pixels {
  const sound = pixels.damage?.sound
  if (!sound || (sound.width === 1 && sound.height === 1)) return pixels
  return cropped(pixels, sound)
}

/** First pixel and count of a share of a side; what reaches beyond the side is cut off. */
function span(from: number, share: number, side: number): [number, number] {
  const first = Math.min(side - 1, Math.floor(from * side))
  return [first, Math.max(1, Math.min(side - first, Math.round(share * side)))]
}
