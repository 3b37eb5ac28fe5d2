// RAW files of cameras: the largest JPEG that the camera put into the file, as a file of its own
// that lies as the RAW says. Pure; bytes are untrusted.
//
// [Note: previews] Makers hide their previews in structures of their own (TIFF with private tags,
// boxes, headers, heaps). Whatever the structure, a JPEG in it begins with its mark and says its
// size before its pixels, so all of a file is searched for the mark, and no maker has to be known.
// What directories call sensor data, nearly all of a file, is passed by where there is one beside.
// Sensor data that is coded as JPEG, too, is told by its kind (lossless, 12 bits or more).
import { boxesAt } from './boxes.ts'
import { viewOf } from './bytes.ts'
import type { Size } from './decoder.ts'
import { isCommonFrame, isFrameHeader, segmentsOf, START_OF_SCAN } from './jpeg-segments.ts'
import { Malformed } from './malformed.ts'
import { readOrientation, swapsSides, type OrientationValue } from './orientation.ts'
import { sensorStretch } from './tiff-directories.ts'

/** Short side of the smallest preview that shows more than a thumbnail, pixels. */
const LEAST_SIDE = 200
/** A JPEG begins so. */
const START = Uint8Array.of(0xff, 0xd8, 0xff)
/** How much the shapes of previews of one photo differ: they have whole pixels. */
const SHAPE = 0.01
/** Marks that stand for that of TIFF, as numbers: of Panasonic and of Olympus. */
const LITTLE_MARKS = [0x49495500, 0x4949524f, 0x49495253]

/** A preview as a file of its own. */
interface PreviewFile {
  bytes: Uint8Array<ArrayBuffer>
  format: 'jpeg'
  /** The size of the largest, upright. */
  whole: Size
}

interface Preview extends Size {
  /** From its begin on; where it ends shows later. */
  bytes: Uint8Array
  /** Where its first scan begins. */
  scan: number
}

/**
 * The largest JPEG in a RAW file; where a short side is asked for, the smallest one that has it and
 * the shape of the largest. Undefined where there is none that can be shown.
 */
export function rawPreview(bytes: Uint8Array, shortSide = Infinity): PreviewFile | undefined {
  const sensor = sensorStretch(bytes, bytes.length)
  const beside = sensor && [bytes.subarray(0, sensor.begin), bytes.subarray(sensor.end)]
  const found = beside ? previewsIn(beside) : []
  const previews = found.length > 0 ? found : previewsIn([bytes])
  previews.sort((a, b) => a.width * a.height - b.width * b.height)
  const largest = previews.at(-1)
  if (!largest) return undefined
  const isEnough = (one: Preview): boolean =>
    Math.min(one.width, one.height) >= shortSide && hasShapeOf(one, largest)
  const { jpeg, orientation } = uprightJpeg(bytes, previews.find(isEnough) ?? largest)
  const { width, height } = largest
  const whole = swapsSides(orientation) ? { width: height, height: width } : { width, height }
  return { bytes: jpeg, format: 'jpeg', whole }
}

function previewsIn(parts: readonly Uint8Array[]): Preview[] {
  const previews: Preview[] = []
  for (const part of parts)
    for (let at = 0; (at = startAfter(part, at)) !== -1; at++) {
      const preview = previewAt(part.subarray(at))
      if (preview) previews.push(preview)
    }
  return previews
}

/** Where the next JPEG may begin; -1 for nowhere. Node's buffers find three bytes at once. */
function startAfter(bytes: Uint8Array, from: number): number {
  if (typeof Buffer !== 'undefined')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(START, from)
  for (let at = from; (at = bytes.indexOf(0xff, at)) !== -1; at++)
    if (bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) return at
  return -1
}

function hasShapeOf(one: Size, other: Size): boolean {
  return Math.abs((one.width * other.height) / (one.height * other.width) - 1) <= SHAPE
}

/** The JPEG that begins here; undefined for one that is broken, too small or of sensor data. */
function previewAt(bytes: Uint8Array): Preview | undefined {
  const view = viewOf(bytes)
  try {
    let size: Size | undefined
    for (const segment of segmentsOf(view)) {
      const { marker, body, end } = segment
      if (isFrameHeader(segment)) {
        const [height, width] = [view.getUint16(body + 1), view.getUint16(body + 3)]
        if (!isCommonFrame(view, segment) || Math.min(width, height) < LEAST_SIDE) return undefined
        size = { width, height }
      }
      if (marker === START_OF_SCAN && size) return { bytes, scan: end, ...size }
    }
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Behind the end mark, or the end of the file where there is none. */
function endOfPixels(view: DataView, begin: number): number {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (let at = begin; (at = bytes.indexOf(0xff, at)) !== -1 && at + 4 <= bytes.length; at++) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xd9) return at + 2
    const hasLength = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd8)
    if (hasLength) at += 1 + view.getUint16(at + 2) // a further scan, or its tables
  }
  return view.byteLength
}

/** The JPEG, with the orientation of the RAW where it has none of its own. */
function uprightJpeg(
  raw: Uint8Array,
  { bytes, scan }: Preview
): { jpeg: Uint8Array<ArrayBuffer>; orientation: OrientationValue } {
  const jpeg = new Uint8Array(bytes.subarray(0, endOfPixels(viewOf(bytes), scan)))
  const own = ownOrientation(jpeg)
  const orientation = own ?? orientationOf(raw) ?? 1
  if (own !== undefined || orientation === 1) return { jpeg, orientation }
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
  return { jpeg: whole, orientation }
}

function ownOrientation(jpeg: Uint8Array): OrientationValue | undefined {
  const view = viewOf(jpeg)
  for (const { marker, body, end } of segmentsOf(view)) {
    const found = marker === 0xe1 ? readOrientation(view, body, end) : undefined
    if (found) return found
  }
  return undefined
}

/** Of the RAW's own directory: at its begin, or in Canon's box for it. */
function orientationOf(raw: Uint8Array): OrientationValue | undefined {
  const view = viewOf(raw)
  if (raw.length < 16) return undefined
  const mark = view.getUint32(0)
  if (mark === 0x4d4d002a || mark === 0x49492a00) return readOrientation(view, 0, raw.length)
  if (LITTLE_MARKS.includes(mark)) {
    const asTiff = raw.slice()
    asTiff.set([0x49, 0x49, 0x2a, 0])
    return readOrientation(viewOf(asTiff), 0, raw.length)
  }
  try {
    for (const { body, end } of boxesAt(view, ['moov', 'uuid']))
      for (const box of boxesAt(view, ['CMT1'], body + 16, end)) // after the id of 16 bytes
        return readOrientation(viewOf(raw, box.body), 0, box.end - box.body)
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof Malformed)) throw error
  }
  return undefined
}
