// What a file holds beside its picture, told from its bytes: films of motion photos, further
// pictures of an MPO, depth maps. Runs in the photo threads. Bytes are untrusted; none of what is
// found is decoded.
//
// [Note: motion photos] Google's JPEGs say so in their XMP and have the film behind the picture
// (Motion Photo 1.0, MicroVideo before it); Samsung's have it there, too, and before Android 11 say
// so only at the file's end. HEIC and AVIF have it in a box of its own, `mpvd`, in Samsung's older
// `sefd`, or simply appended. XMP is not believed alone: programs cut films off and leave it.
import { boxesAt } from '../decode/boxes.ts'
import { viewOf } from '../decode/bytes.ts'
import { segmentsOf, START_OF_SCAN } from '../decode/jpeg-segments.ts'
import { Malformed } from '../decode/malformed.ts'
import type { Held } from '../wire/held.ts'

const XMP = 'http://ns.adobe.com/xap/1.0/\0'
const MOTION = /:(?:MotionPhoto|MicroVideo)(?:="|>)\s*1/
const DEPTH = /GDepth:|Semantic(?:="|>)\s*Depth|:DepthMap/i
/** The end of Samsung's table of what follows the picture. */
const SAMSUNG = 'SEFT'
/** Kinds of further pictures (CIPA DC-007): panorama, two eyes, several angles; not previews. */
const FURTHER = [0x020001, 0x020002, 0x020003]

/** Null for a file that holds nothing but its picture, or is broken. */
export function heldInside(bytes: Uint8Array): Held | null {
  try {
    const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
    const held = isJpeg ? heldInJpeg(bytes) : heldInBoxes(bytes)
    return held.film !== null || held.pictures > 0 || held.hasDepth ? held : null
  } catch (error) {
    if (error instanceof RangeError || error instanceof Malformed) return null
    throw error
  }
}

/**
 * True for a JPEG behind whose picture there may be a film: all of it is to be looked at.
 * @param head its first bytes, with all of its metadata
 * @param tail its last four bytes
 */
export function mayHoldFilm(head: Uint8Array, tail: Uint8Array): boolean {
  try {
    return textAt(tail, 0, 4) === SAMSUNG || MOTION.test(partsOf(head).xmp)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function heldInJpeg(bytes: Uint8Array): Held {
  const { xmp, pictures, pixels } = partsOf(bytes)
  const mayHave = MOTION.test(xmp) || textAt(bytes, bytes.length - 4, bytes.length) === SAMSUNG
  const film = mayHave ? filmAfter(bytes, pixels) : null
  return { film, pictures, hasDepth: DEPTH.test(xmp) }
}

/** A JPEG's metadata, and where its pixels begin. */
function partsOf(jpeg: Uint8Array): { xmp: string; pictures: number; pixels: number } {
  const parts = { xmp: '', pictures: 0, pixels: 0 }
  const view = viewOf(jpeg)
  for (const { marker, body, end } of segmentsOf(view)) {
    if (marker === 0xe1 && textAt(jpeg, body, body + XMP.length) === XMP)
      parts.xmp += textAt(jpeg, body, end)
    if (marker === 0xe2 && textAt(jpeg, body, body + 4) === 'MPF\0')
      parts.pictures = furtherPictures(view, body + 4)
    if (marker === START_OF_SCAN) parts.pixels = end
  }
  return parts
}

/** How many pictures of an MPO's index are of the kinds above; `base`: where its TIFF begins. */
function furtherPictures(view: DataView, base: number): number {
  const isLittle = view.getUint8(base) === 0x49
  const short = (at: number): number => view.getUint16(base + at, isLittle)
  const long = (at: number): number => view.getUint32(base + at, isLittle)
  const directory = long(4)
  for (let i = 0; i < short(directory); i++) {
    const entry = directory + 2 + 12 * i
    if (short(entry) !== 0xb002) continue
    const [images, first] = [Math.min(long(entry + 4) / 16, 256), long(entry + 8)]
    const kinds = Array.from({ length: images }, (_, one) => long(first + 16 * one) & 0xffffff)
    return kinds.slice(1).filter((kind) => FURTHER.includes(kind)).length
  }
  return 0
}

function heldInBoxes(bytes: Uint8Array): Held {
  const view = viewOf(bytes)
  if (textAt(bytes, 4, 8) !== 'ftyp') return { film: null, pictures: 0, hasDepth: false }
  return { film: filmInBoxes(bytes, view), pictures: 0, hasDepth: false }
}

function filmInBoxes(bytes: Uint8Array, view: DataView): number | null {
  for (const { body, end } of boxesAt(view, ['mpvd'])) return secondsOf(view, body, end)
  for (const { body, end } of boxesAt(view, ['sefd'])) return filmAfter(bytes, body, end)
  const [, appended] = [...boxesAt(view, ['ftyp'])]
  return appended ? secondsOf(view, appended.body - 8, view.byteLength) : null
}

/** The length in seconds of the first film that begins behind `from`; null for none. */
function filmAfter(bytes: Uint8Array, from: number, end = bytes.length): number | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, end)
  const view = viewOf(bytes)
  for (let at = from; (at = buffer.indexOf('ftyp', at, 'latin1')) !== -1; at += 4) {
    const seconds = secondsOf(view, at - 4, end)
    if (seconds !== null) return seconds
  }
  return null
}

/** The length of the film whose boxes begin here, from its header; null where there is none. */
function secondsOf(view: DataView, begin: number, end: number): number | null {
  try {
    for (const { body } of boxesAt(view, ['moov', 'mvhd'], begin, end)) {
      const isLong = view.getUint8(body) === 1
      const scale = view.getUint32(body + (isLong ? 20 : 12))
      const length = isLong ? Number(view.getBigUint64(body + 24)) : view.getUint32(body + 16)
      return scale > 0 ? Math.round((10 * length) / scale) / 10 : null
    }
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof Malformed)) throw error
  }
  return null
}

function textAt(bytes: Uint8Array, begin: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', begin, end)
}
