// A photo's size and EXIF orientation, read from its header before any pixel is decoded. Pure; used
// by both decoders. Its bytes are untrusted: every read is bounded, every loop moves on.
import { viewOf } from './bytes.ts'
import { MAXIMUM_PIXELS, type PictureFile } from '../wire/decoder-contract.ts'
import { Fault } from '../wire/fault.ts'
import { boxesAt, nameAt } from './boxes.ts'
import { firstFrame, type Frame } from './gif-frames.ts'
import { itemOrientation } from './items.ts'
import { isFrameHeader, segmentsOf } from './jpeg-segments.ts'
import { Malformed } from './malformed.ts'
import { orientationIn, readExif, type Orientation } from './orientation.ts'
import { bmpSize, jxlSize, pnmSize, psdSize, sensorSize, tiffSize } from './own-headers.ts'

export interface Header {
  /** Pixels as stored, before orientation; of AVIF, HEIC the largest picture in the file. */
  width: number
  height: number
  /** Undefined where none is to be applied: those of our own but HEIC come upright. */
  orientation?: Orientation
  /** Of GIF: the first picture, which may fill a part only. */
  frame?: Frame
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
    const header = READERS[format](viewOf(bytes))
    if (header.width > 0 && header.height > 0) return header
    throw new Malformed('a size of 0 pixels')
  } catch (error) {
    // A DataView throws RangeError beyond its end: the header is cut short.
    if (!(error instanceof Malformed) && !(error instanceof RangeError)) throw error
    throw new Fault({
      kind: 'corrupt-photo',
      subject,
      expected: `a ${format.toUpperCase()} header`,
      received: error instanceof Malformed ? error.message : 'a file that ends within its header'
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
  bmp: bmpSize,
  pnm: pnmSize,
  sensor: sensorSize,
  'rare-jpeg': readRareJpeg
}

/** The first frame header, which every decoder takes the size from. */
function readJpeg(view: DataView): Header {
  const blocks: ReturnType<typeof readExif>[] = []
  let isUsual = true
  let header: Header | undefined
  for (const segment of segmentsOf(view)) {
    const { marker, body, end } = segment
    if (isFrameHeader(segment) && !header) {
      const [height, width] = [view.getUint16(body + 1), view.getUint16(body + 3)]
      header = { width, height, channels: view.getUint8(body + 5) }
    }
    if (marker !== 0xe1) continue
    blocks.push(readExif(view, body, end))
    isUsual = header === undefined
  }
  if (!header) throw new Malformed('no frame before the pixels')
  return { ...header, orientation: orientationIn(blocks, isUsual) }
}

/** Its colours are converted where it is decoded. */
function readRareJpeg(view: DataView): Header {
  const { width, height, orientation } = readJpeg(view)
  return { width, height, ...(orientation && { orientation }) }
}

function readPng(view: DataView): Header {
  if (nameAt(view, 12) !== 'IHDR') throw new Malformed('no IHDR chunk at its place')
  const isGrey = view.getUint8(25) === 0 || view.getUint8(25) === 4
  const channels = isGrey ? 1 : 3
  const blocks: ReturnType<typeof readExif>[] = []
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const length = view.getUint32(at)
    const name = nameAt(view, at + 4)
    if (name === 'eXIf') blocks.push(readExif(view, at + 8, at + 8 + length))
    at += 12 + length
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  return { width, height, channels, orientation: orientationIn(blocks, false) }
}

function readWebp(view: DataView): Header {
  const blocks: ReturnType<typeof readExif>[] = []
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at + 4, true)
    const name = nameAt(view, at)
    if (name === 'EXIF') blocks.push(readExif(view, at + 8, at + 8 + length))
    at += 8 + length + (length & 1)
  }
  return { ...webpSize(view), channels: 3, orientation: orientationIn(blocks, false) }
}

function webpSize(view: DataView): Pick<Header, 'width' | 'height'> {
  const first = nameAt(view, 12)
  const bits = view.getUint32(first === 'VP8L' ? 21 : 20, true)
  if (first === 'VP8L') return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  if (first === 'VP8 ') {
    if ((view.getUint32(22) & 0xffffff) !== 0x9d012a) throw new Malformed('no key frame')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (first !== 'VP8X') throw new Malformed('no picture chunk at its place')
  const width = (view.getUint32(24, true) & 0xffffff) + 1
  return { width, height: (view.getUint32(26, true) >>> 8) + 1 }
}

/** The screen, widened to the first picture where that is larger, as decoders do. */
function readGif(view: DataView): Header {
  const frame = firstFrame(view)
  if (!frame) throw new Malformed('no picture in it')
  const width = Math.max(view.getUint16(6, true), frame.left + frame.width)
  const height = Math.max(view.getUint16(8, true), frame.top + frame.height)
  return { width, height, frame }
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
  return { ...largest, orientation: itemOrientation(view) }
}

/** Hides the orientation from every decoder, since it is applied here: see `Orientation`. */
export function hideOrientation(bytes: Uint8Array, { orientation }: Header): void {
  for (const [at, value] of orientation?.marks ?? []) bytes[at] = value
}
