// What kind of file some bytes are, from their first bytes and never from a name. Pure; used by
// compute and by both decoders. Knows the five formats that are decoded and names those that are
// not (yet).
import { Fault } from '../wire/fault.ts'
import { DECODED_FORMATS, type DecodedFormat } from '../wire/decoder-contract.ts'

/** Photo formats that are recognised, by the name a person knows, but not decoded. */
type NamedFormat =
  | 'HEIC' | 'JPEG XL' | 'JPEG 2000' | 'TIFF or RAW' | 'RAW (Canon)' | 'RAW (Olympus)'
  | 'RAW (Panasonic)' | 'RAW (Fujifilm)' | 'BMP' | 'PSD' | 'a film'

export type PhotoFormat = DecodedFormat | NamedFormat

/** Bytes at an offset that make a format; '.' in a pattern stands for any byte. */
const SIGNATURES: readonly (readonly [PhotoFormat, offset: number, bytes: string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['webp', 0, 'RIFF....WEBP'],
  ['RAW (Canon)', 0, 'II*\0....CR'],
  ['RAW (Olympus)', 0, 'IIRO'],
  ['RAW (Olympus)', 0, 'IIRS'],
  ['RAW (Panasonic)', 0, 'IIU\0'],
  ['RAW (Fujifilm)', 0, 'FUJIFILMCCD-RAW'],
  ['TIFF or RAW', 0, 'II*\0'],
  ['TIFF or RAW', 0, 'MM\0*'],
  ['TIFF or RAW', 0, 'II+\0'],
  ['TIFF or RAW', 0, 'MM\0+'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL \r\n\x87\n'],
  ['JPEG 2000', 4, 'jP  \r\n\x87\n'],
  ['PSD', 0, '8BPS'],
  ['BMP', 0, 'BM....\0\0\0\0']
]

const AVIF_BRANDS = ['avif', 'avis']
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1']

/** The format of a file's bytes; undefined when they begin like no photo that is known. */
export function formatOf(bytes: Uint8Array): PhotoFormat | undefined {
  for (const [format, offset, pattern] of SIGNATURES)
    if (matches(bytes, offset, pattern)) return format
  return matches(bytes, 4, 'ftyp') ? formatOfBrands(bytes) : undefined
}

/**
 * The format of bytes that can be decoded.
 * Throws a Fault: `unsupported-format` naming a known one, `corrupt-photo` for anything else.
 */
export function decodedFormatOf(bytes: Uint8Array, subject: string): DecodedFormat {
  const format = formatOf(bytes)
  const decoded = DECODED_FORMATS.find((one) => one === format)
  if (decoded) return decoded
  if (format) {
    throw new Fault({
      kind: 'unsupported-format',
      subject,
      expected: 'JPEG, PNG, WebP, AVIF or GIF',
      received: format
    })
  }
  throw new Fault({
    kind: 'corrupt-photo',
    subject,
    expected: 'a photo',
    received: bytes.length === 0 ? 'an empty file' : 'bytes that begin like no photo format'
  })
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
function formatOfBrands(bytes: Uint8Array): PhotoFormat {
  const claimed = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const size = Math.min(claimed, bytes.length, 256)
  const brands: string[] = []
  for (let at = 8; at + 4 <= size; at += 4)
    if (at !== 12) brands.push(String.fromCharCode(...bytes.subarray(at, at + 4)))
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif'
  if (brands[0] === 'crx ') return 'RAW (Canon)'
  return brands.some((brand) => HEIC_BRANDS.includes(brand)) ? 'HEIC' : 'a film'
}
