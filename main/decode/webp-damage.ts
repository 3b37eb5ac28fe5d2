// Damage in a WebP: one that was cut short, or with zeros in place of its pixels. It has no
// checksums, so nothing else shows. How many rows are there is taken from how many bytes of the
// pixels are. Pure; bytes are untrusted.
import { viewOf } from './bytes.ts'
import { nameAt } from './boxes.ts'
import { checkIsEnough, type Decodable } from './damage.ts'
import { corrupt } from './decoder.ts'

/** What came out of a WebP, and the file mended. Throws a Fault `corrupt-photo`. */
export function judgeWebp(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const view = viewOf(bytes)
  const told = 8 + view.getUint32(4, true)
  const isWhole = told <= bytes.length + 1 // some leave out the last padding
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, length] = [nameAt(view, at), view.getUint32(at + 4, true)]
    const end = at + 8 + length
    const isAnimated = name === 'ANIM' || name === 'ANMF'
    if (isAnimated) break
    if (name === 'VP8 ' || name === 'VP8L') {
      const first = name === 'VP8 ' ? firstPartEnd(view, at + 8) : at + 8
      const zeros = name === 'VP8 ' ? zerosIn(bytes, first, end, areasOf(view, at + 8)) : undefined
      const came = Math.min(bytes.length, zeros ?? end)
      if (came >= end) return isWhole ? { bytes, damage: null } : notesLost(bytes, end)
      const sound = Math.max(0, (came - first) / (end - first))
      checkIsEnough(sound, true, subject)
      return {
        bytes: filled(bytes.subarray(0, came), end),
        damage: { kind: 'end-missing', rows: sound }
      }
    }
    at = end + (length & 1)
  }
  if (isWhole) return { bytes, damage: null } // an animation, or nothing that decoders know
  throw corrupt(subject, 'a file that ends before its picture does')
}

function notesLost(bytes: Uint8Array, end: number): Decodable {
  return { bytes: filled(bytes, end), damage: null }
}

/** Areas of 16 x 16 pixels of a picture with loss. */
function areasOf(view: DataView, at: number): number {
  const [width, height] = [view.getUint16(at + 6, true), view.getUint16(at + 8, true)]
  return Math.ceil((width & 0x3fff) / 16) * Math.ceil((height & 0x3fff) / 16)
}

/** Zeros in a row that are looked at, and areas of a flat picture that a byte of zero tells. */
const LONG_RUN = 64
const AREAS_A_ZERO = 8

/**
 * Where more zeros begin than a picture of so many areas can have. Of flat areas zeros come, too:
 * one for 38 areas, as encoders write them.
 */
function zerosIn(
  bytes: Uint8Array,
  begin: number,
  end: number,
  areas: number
): number | undefined {
  for (let at = begin + LONG_RUN - 1; at < Math.min(end, bytes.length); at += LONG_RUN) {
    if (bytes[at] !== 0) continue
    let [from, to] = [at, at]
    while (from > begin && bytes[from - 1] === 0) from--
    while (to < end && bytes[to] === 0) to++
    if (to - from >= LONG_RUN && (to - from) * AREAS_A_ZERO > areas) return from
    at = Math.max(at, to)
  }
  return undefined
}

/** Where the numbers of the pixels begin, after how areas are to be predicted (RFC 6386, 9.1). */
function firstPartEnd(view: DataView, at: number): number {
  const tag = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16)
  return at + 10 + (tag >> 5)
}

/** The file up to the end of its picture; what is not there is zero. */
function filled(bytes: Uint8Array, end: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(end + (end & 1))
  whole.set(bytes.subarray(0, end))
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true)
  return whole
}
