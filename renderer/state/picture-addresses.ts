// Addresses of pictures, by the name that a photo's content has. Pure; runs in the page. App serves
// thumbnails from the library and has the others made by the decoder: see [Note: large picture].
import type { TilePlace, LargeSide } from '../../main/wire/large-picture.ts'

/** A small picture of a photo, by its name: its short side is 256 pixels. */
export function thumbnailAddress(name: string): string {
  return `photo://thumb/${name}`
}

/** A sharp one for large tiles, by the same name: up to 768 pixels. */
export function tileAddress(name: string): string {
  return `photo://tile/${name}`
}

/** The whole photo, its short side at least so many pixels if it has them. */
export function largeAddress(name: string, side: LargeSide): string {
  return `photo://large/${name}/${side}`
}

/** A part of it, to be looked at closely. */
export function partAddress(name: string, { level, column, row }: TilePlace): string {
  return `photo://part/${name}/${level}-${column}-${row}`
}
