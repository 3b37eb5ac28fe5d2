// The small pictures that cameras put into a JPEG beside its own: in EXIF, and large ones behind it
// that MPF lists. Pure; bytes are untrusted: a read beyond the end throws a RangeError.
import { viewOf } from '../decode/bytes.ts'
import type { Size } from '../decode/decoder.ts'
import type { Segment } from '../decode/jpeg-segments.ts'
import type { OrientationValue } from '../decode/orientation.ts'
import { parseDateText } from './date-text.ts'
import { Tiff, type Directory } from './tiff-entries.ts'

const [APP1, APP2] = [0xe1, 0xe2]
const TAG = {
  orientation: 0x0112,
  changed: 0x0132,
  taken: 0x9003,
  exif: 0x8769,
  width: 0xa002,
  height: 0xa003,
  begin: 0x0201,
  length: 0x0202,
  pictures: 0xb002
}
/** What MPF calls large thumbnails: VGA, Full HD and larger. */
const LARGE_THUMBNAILS = [0x010001, 0x010002, 0x010003, 0x010004]

/** What EXIF says of a JPEG, as far as it helps to tell whether its small picture is true. */
export interface Exif {
  orientation: OrientationValue
  /** Of the file and of the photo, in ms since 1970 on the camera's clock. */
  changed: number | null
  taken: number | null
  /** Of the photo, as stored. */
  size: Partial<Size>
  /** JPEGs. */
  previews: Uint8Array[]
}

/** What the one EXIF segment says; undefined where there is none, or more than one. */
export function exifOf(view: DataView, segments: readonly Segment[]): Exif | undefined {
  const all = segments.filter(
    ({ marker, body }) => marker === APP1 && view.getUint32(body) === 0x45786966
  )
  const [segment] = all
  if (!segment || all.length > 1) return undefined
  const { body, end } = segment
  const tiff = new Tiff(new DataView(view.buffer, view.byteOffset + body, end - body), 6)
  const first = tiff.first()
  const ofPhoto = first.entries.get(TAG.exif)
  const photo = ofPhoto && tiff.at(ofPhoto.number())
  const orientation = first.entries.get(TAG.orientation)?.number() ?? 1
  if (orientation < 1 || orientation > 8) return undefined
  return {
    orientation: orientation as OrientationValue,
    changed: parseDateText(first.entries.get(TAG.changed)?.text()),
    taken: parseDateText(photo?.entries.get(TAG.taken)?.text()),
    size: {
      width: photo?.entries.get(TAG.width)?.number(),
      height: photo?.entries.get(TAG.height)?.number()
    },
    previews: first.next === 0 ? [] : exifPreview(tiff, tiff.at(first.next), orientation)
  }
}

function exifPreview(tiff: Tiff, { entries }: Directory, whole: number): Uint8Array[] {
  const begin = entries.get(TAG.begin)?.number()
  const length = entries.get(TAG.length)?.number()
  if (begin === undefined || length === undefined) return []
  if ((entries.get(TAG.orientation)?.number() ?? whole) !== whole) return [] // it lies otherwise
  const { view } = tiff
  if (tiff.begin + begin + length > view.byteLength) return []
  return [new Uint8Array(view.buffer, view.byteOffset + tiff.begin + begin, length)]
}

/** The large thumbnails of an MPF segment, which lie behind the picture (CIPA DC-007). */
export function mpfPreviews(bytes: Uint8Array, segments: readonly Segment[]): Uint8Array[] {
  const view = viewOf(bytes)
  const segment = segments.find(
    ({ marker, body }) => marker === APP2 && view.getUint32(body) === 0x4d504600
  )
  if (!segment) return []
  const begin = segment.body + 4
  const tiff = new Tiff(view, begin)
  const list = tiff.first().entries.get(TAG.pictures)
  if (!list) return []
  const found: Uint8Array[] = []
  for (let at = list.at; at + 16 <= list.at + list.count; at += 16) {
    if (!LARGE_THUMBNAILS.includes(view.getUint32(at, tiff.littleEndian) & 0xffffff)) continue
    const length = view.getUint32(at + 4, tiff.littleEndian)
    const start = begin + view.getUint32(at + 8, tiff.littleEndian)
    if (start + length <= bytes.length) found.push(bytes.subarray(start, start + length))
  }
  return found
}
