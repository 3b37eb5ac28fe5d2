// Which pictures are made of a photo to be looked at large: one of the whole photo that is as large
// as a screen needs, and tiles of its pixels. Pure; page, app and decoder reckon by it.
//
// [Note: large picture] Photos' bytes are decoded in the decoder's sandbox only, so the page gets
// pictures that the decoder made: `photo://large/<name>/<side>`, a JPEG of the whole photo whose short
// side has at least so many pixels, if the photo has them; and, once it is zoomed into,
// `photo://part/<name>/<level>-<column>-<row>`, squares of the photo. For these the decoder holds
// the photo decoded: whole up to MOST_ZOOM_PIXELS, a larger one made smaller by eighths, which is
// level 0; each further level has half of the width and height of the one before. The names are
// those of thumbnails, so what an address names never changes.
import * as v from 'valibot'

interface Size {
  width: number
  height: number
}

/** What a fault says it received where a photo is held and has no tile of that place. */
export const NO_SUCH_TILE = 'no such tile'

/** Short sides in pixels that pictures of whole photos are made in: a page asks for one of them. */
export const LARGE_SIDES = [720, 1080, 1440, 2160, 2880, 4320, 8640] as const
export const LargeSide = v.picklist(LARGE_SIDES)
export type LargeSide = v.InferOutput<typeof LargeSide>

/** A photo with more pixels is zoomed into made smaller: decoded it takes 4 bytes a pixel. */
const MOST_ZOOM_PIXELS = 64_000_000

/** A JPEG with more pixels in it is not made for the large picture. */
export const MOST_LARGE_PIXELS = 64_000_000

/** Tiles are squares of so many pixels; the last of a row or column may be smaller. */
export const TILE = 512

const place = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))

/** A tile's place: its level, and how many are left of it and above it. */
export const TilePlace = v.object({ level: place(9), column: place(999), row: place(999) })
export type TilePlace = v.InferOutput<typeof TilePlace>

/** The smallest side that has so many pixels, or the largest. */
export function largeSide(pixels: number): LargeSide {
  return LARGE_SIDES.find((side) => side >= pixels) ?? LARGE_SIDES[LARGE_SIDES.length - 1]!
}

/** How many eighths of its width and height a photo is zoomed into with: the most that may be. */
export function zoomEighths({ width, height }: Size): number {
  const eighths = Math.floor(8 * Math.sqrt(MOST_ZOOM_PIXELS / (width * height)))
  return Math.min(8, Math.max(1, eighths))
}

/** The size of level 0, of a photo of a size in pixels. */
export function zoomSize(photo: Size): Size {
  return inEighths(photo, zoomEighths(photo))
}

/** So many eighths of a size, without a last row or column that is cut. */
export function inEighths({ width, height }: Size, eighths: number): Size {
  const side = (whole: number): number => Math.max(1, Math.floor((whole * eighths) / 8))
  return { width: side(width), height: side(height) }
}

/** The size of a level. */
export function levelSize({ width, height }: Size, level: number): Size {
  const side = (whole: number): number => Math.max(1, Math.ceil(whole / 2 ** level))
  return { width: side(width), height: side(height) }
}

/** The pixels of a level that a tile has; undefined where there is none. */
export function tileBox(
  level: Size,
  { column, row }: TilePlace
): (Size & { left: number; top: number }) | undefined {
  const [left, top] = [column * TILE, row * TILE]
  if (left >= level.width || top >= level.height) return undefined
  const side = (from: number, whole: number): number => Math.min(TILE, whole - from)
  return { left, top, width: side(left, level.width), height: side(top, level.height) }
}
