// When a tile's thumbnail is too small for it, so that it looks blurred. Pure; runs in the page.
import { KEPT_PICTURES } from '../../main/wire/thumbnail.ts'

/** A picture may be blown up so much before anyone sees it. */
const UNNOTICED = 1.15

/**
 * True where a thumbnail is drawn so large that it looks blurred, and the photo has more to show.
 * @param tile in CSS pixels, filled by the picture
 * @param density pixels of the screen for one of these
 * @param photo in pixels; nothing where it is not known
 */
export function looksBlurred(
  tile: { width: number; height: number },
  density: number,
  photo: { width: number; height: number } | undefined
): boolean {
  const most = KEPT_PICTURES.thumb.shortSide * UNNOTICED
  if (!photo || Math.min(photo.width, photo.height) <= most) return false
  // What fills a tile of another shape is larger than it.
  const scale = Math.max(tile.width / photo.width, tile.height / photo.height)
  return Math.min(photo.width, photo.height) * scale * density > most
}
