// What kind of file some bytes are, from their first bytes and never from a name. Pure; used by
// whoever has a file before it: the engine's scan, app that serves it, compute and both decoders.
//
// [Note: own table] file-type 22.3 knows more kinds, but needs Node 22, tells AVIF from HEIC by the
// major brand alone (an AVIF may be `mif1`), and calls most RAW files TIFF.
import { SHOWN_FORMATS, type DecodedFormat } from './decoder-contract.ts'

/** Kinds of files that a person may take for a photo and that are not decoded, as people say. */
type NamedFormat =
  | 'JPEG 2000' | 'JPEG XR' | 'OpenEXR' | 'Radiance HDR' | 'PFM' | 'DPX' | 'FITS' | 'DDS' | 'QOI'
  | 'Targa' | 'PCX' | 'SGI' | 'Sun raster' | 'MNG' | 'JNG' | 'FLIF' | 'BPG' | 'DICOM' | 'XPM'
  | 'GIMP (XCF)' | 'Krita or OpenRaster' | 'Affinity' | 'Clip Studio' | 'CorelDRAW'
  | 'a drawing (SVG)' | 'a drawing (PostScript)' | 'a drawing (Windows metafile)'
  | 'a document (PDF)' | 'a document (DjVu)' | 'an icon' | 'a film'

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
  ['JPEG XR', 0, 'II\xbc\x01'],
  ['OpenEXR', 0, 'v/1\x01'],
  ['Radiance HDR', 0, '#?RADIANCE'],
  ['Radiance HDR', 0, '#?RGBE'],
  ['PFM', 0, 'PF\n'],
  ['PFM', 0, 'Pf\n'],
  ['DPX', 0, 'SDPX'],
  ['DPX', 0, 'XPDS'],
  ['FITS', 0, 'SIMPLE  ='],
  ['DDS', 0, 'DDS |\0\0\0'],
  ['QOI', 0, 'qoif'],
  ['PCX', 0, '\n\x05\x01\x08'],
  ['SGI', 0, '\x01\xda.\x01\0'],
  ['Sun raster', 0, '\x59\xa6\x6a\x95'],
  ['MNG', 0, '\x8aMNG\r\n\x1a\n'],
  ['JNG', 0, '\x8bJNG\r\n\x1a\n'],
  ['FLIF', 0, 'FLIF'],
  ['BPG', 0, 'BPG\xfb'],
  ['DICOM', 128, 'DICM'],
  ['XPM', 0, '/* XPM */'],
  ['GIMP (XCF)', 0, 'gimp xcf '],
  ['Krita or OpenRaster', 30, 'mimetypeapplication/x-krita'], // in a ZIP archive
  ['Krita or OpenRaster', 30, 'mimetypeimage/openraster'],
  ['Affinity', 0, '\0\xffKA'],
  ['Clip Studio', 0, 'CSFCHUNK'],
  ['CorelDRAW', 0, 'RIFF....CDR'],
  ['a drawing (PostScript)', 0, '%!PS'],
  ['a drawing (PostScript)', 0, '\xc5\xd0\xd3\xc6'],
  ['a drawing (Windows metafile)', 0, '\xd7\xcd\xc6\x9a'],
  ['a drawing (Windows metafile)', 40, ' EMF'],
  ['a document (PDF)', 0, '%PDF-'],
  ['a document (DjVu)', 0, 'AT&TFORM'],
  ['an icon', 0, '\0\0\x01\0'],
  ['an icon', 0, 'icns'],
  ['bmp', 0, 'BM....\0\0\0\0'],
  ['a film', 0, 'RIFF....AVI '],
  ['a film', 0, '\x1aE\xdf\xa3'], // Matroska, WebM
  ['a film', 0, '\0\0\x01\xba'], // MPEG
  ['a film', 0, '\0\0\x01\xb3'],
  ['a film', 0, 'FLV\x01'],
  ['a film', 0, '0&\xb2u\x8ef\xcf\x11'], // Windows Media
  ['a film', 0, '.RMF\0\0\0'],
  ['a film', 0, 'OggS'],
  ['a film', 0, '\x06\x0e\x2b\x34'], // MXF
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
  if (isPnm(bytes)) return 'pnm'
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

/** A mark, then the width or a word (P7); between them there may be comments. */
function isPnm(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50) return false
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES))
  return /^P([1-6]\s+\d|7\s+[A-Z]+ )/.test(withoutComments(text))
}

/** The header of a PNM with a line end for each comment: from # to LF or CR, as Netpbm reads it. */
export function withoutComments(header: string): string {
  return header.replace(/#[^\n\r]*[\n\r]/g, '\n')
}

/** XML whose first element is a drawing: what may come before it is skipped. */
function isSvg(bytes: Uint8Array): boolean {
  if (!'\xef<\t\n\r '.includes(String.fromCharCode(bytes[0] ?? 0))) return false
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES))
  const before = /^(\xef\xbb\xbf)?(\s|<\?[^>]*>|<!--[^]*?-->|<!DOCTYPE[^[>]*(\[[^\]]*\])?[^>]*>)*/
  return /^<(\w+:)?svg[\s>]/.test(text.replace(before, ''))
}
