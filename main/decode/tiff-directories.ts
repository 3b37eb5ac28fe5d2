// The directories of a TIFF file: which pictures are in it, before any pixel is decoded. Pure; used
// by both decoders. Bytes are untrusted: the chain of directories ends at one that was met before,
// and a read beyond the end throws a RangeError.
import { viewOf } from './bytes.ts'
import type { Size } from './decoder.ts'
import { Malformed } from './malformed.ts'
import type { OrientationValue } from './orientation.ts'

/** A picture as its directory describes it (TIFF 6.0, part 1). */
export interface TiffPicture extends Size {
  /** Its place in the file's chain of directories, from 0. */
  page: number
  orientation: OrientationValue
}

/** What lies beyond these is not looked at: no file that a person has comes near. */
const MOST_DIRECTORIES = 1000
const MOST_ENTRIES = 4096
const MOST_VALUES = 64
/** Places of the pieces of a picture; none has as many rows. */
const MOST_PIECES = 2 ** 17

/** A shorter stretch of sensor data is not worth being told apart, bytes. */
const LEAST_STRETCH = 2 ** 20
/** Between the pieces of sensor data there may be so little else. */
const LEAST_SHARE = 0.98

const TAG = {
  kind: 254,
  oldKind: 255,
  width: 256,
  height: 257,
  interpretation: 262,
  strips: 273,
  orientation: 274,
  stripBytes: 279,
  tiles: 324,
  tileBytes: 325,
  inner: 330
}
const PIECES = [TAG.strips, TAG.stripBytes, TAG.tiles, TAG.tileBytes]
/** Bits of the kind: a smaller version of another picture, and a mask of one. */
const NO_PICTURE = 1 | 4
const OLD_SMALLER = 2
/** What photosites measured, behind a mosaic of colours or without one: TIFF/EP, DNG. */
const SENSOR_DATA = [32803, 34892]

/** Bytes of a value, by its type; types that no tag read here is of have none. */
const BYTES: Record<number, 1 | 2 | 4 | 8> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }

/** The values of the tags of one directory. */
type Directory = ReadonlyMap<number, readonly number[]>

/** The first full picture of a file, or the largest where all are smaller versions. */
export function firstPicture(view: DataView): TiffPicture {
  let largest: TiffPicture | undefined
  let page = 0
  for (const directory of chainOf(view)) {
    const picture = pictureOf(directory, page++)
    if (!picture) continue
    if (isFull(directory)) return picture
    if (picture.width * picture.height > (largest?.width ?? 0) * (largest?.height ?? 0))
      largest = picture
  }
  if (!largest) throw new Malformed('no picture in it')
  return largest
}

/** True for a file that holds what a sensor measured: a camera's RAW, whatever its name. */
export function holdsSensorData(view: DataView): boolean {
  return sensorData(view) !== undefined
}

export interface SensorData extends Size {
  /** Where its first piece begins and the last one ends, and the bytes of all pieces. */
  begin: number
  end: number
  bytes: number
}

/**
 * The largest picture of a file as its sensor measured it; undefined where none is described, or
 * not as TIFF does.
 */
export function sensorData(view: DataView): SensorData | undefined {
  try {
    let largest: SensorData | undefined
    for (const directory of chainOf(view)) {
      const inner = (directory.get(TAG.inner) ?? []).map((at) => directoryAt(view, at).directory)
      for (const each of [directory, ...inner]) {
        if (!SENSOR_DATA.includes(first(each, TAG.interpretation) ?? 0)) continue
        const [width, height] = [first(each, TAG.width) ?? 0, first(each, TAG.height) ?? 0]
        const isLarger = !largest || width * height > largest.width * largest.height
        if (isLarger) largest = { width, height, ...piecesOf(each) }
      }
    }
    return largest
  } catch (error) {
    if (error instanceof RangeError || error instanceof Malformed) return undefined
    throw error
  }
}

/** A stretch of a file. */
export interface Stretch {
  begin: number
  end: number
}

/** True for bytes that begin as a TIFF does. */
export function isTiff(bytes: Uint8Array): boolean {
  const mark = bytes.length < 8 ? 0 : viewOf(bytes).getUint32(0)
  return mark === 0x49492a00 || mark === 0x4d4d002a
}

/**
 * The part of a RAW that is sensor data and little else, by the directories in its first bytes;
 * undefined where they do not tell, or where it is short.
 */
export function sensorStretch(head: Uint8Array, fileSize: number): Stretch | undefined {
  if (!isTiff(head)) return undefined
  const data = sensorData(viewOf(head))
  if (!data || data.end > fileSize || data.bytes < LEAST_STRETCH) return undefined
  const { begin, end, bytes } = data
  return bytes >= (end - begin) * LEAST_SHARE && bytes <= end - begin ? { begin, end } : undefined
}

