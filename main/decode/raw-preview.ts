// RAW files of cameras: the largest JPEG that the camera put into the file, as a file of its own
// that lies as the RAW says. Pure; bytes are untrusted.
//
// [Note: previews] Makers hide their previews in structures of their own (TIFF with private tags,
// boxes, headers, heaps). Whatever the structure, a JPEG in it begins with its mark and says its
// size before its pixels, so all of a file is searched for the mark, and no maker has to be known.
// Sensor data that is coded as JPEG, too, is told by its kind (lossless, 12 bits or more).
import type { PictureFile } from '../wire/decoder-contract.ts'
import { Fault } from '../wire/fault.ts'
import { boxesAt } from './boxes.ts'
import type { DecodeRequest } from './decoder.ts'
import { isFrameHeader, segmentsOf, START_OF_SCAN } from './jpeg-segments.ts'
import { Malformed } from './malformed.ts'
import { readOrientation } from './orientation.ts'
import { holdsSensorData } from './tiff-directories.ts'

/** Short side of the smallest preview that shows more than a thumbnail, pixels. */
const LEAST_SIDE = 200
/** Frame headers of JPEGs that every decoder reads: baseline, extended, progressive. */
const COMMON_FRAMES = [0xc0, 0xc1, 0xc2]
/** Marks of TIFF structures, as numbers: of TIFF itself, of Panasonic and of Olympus. */
const LITTLE_MARKS = [0x49492a00, 0x49495500, 0x4949524f, 0x49495253]

/** A file that holds a picture itself. */
interface Picture {
  bytes: Uint8Array<ArrayBuffer>
  format: PictureFile
}

interface Preview {
  begin: number
  end: number
  pixels: number
}

/**
 * A copy of what holds the picture that is asked for. What is in a TIFF tells whether it is a RAW,
 * whatever its name. Throws as `rawPreview` does.
 */
export function pictureIn({ bytes, format, subject }: DecodeRequest): Picture {
  const isRaw = format === 'raw' || (format === 'tiff' && holdsSensorData(viewOf(bytes)))
  return isRaw ? rawPreview(bytes, subject) : { bytes: new Uint8Array(bytes), format }
}

/**
 * The largest JPEG in a RAW file. Throws a Fault `unsupported-format` where there is none that can
 * be shown.
 */
export function rawPreview(bytes: Uint8Array, subject: string): Picture {
  let largest: Preview | undefined
  for (let at = 0; (at = bytes.indexOf(0xff, at)) !== -1; at++) {
    if (bytes[at + 1] !== 0xd8 || bytes[at + 2] !== 0xff) continue
    const preview = previewAt(bytes, at)
    if (preview && preview.pixels > (largest?.pixels ?? 0)) largest = preview
  }
  if (largest) return { bytes: uprightJpeg(bytes, largest), format: 'jpeg' }
  const [expected, received] = ['a RAW with a preview', 'a RAW without a preview to show']
  throw new Fault({ kind: 'unsupported-format', subject, expected, received })
}

/** The JPEG that begins here; undefined for one that is broken, too small or of sensor data. */
function previewAt(bytes: Uint8Array, begin: number): Preview | undefined {
  const view = viewOf(bytes, begin)
  try {
    let pixels = 0
    for (const segment of segmentsOf(view)) {
      const { marker, body, end } = segment
      if (isFrameHeader(segment)) {
        const [height, width] = [view.getUint16(body + 1), view.getUint16(body + 3)]
        const isCommon = COMMON_FRAMES.includes(marker) && view.getUint8(body) === 8
        if (!isCommon || Math.min(width, height) < LEAST_SIDE) return undefined
        pixels = width * height
      }
      if (marker === START_OF_SCAN && pixels > 0)
        return { begin, end: begin + endOfPixels(view, end), pixels }
    }
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Behind the end mark, or the end of the file where there is none. */
function endOfPixels(view: DataView, begin: number): number {
  for (let at = begin; at + 4 <= view.byteLength; at++) {
    if (view.getUint8(at) !== 0xff) continue
    const marker = view.getUint8(at + 1)
    if (marker === 0xd9) return at + 2
    const hasLength = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd8)
    if (hasLength) at += 1 + view.getUint16(at + 2) // a further scan, or its tables
  }
  return view.byteLength
}

/** The JPEG, with the orientation of the RAW where it has none of its own. */
function uprightJpeg(raw: Uint8Array, { begin, end }: Preview): Uint8Array<ArrayBuffer> {
  const jpeg = raw.slice(begin, end)
  const orientation = hasOrientation(jpeg) ? undefined : orientationOf(raw)
  if (orientation === undefined || orientation === 1) return jpeg
  // An EXIF segment with this one entry: APP1, its length, 'Exif', a TIFF header, a directory.
  const exif = [
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0],
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  ]
  const whole = new Uint8Array(jpeg.length + exif.length)
  whole.set(jpeg.subarray(0, 2))
  whole.set(exif, 2)
  whole.set(jpeg.subarray(2), 2 + exif.length)
  return whole
}

function hasOrientation(jpeg: Uint8Array): boolean {
  const view = viewOf(jpeg)
  return [...segmentsOf(view)].some(
    ({ marker, body, end }) => marker === 0xe1 && readOrientation(view, body, end) !== undefined
  )
}

/** Of the RAW's own directory: at its begin, or in Canon's box for it. */
function orientationOf(raw: Uint8Array): number | undefined {
  const view = viewOf(raw)
  if (raw.length < 16) return undefined
  const mark = view.getUint32(0)
  if (mark === 0x4d4d002a) return readOrientation(view, 0, raw.length)?.value
  if (LITTLE_MARKS.includes(mark)) {
    const asTiff = raw.slice()
    asTiff.set([0x49, 0x49, 0x2a, 0])
    return readOrientation(viewOf(asTiff), 0, raw.length)?.value
  }
  try {
    for (const { body, end } of boxesAt(view, ['moov', 'uuid']))
      for (const box of boxesAt(view, ['CMT1'], body + 16, end)) // after the id of 16 bytes
        return readOrientation(viewOf(raw, box.body), 0, box.end - box.body)?.value
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof Malformed)) throw error
  }
  return undefined
}

function viewOf(bytes: Uint8Array, begin = 0): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + begin, bytes.byteLength - begin)
}
