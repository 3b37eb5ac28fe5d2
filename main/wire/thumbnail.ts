// What a thumbnail is called, in addresses, in answers and on disk, and how a whole one looks.
// Pure; used by every process.
//
// [Note: thumbnail names] The name is the first half of the SHA-256 of the photo's file, 32
// hexadecimal digits: another content has another name, so nothing that bears a name ever changes,
// and copies of a photo share one thumbnail. The page holds the names of all photos, so they are
// kept short: 16 bytes a photo. Two different files get the same name by chance once in 10^26
// libraries of a million photos. To make two such files on purpose takes 2^64 hashes, and all that
// comes of it is that one tile shows the other's picture. A name is no secret either: whatever the
// page asks for, app opens `<two digits>/<name>.webp` below this library's thumbnails and nothing
// else, so a name that is guessed leads to a thumbnail of this library or to none.
import * as v from 'valibot'

/** Thumbnails lie in this folder of the library. */
export const THUMBNAILS_FOLDER = 'thumbnails'

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
  return `${name.slice(0, 2)}/${name}.webp`
}

/** The name at a place of a list of names, bytes [n, 16]; undefined beyond its end. */
export function nameAt(names: Uint8Array, place: number): string | undefined {
  const bytes = names.subarray(place * NAME_BYTES, (place + 1) * NAME_BYTES)
  if (bytes.length < NAME_BYTES) return undefined
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Bytes at the start of a WebP file that tell whether it is whole. */
export const HEAD_BYTES = 12

/**
 * True where a file begins as WebP and has at least the bytes that it says it has: an empty one,
 * one that was cut off and one of zeros fail. Whether its picture can be decoded is not looked at.
 * @param head its first bytes, 12 or more
 * @param size bytes of the file
 */
export function isWholeThumbnail(head: Uint8Array, size: number): boolean {
  if (head.length < HEAD_BYTES || size < HEAD_BYTES) return false
  if (textOf(head, 0) !== 'RIFF' || textOf(head, 8) !== 'WEBP') return false
  return new DataView(head.buffer, head.byteOffset).getUint32(4, true) + 8 <= size
}

function textOf(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + 4))
}
