// A photo's size and EXIF orientation, read from its header before any pixel is decoded. Pure; used
// by both decoders. Its bytes are untrusted: every read is bounded, every loop moves on.
import { MAXIMUM_PIXELS, type PictureFile } from '../wire/decoder-contract.ts'
import { Fault } from '../wire/fault.ts'
import { boxesAt, nameAt } from './boxes.ts'
import { isFrameHeader, segmentsOf } from './jpeg-segments.ts'
import { Malformed } from './malformed.ts'
import { readOrientation, type Orientation } from './orientation.ts'
import { bmpSize, jxlSize, psdSize, tiffSize } from './own-headers.ts'

export interface Header {
  /** Pixels as stored, before orientation; of AVIF, HEIC the largest picture in the file. */
  width: number
  height: number
  /** Undefined where none is to be applied. AVIF and formats of our own come upright. */
  orientation?: Orientation
  /** Numbers a pixel without transparency: 1 grey, 3 colours, 4 inks. Undefined where unknown. */
  channels?: number
}

/**
 * Reads the header of a file of a known format.
 * Throws a Fault: `corrupt-photo` when there is none to be read, `too-large` above `most` pixels.
 */
export function readHeader(
  bytes: Uint8Array,
  format: PictureFile,
  subject: string,
  most: number = MAXIMUM_PIXELS
): Header {
  const header = read(bytes, format, subject)
  const pixels = header.width * header.height
  if (pixels > most) {
    throw new Fault({
      kind: 'too-large',
      subject,
      expected: `at most ${Math.floor(most / 1e6)} megapixels`,
      received: `${header.width} x ${header.height} (${Math.round(pixels / 1e6)} megapixels)`
    })
  }
  return header
}

function read(bytes: Uint8Array, format: PictureFile, subject: string): Header {
  try {
    const header = READERS[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (header.width > 0 && header.height > 0) return header
    throw new Malformed('a size of 0 pixels')
  } catch (error) {
    // A DataView throws RangeError beyond its end: the header is cut short.
    if (!(error instanceof Malformed) && !(error instanceof RangeError)) throw error
    throw new Fault({
      kind: 'corrupt-photo',
      subject,
      expected: `a ${format.toUpperCase()} header`,
      received: error instanceof Malformed ? error.message : 'a file that ends within it'
    })
  }
}

const READERS: Record<PictureFile, (view: DataView) => Header> = {
  jpeg: readJpeg,
  png: readPng,
  webp: readWebp,
  gif: readGif,
  avif: readAvif,
  heic: readAvif,
  tiff: tiffSize,
  jxl: jxlSize,
  psd: psdSize,
  bmp: bmpSize
}

/** The first frame header, which every decoder takes the size from. */
function readJpeg(view: DataView): Header {
  let orientation: Orientation | undefined
  for (const segment of segmentsOf(view)) {
    const { marker, body, end } = segment
    if (isFrameHeader(segment)) {
      const [height, width] = [view.getUint16(body + 1), view.getUint16(body + 3)]
      return { width, height, orientation, channels: view.getUint8(body + 5) }
    }
    if (marker === 0xe1) orientation ??= readOrientation(view, body, end)
  }
  throw new Malformed('no frame before the pixels')
}

function readPng(view: DataView): Header {
  if (nameAt(view, 12) !== 'IHDR') throw new Malformed('no IHDR chunk at its place')
  const isGrey = view.getUint8(25) === 0 || view.getUint8(25) === 4
  const channels = isGrey ? 1 : 3
  const header: Header = { width: view.getUint32(16), height: view.getUint32(20), channels }
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const length = view.getUint32(at)
    const name = nameAt(view, at + 4)
    if (name === 'IDAT') break
    if (name === 'eXIf') header.orientation = readOrientation(view, at + 8, at + 8 + length)
    at += 12 + length
  }
  return header
}

function readWebp(view: DataView): Header {
  const first = nameAt(view, 12)
  const bits = view.getUint32(first === 'VP8L' ? 21 : 20, true)
  const channels = 3
  if (first === 'VP8L')
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, channels }
  if (first === 'VP8 ') {
    if ((view.getUint32(22) & 0xffffff) !== 0x9d012a) throw new Malformed('no key frame')
    const [width, height] = [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
    return { width, height, channels }
  }
  if (first !== 'VP8X') throw new Malformed('no picture chunk at its place')
  const header: Header = {
    width: (view.getUint32(24, true) & 0xffffff) + 1,
    height: (view.getUint32(26, true) >>> 8) + 1,
    channels
  }
  for (let at = 30; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at + 4, true)
    if (nameAt(view, at) === 'EXIF')
      header.orientation = readOrientation(view, at + 8, at + 8 + length)
    at += 8 + length + (length & 1)
  }
  return header
}

/** The screen, widened to the first picture where that is larger, as decoders do. */
function readGif(view: DataView): Header {
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  const colours = view.getUint8(10)
  let at = 13 + (colours & 0x80 ? 3 << ((colours & 7) + 1) : 0)
  for (;;) {
    const block = view.getUint8(at)
    if (block === 0x2c) {
      return {
        width: Math.max(screen.width, view.getUint16(at + 1, true) + view.getUint16(at + 5, true)),
        height: Math.max(screen.height, view.getUint16(at + 3, true) + view.getUint16(at + 7, true))
      }
    }
    if (block !== 0x21) throw new Malformed('no picture in it')
    at += 2
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length
    at++
  }
}

/** The largest picture that the file's item properties speak of. */
function readAvif(view: DataView): Header {
  const largest: Header = { width: 0, height: 0 }
  for (const { body } of boxesAt(view, ['meta', 'iprp', 'ipco', 'ispe'])) {
    const width = view.getUint32(body + 4)
    const height = view.getUint32(body + 8)
    if (width * height > largest.width * largest.height) Object.assign(largest, { width, height })
  }
  if (largest.width === 0) throw new Malformed('no size in it')
  return largest
}
