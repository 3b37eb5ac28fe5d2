// What a thumbnail is called, in addresses, in answers and on disk, and how a whole one looks.
// Pure; used by every process.
//
// [Note: thumbnail names] The name is the first half of the SHA-256 of the photo's file, 32
// hexadecimal digits: another content has another name, so nothing that bears a name ever changes,
// and copies of a photo share one thumbnail. The page holds the names of all photos, so they are
// kept short: 16 bytes a photo. Two different files get the same name by chance once in 10^26
// libraries of a million photos. To make two such files on purpose takes 2^64 hashes, and all that
// comes of it is that one tile shows the other's picture. A name is no secret either: whatever the
// page asks for, app opens `<two digits>/<name>.jpg` below this library's thumbnails and nothing
// else, so a name that is guessed leads to a thumbnail of this library or to none. Thumbnails made
// before they were JPEGs are WebPs of the same names, `.webp`, and serve on.
import * as v from 'valibot'

/**
 * The two pictures that are kept of a photo: one for every tile, made when it is indexed, and a
 * sharp one for large tiles, made when such a tile is looked at. Both have the photo's name.
 */
export const PICTURE_KINDS = ['thumb', 'tile'] as const
export type PictureKind = (typeof PICTURE_KINDS)[number]

/** Folder of the library that they lie in, and their short side in pixels, never enlarged. */
export const KEPT_PICTURES: Record<PictureKind, { folder: string; shortSide: number }> = {
  thumb: { folder: 'thumbnails', shortSide: 256 },
  tile: { folder: 'tiles', shortSide: 768 }
}

/** Bytes of a name. */
export const NAME_BYTES = 16
const DIGITS = 2 * NAME_BYTES

/** A thumbnail's name: 32 hexadecimal digits. */
export const ThumbnailName = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))

/** The name that a photo's thumbnail has, by the SHA-256 of its file (64 hexadecimal digits). */
export function thumbnailName(hash: string): string {
  return hash.slice(0, DIGITS)
}

/** Where a thumbnail lies below that folder: '/' between names. */
export function thumbnailFile(name: string): string {
  return `${name.slice(0, 2)}/${name}.jpg`
}

/** Where one lies that was made when thumbnails were WebPs. */
export function formerThumbnailFile(name: string): string {
  return `${name.slice(0, 2)}/${name}.webp`
}

/** Where it may lie: the first of these that is there and whole. */
export function thumbnailFiles(name: string): string[] {
  return [thumbnailFile(name), formerThumbnailFile(name)]
}

/** The path of a photo's thumbnail in `folder`: by content, so that copies share one. */
export function thumbnailPath(folder: string, hash: string): string {
  return `${folder}/${thumbnailFile(thumbnailName(hash))}`
}

/** The name at a place of a list of names, bytes [n, 16]; undefined beyond its end. */
export function nameAt(names: Uint8Array, place: number): string | undefined {
  const bytes = names.subarray(place * NAME_BYTES, (place + 1) * NAME_BYTES)
  if (bytes.length < NAME_BYTES) return undefined
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The shortest WebP header; of a JPEG so many bytes hold its begin and its end. */
const LEAST_BYTES = 12

/**
 * True for a JPEG that begins and ends as one, and for a WebP that has at least the bytes that it
 * says it has: an empty file, one that was cut off and one of zeros fail. Whether its picture can
 * be decoded is not looked at.
 */
export function isWholeThumbnail(bytes: Uint8Array): boolean {
  if (bytes.length < LEAST_BYTES) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint16(0) === 0xffd8) return view.getUint16(bytes.length - 2) === 0xffd9
  const isWebp = textOf(bytes, 0) === 'RIFF' && textOf(bytes, 8) === 'WEBP'
  return isWebp && view.getUint32(4, true) + 8 <= bytes.length
}

function textOf(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + 4))
}
