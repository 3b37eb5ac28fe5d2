// A JPEG's small pictures of itself (EXIF, MPF), which are decoded in a fraction of its time, and
// the first rows of it, to see whether a small picture shows the same. Runs in a photo thread;
// decodes no pixel. Pure; bytes are untrusted.
//
// [Note: stale previews] Programs that edit a photo may leave the small picture of before in it.
// One is taken only where all of this is true: EXIF has the file's size in pixels and has it
// changed when it was taken, no program of pictures left its segments, the shapes are the same, and
// the first 24th of the rows of both look alike, once decoded (same-picture.ts). A file that ends
// early or has a hole of zeros is decoded whole, so that its damage is seen.
import { joined, viewOf } from '../decode/bytes.ts'
import { looksWhole } from '../decode/jpeg-scans.ts'
import { isFrameHeader, segmentsOf, START_OF_SCAN, type Segment } from '../decode/jpeg-segments.ts'
import type { Size } from '../decode/decoder.ts'
import { readHeader } from '../decode/header.ts'
import { swapsSides, type OrientationValue } from '../decode/orientation.ts'
import { exifOf, mpfPreviews, type Exif } from './small-pictures.ts'

/** Where the rows that are stored first lie in the upright picture. */
export const EDGES = ['top', 'bottom', 'left', 'right'] as const
type Edge = (typeof EDGES)[number]

/** Both lie as the whole does, and have its colour profile. */
export interface Preview {
  bytes: Uint8Array<ArrayBuffer>
  format: 'jpeg'
  /** The size of the whole, upright. */
  whole: Size
  /** The first rows of the whole, which are this share of it. */
  rows: { jpeg: Uint8Array<ArrayBuffer>; share: number; edge: Edge }
}

/** The shortest side of a small picture that will do, as a share of the one that is asked for. */
const LEAST_SHARE = 15 / 16
/** Photos of fewer pixels are decoded as fast as their parts. */
const LEAST_PIXELS = 3_000_000
/** How much two shapes may differ: small pictures have whole pixels, too. */
const SHAPE = 0.01
/** Of the rows, so many are compared. */
const ROWS_SHARE = 1 / 24
/** Cameras write the file within so long of taking it, ms. */
const AT_ONCE = 5000
/** Frame headers: one pass, Huffman coded. */
const ONE_PASS = [0xc0, 0xc1]
const END = Uint8Array.of(0xff, 0xd9)
const [APP1, APP2, APP13, APP14] = [0xe1, 0xe2, 0xed, 0xee]

interface Frame extends Size {
  marker: number
  channels: number
  /** Pixels of the rows that are coded together. */
  block: number
}

/**
 * The smallest picture in a JPEG whose short side is about `shortSide` or longer. Undefined where
 * there is none, where it may be another picture, and where the JPEG is decoded as fast without.
 */
