// What kind of file some bytes are, from their first bytes and never from a name. Pure; used by
// whoever has a file before it: the engine's scan, app that serves it, compute and both decoders.
//
// [Note: own table] file-type 22.3 knows more kinds, but needs Node 22, tells AVIF from HEIC by the
// major brand alone (an AVIF may be `mif1`), and calls most RAW files TIFF.
import { SHOWN_FORMATS, type DecodedFormat } from './decoder-contract.ts'

/** Kinds of files that a person may take for a photo and that are not decoded, as people say. */
type NamedFormat =
  | 'JPEG 2000' | 'OpenEXR'
  | 'a drawing (SVG)' | 'a document (PDF)' | 'an icon' | 'a film'

export type PictureFormat = DecodedFormat | NamedFormat

/** So many bytes of a file's begin are enough to tell its format. */
export const HEAD_BYTES = 4096

/** Bytes at an offset that make a format; '.' in a pattern stands for any byte. */
const SIGNATURES: readonly (readonly [PictureFormat, offset: number, bytes: string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['webp', 0, 'RIFF....WEBP'],
  ['raw', 0, 'II*\0....CR'],
  ['raw', 0, 'II\x1a\0\0\0HEAPCCDR'],
  ['raw', 0, 'IIRO'],
  ['raw', 0, 'IIRS'],
  ['raw', 0, 'IIU\0'],
  ['raw', 0, 'FUJIFILMCCD-RAW'],
  ['raw', 0, 'FOVb'],
  ['raw', 0, '\0MRM'],
  ['tiff', 0, 'II*\0'], // or a RAW: see `pictureIn`
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0'],
  ['tiff', 0, 'MM\0+'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 4, 'JXL \r\n\x87\n'],
  ['JPEG 2000', 4, 'jP  \r\n\x87\n'],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['psd', 0, '8BPS'],
  ['OpenEXR', 0, 'v/1\x01'],
  ['a document (PDF)', 0, '%PDF-'],
  ['an icon', 0, '\0\0\x01\0'],
  ['bmp', 0, 'BM....\0\0\0\0'],
  ['a film', 0, 'RIFF....AVI '],
  ['a film', 0, '\x1aE\xdf\xa3'], // Matroska, WebM
  ['a film', 0, '\0\0\x01\xba'], // MPEG
  ['a film', 0, '\0\0\x01\xb3'],
  ['a film', 0, 'FLV\x01'],
  ['a film', 0, '0&\xb2u\x8ef\xcf\x11'], // Windows Media
  ['a film', 4, 'moov'], // QuickTime before it had `ftyp`
  ['a film', 4, 'mdat'],
  ['a film', 4, 'wide']
]

const AVIF_BRANDS = ['avif', 'avis']
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1']

/** The format of a file's first bytes; undefined when they begin like no picture that is known. */
export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  for (const [format, offset, pattern] of SIGNATURES)
    if (matches(bytes, offset, pattern)) return format
  if (matches(bytes, 4, 'ftyp')) return formatOfBrands(bytes)
  // A transport stream marks each of its packets of 188 bytes; those of cameras have a time before.
  for (const [first, length] of [[0, 188], [4, 192]] as const)
    if ([0, 1, 2].every((i) => bytes[first + i * length] === 0x47)) return 'a film'
  return isSvg(bytes) ? 'a drawing (SVG)' : undefined
}

/** The media type of a file that begins with these bytes; undefined if no browser shows it. */
export function contentTypeOf(bytes: Uint8Array): string | undefined {
  const format = formatOf(bytes)
  return SHOWN_FORMATS.some((one) => one === format) ? `image/${format}` : undefined
}

function matches(bytes: Uint8Array, offset: number, pattern: string): boolean {
  if (bytes.length < offset + pattern.length) return false
  for (let i = 0; i < pattern.length; i++)
    if (pattern[i] !== '.' && bytes[offset + i] !== pattern.charCodeAt(i)) return false
  return true
}

/**
 * Tells the kinds of ISO media files apart: a box of size, 'ftyp', major brand, version, brands.
 */
function formatOfBrands(bytes: Uint8Array): PictureFormat {
  const claimed = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const size = Math.min(claimed, bytes.length, 256)
  const brands: string[] = []
  for (let at = 8; at + 4 <= size; at += 4)
    if (at !== 12) brands.push(String.fromCharCode(...bytes.subarray(at, at + 4)))
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif'
  if (brands[0] === 'crx ') return 'raw'
  return brands.some((brand) => HEIC_BRANDS.includes(brand)) ? 'heic' : 'a film'
}

/** XML whose first element is a drawing: what may come before it is skipped. */
function isSvg(bytes: Uint8Array): boolean {
  if (!'\xef<\t\n\r '.includes(String.fromCharCode(bytes[0] ?? 0))) return false
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES))
  const before = /^(\xef\xbb\xbf)?(\s|<\?[^>]*>|<!--[^]*?-->|<!DOCTYPE[^[>]*(\[[^\]]*\])?[^>]*>)*/
  return /^<(\w+:)?svg[\s>]/.test(text.replace(before, ''))
}