/** No bytes where it is not told where they are. */
function piecesOf(directory: Directory): Pick<SensorData, 'begin' | 'end' | 'bytes'> {
  const places = directory.get(TAG.strips) ?? directory.get(TAG.tiles) ?? []
  const sizes = directory.get(TAG.stripBytes) ?? directory.get(TAG.tileBytes) ?? []
  if (places.length !== sizes.length) return { begin: 0, end: 0, bytes: 0 }
  const begin = places.reduce((first, at) => Math.min(first, at), Infinity)
  const end = places.reduce((last, at, i) => Math.max(last, at + sizes[i]!), 0)
  return { begin, end, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

function pictureOf(directory: Directory, page: number): TiffPicture | undefined {
  const width = first(directory, TAG.width)
  const height = first(directory, TAG.height)
  if (!width || !height) return undefined
  const orientation = first(directory, TAG.orientation) ?? 1
  const isKnown = orientation >= 1 && orientation <= 8
  return { page, width, height, orientation: isKnown ? (orientation as OrientationValue) : 1 }
}

function isFull(directory: Directory): boolean {
  const kind = first(directory, TAG.kind) ?? 0
  return (kind & NO_PICTURE) === 0 && first(directory, TAG.oldKind) !== OLD_SMALLER
}

function first(directory: Directory, tag: number): number | undefined {
  return directory.get(tag)?.[0]
}

function* chainOf(view: DataView): Generator<Directory> {
  const { isLittle, isBig } = byteOrder(view)
  const met = new Set<number>()
  let at = isBig ? uint64(view, 8, isLittle) : view.getUint32(4, isLittle)
  while (at !== 0 && !met.has(at) && met.size < MOST_DIRECTORIES) {
    met.add(at)
    const { directory, next } = directoryAt(view, at)
    yield directory
    at = next
  }
}

/** The directory that begins at `at`, and where the next of its chain does; 0 for the last. */
function directoryAt(view: DataView, at: number): { directory: Directory; next: number } {
  const { isLittle, isBig } = byteOrder(view)
  const count = isBig ? uint64(view, at, isLittle) : view.getUint16(at, isLittle)
  const begin = at + (isBig ? 8 : 2)
  const length = isBig ? 20 : 12
  const end = begin + count * length
  if (count > MOST_ENTRIES) throw new Malformed('a directory of too many entries')
  if (end > view.byteLength) throw new RangeError('beyond the end')
  const wanted = Object.values(TAG)
  const directory = new Map<number, readonly number[]>()
  for (let entry = begin; entry < end; entry += length) {
    const tag = view.getUint16(entry, isLittle)
    if (wanted.includes(tag)) directory.set(tag, valuesOf(view, entry))
  }
  if (end + (isBig ? 8 : 4) > view.byteLength) return { directory, next: 0 }
  return { directory, next: isBig ? uint64(view, end, isLittle) : view.getUint32(end, isLittle) }
}

/** The numbers of an entry: they lie in it where they are few enough, else where it points to. */
function valuesOf(view: DataView, entry: number): number[] {
  const { isLittle, isBig } = byteOrder(view)
  const bytes = BYTES[view.getUint16(entry + 2, isLittle)]
  if (!bytes) return []
  const count = isBig ? uint64(view, entry + 4, isLittle) : view.getUint32(entry + 4, isLittle)
  const field = entry + (isBig ? 12 : 8)
  const isThere = count * bytes <= (isBig ? 8 : 4)
  const pointer = (): number =>
    isBig ? uint64(view, field, isLittle) : view.getUint32(field, isLittle)
  const begin = isThere ? field : pointer()
  const most = PIECES.includes(view.getUint16(entry, isLittle)) ? MOST_PIECES : MOST_VALUES
  return Array.from({ length: Math.min(count, most) }, (_, i) => {
    const at = begin + i * bytes
    if (bytes === 1) return view.getUint8(at)
    if (bytes === 2) return view.getUint16(at, isLittle)
    return bytes === 4 ? view.getUint32(at, isLittle) : uint64(view, at, isLittle)
  })
}

function byteOrder(view: DataView): { isLittle: boolean; isBig: boolean } {
  const isLittle = view.getUint16(0) === 0x4949
  return { isLittle, isBig: view.getUint16(2, isLittle) === 43 }
}

/** Beyond 2^53 it is not exact, which is beyond the end of any file. */
function uint64(view: DataView, at: number, isLittle: boolean): number {
  return Number(view.getBigUint64(at, isLittle))
}
