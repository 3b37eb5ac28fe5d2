// Damage in a WebP: one that was cut short. It has no checksums, so nothing else shows. How many
// rows are there is taken from how many bytes of the pixels are. Pure; bytes are untrusted.
import { viewOf } from './bytes.ts'
import { nameAt } from './boxes.ts'
import { checkIsEnough, type Judged } from './damage.ts'
import { corrupt } from './decoder.ts'

/** What came out of a WebP, and the file mended. Throws a Fault `corrupt-photo`. */
export function judgeWebp(bytes: Uint8Array<ArrayBuffer>, subject: string): Judged {
  const view = viewOf(bytes)
  const told = 8 + view.getUint32(4, true)
  if (told <= bytes.length + 1) return { bytes, damage: null } // some leave out the last padding
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, length] = [nameAt(view, at), view.getUint32(at + 4, true)]
    const end = at + 8 + length
    const isAnimated = name === 'ANIM' || name === 'ANMF'
    if (isAnimated) break
    if (name === 'VP8 ' || name === 'VP8L') {
      if (end <= bytes.length) return { bytes: filled(bytes, end), damage: null } // notes are lost
      const first = name === 'VP8 ' ? firstPartEnd(view, at + 8) : at + 8
      const sound = Math.max(0, (bytes.length - first) / (end - first))
      checkIsEnough(sound, true, subject)
      return { bytes: filled(bytes, end), damage: { kind: 'end-missing', rows: sound } }
    }
    at = end + (length & 1)
  }
  throw corrupt(subject, 'a file that ends before its picture does')
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