export function previewOf(bytes: Uint8Array, shortSide: number): Preview | undefined {
  try {
    return found(bytes, shortSide)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function found(bytes: Uint8Array, shortSide: number): Preview | undefined {
  const view = viewOf(bytes)
  const segments = [...segmentsOf(view)]
  const scan = segments.at(-1)
  const frame = frameOf(view, segments)
  if (!frame || scan?.marker !== START_OF_SCAN) return undefined
  const pixels = frame.width * frame.height
  if (pixels < LEAST_PIXELS || !ONE_PASS.includes(frame.marker)) return undefined
  if (view.getUint8(scan.body) !== frame.channels || frame.channels === 4) return undefined
  const exif = exifOf(view, segments)
  if (!exif || isEdited(exif, frame, segments)) return undefined
  const { orientation: told } = readHeader(bytes, 'jpeg', '')
  if (told?.value !== exif.orientation || !told.isUsual) return undefined
  const candidates = [...exif.previews, ...mpfPreviews(bytes, segments)].flatMap((jpeg) => {
    const size = sizeOfPreview(jpeg, frame)
    const short = size && Math.min(size.width, size.height)
    return short && short >= shortSide * LEAST_SHARE ? [{ jpeg, short }] : []
  })
  const enough = candidates.filter(({ short }) => short >= shortSide)
  const smallest = (enough.length > 0 ? enough : candidates).sort((a, b) => a.short - b.short)[0]
  if (!smallest || !looksWhole(bytes)) return undefined
  const { orientation } = exif
  const whole = { width: frame.width, height: frame.height }
  const head = [orientationSegment(orientation), ...profileSegments(bytes, segments)]
  return {
    bytes: joined([smallest.jpeg.subarray(0, 2), ...head, withoutExif(smallest.jpeg)]),
    format: 'jpeg',
    whole: swapsSides(orientation) ? { width: whole.height, height: whole.width } : whole,
    rows: firstRows(bytes, segments, frame, scan, orientation, head)
  }
}

function frameOf(view: DataView, segments: readonly Segment[]): Frame | undefined {
  const segment = segments.find(isFrameHeader)
  if (!segment || view.getUint8(segment.body) !== 8) return undefined
  const { marker, body } = segment
  const channels = view.getUint8(body + 5)
  const samplings = Array.from({ length: channels }, (_, i) => view.getUint8(body + 7 + 3 * i) & 15)
  const block = channels === 1 ? 8 : 8 * Math.max(...samplings)
  return {
    marker,
    channels,
    block,
    height: view.getUint16(body + 1),
    width: view.getUint16(body + 3)
  }
}

function isEdited(
  { changed, taken, size }: Exif,
  frame: Frame,
  segments: readonly Segment[]
): boolean {
  const isAsTaken = changed !== null && taken !== null && Math.abs(changed - taken) <= AT_ONCE
  const isAsLarge = size.width === frame.width && size.height === frame.height
  return !isAsTaken || !isAsLarge || segments.some(({ marker }) => marker === APP13)
}

/** Its size, if it is a common JPEG in the shape of the whole. */
function sizeOfPreview(jpeg: Uint8Array, whole: Size): Size | undefined {
  if (jpeg.length < 4 || jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined
  const view = viewOf(jpeg)
  const frame = frameOf(view, [...segmentsOf(view)])
  if (!frame || frame.channels === 4 || frame.width * frame.height === 0) return undefined
  const shape = (frame.width * whole.height) / (frame.height * whole.width)
  return Math.abs(shape - 1) <= SHAPE ? frame : undefined
}

const EDGE_OF: Record<OrientationValue, Edge> = {
  1: 'top', 2: 'top', 3: 'bottom', 4: 'bottom', 5: 'left', 6: 'right', 7: 'right', 8: 'left'
}

/**
 * The first rows as a JPEG: the tables of the whole, a lower height, and as many of its coded bytes
 * as its first rows take if they are no more than twice as rich as the others.
 */
function firstRows(
  bytes: Uint8Array,
  segments: readonly Segment[],
  { height, block }: Frame,
  scan: Segment,
  orientation: OrientationValue,
  head: readonly Uint8Array[]
): Preview['rows'] {
  const lines = Math.max(1, Math.round((height * ROWS_SHARE) / block)) * block
  const share = lines / height
  const parts = [bytes.subarray(0, 2), ...head]
  for (const segment of segments) {
    const isTable = segment.marker < 0xe0 || segment.marker > 0xef
    if (!isTable && segment.marker !== APP14) continue
    const part = bytes.slice(segment.at, segment.end)
    if (isFrameHeader(segment)) viewOf(part).setUint16(segment.body + 1 - segment.at, lines)
    parts.push(part)
  }
  const coded = Math.ceil((bytes.length - scan.end) * share * 2) + 65_536
  parts.push(bytes.subarray(scan.end, scan.end + coded), END)
  return { jpeg: joined(parts), share, edge: EDGE_OF[orientation] }
}

/** All behind its begin, but for what it says of itself: it lies as the whole does. */
function withoutExif(jpeg: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let from = 2
  for (const { marker, at, end } of segmentsOf(viewOf(jpeg))) {
    if (marker !== APP1 && marker !== APP2) continue
    parts.push(jpeg.subarray(from, at))
    from = end
  }
  return joined([...parts, jpeg.subarray(from)])
}

function profileSegments(bytes: Uint8Array, segments: readonly Segment[]): Uint8Array[] {
  const view = viewOf(bytes)
  return segments
    .filter(({ marker, body }) => marker === APP2 && view.getUint32(body) === 0x4943435f) // 'ICC_'
    .map(({ at, end }) => bytes.subarray(at, end))
}

/** An EXIF segment with this one entry: APP1, its length, 'Exif', a TIFF header, a directory. */
function orientationSegment(orientation: OrientationValue): Uint8Array {
  return Uint8Array.of(
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0],
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  )
}
