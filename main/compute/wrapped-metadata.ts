// EXIF and XMP that a file holds in a way that exifreader does not look into: in the blocks of a
// Photoshop file, and packed in a JPEG XL, as its own tool does with those of a JPEG. Runs in the
// photo worker. Bytes are untrusted: what cannot be read counts as none.
import { brotliDecompressSync } from 'node:zlib'
import { boxesAt, nameAt } from '../decode/boxes.ts'
import { viewOf } from '../decode/bytes.ts'
import { segmentsOf } from '../decode/jpeg-segments.ts'
import { formatOf } from '../wire/picture-format.ts'

/** EXIF as the TIFF structure that it is, XMP as text. */
export interface Metadata {
  exif?: Uint8Array
  xmp?: Uint8Array
}

/** More than this is no metadata of a photo. */
const MOST_BYTES = 4 * 2 ** 20
/** Numbers of Photoshop's blocks, which begin after its header of 26 bytes and its palette. */
const [EXIF, XMP, PALETTE_AT] = [1058, 1060, 26]

/** The metadata of a file that is wrapped; empty where there is none. */
export function wrappedMetadata(file: Uint8Array): Metadata {
  const format = formatOf(file)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  try {
    if (format === 'psd') return photoshopMetadata(file, view)
    return format === 'jxl' ? packedMetadata(file, view) : {}
  } catch {
    return {} // cut short, or packed wrongly
  }
}

/** What of a file comes before the pixels of a JPEG, which is where its EXIF and XMP are. */
export function beforePixels(file: Uint8Array): Uint8Array {
  if (file[0] !== 0xff || file[1] !== 0xd8) return file
  try {
    let end = 0
    for (const segment of segmentsOf(viewOf(file))) end = segment.end
    return end > 0 ? file.subarray(0, end) : file
  } catch (error) {
    if (error instanceof RangeError) return file // it is cut short
    throw error
  }
}

function photoshopMetadata(file: Uint8Array, view: DataView): Metadata {
  const found: Metadata = {}
  const length = PALETTE_AT + 4 + view.getUint32(PALETTE_AT)
  const end = length + 4 + view.getUint32(length)
  for (let at = length + 4; at + 12 <= end; ) {
    if (nameAt(view, at) !== '8BIM') break
    const number = view.getUint16(at + 4)
    const name = 1 + view.getUint8(at + 6)
    const size = at + 6 + name + (name % 2)
    const begin = size + 4
    const content = file.subarray(begin, begin + view.getUint32(size))
    if (number === EXIF) found.exif = content
    if (number === XMP) found.xmp = content
    at = begin + content.length + (content.length % 2)
  }
  return found
}

/** Boxes that are packed begin with the name that they had (ISO/IEC 18181-2). */
function packedMetadata(file: Uint8Array, view: DataView): Metadata {
  const found: Metadata = {}
  if (nameAt(view, 4) !== 'JXL ') return found // a picture without boxes
  for (const { body, end } of boxesAt(view, ['brob'])) {
    const name = nameAt(view, body)
    if (name !== 'Exif' && name !== 'xml ') continue
    const packed = file.subarray(body + 4, end)
    const content = brotliDecompressSync(packed, { maxOutputLength: MOST_BYTES })
    if (name === 'xml ') found.xmp = content
    else found.exif = content.subarray(4 + content.readUInt32BE(0)) // where the structure begins
  }
  return found
}
