// The boxes that AVIF and HEIC are made of (ISO/IEC 14496-12, 4.2). Pure; bytes are untrusted:
// every step moves on, and a read beyond the end throws a RangeError.
import { joined } from './bytes.ts'
import { Malformed } from './malformed.ts'

export interface Box {
  name: string
  /** Where its content and the next box begin. */
  body: number
  end: number
}

/** Four bytes as the name of a chunk or box. */
export function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)))
}

/**
 * Every box that is reached by a path of names, outermost first.
 * Throws `Malformed` at a box whose length cannot be.
 */
export function* boxesAt(
  view: DataView,
  path: readonly string[],
  begin = 0,
  end = view.byteLength
): Generator<Box> {
  const [wanted, ...rest] = path
  for (const box of boxesIn(view, begin, end)) {
    if (box.name === wanted && rest.length === 0) yield box
    if (box.name === wanted && rest.length > 0) {
      // meta opens with a version and flags; the others hold boxes at once.
      const inner = box.name === 'meta' ? box.body + 4 : box.body
      yield* boxesAt(view, rest, inner, Math.min(end, box.end))
    }
  }
}

/** The boxes from `begin` to `end`. Throws `Malformed` at one whose length cannot be. */
export function* boxesIn(view: DataView, begin: number, end: number): Generator<Box> {
  for (let at = begin; at + 8 <= end;) {
    const short = view.getUint32(at)
    const isWide = short === 1 // a 64-bit length follows; photos stay far below 2^32 bytes
    const length = isWide ? view.getUint32(at + 12) : short === 0 ? end - at : short
    if (length < 8 || (isWide && view.getUint32(at + 8) !== 0)) throw new Malformed('a broken box')
    yield { name: nameAt(view, at + 4), body: at + (isWide ? 16 : 8), end: at + length }
    at += length
  }
}

/** A box with this content. */
export function boxOf(name: string, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(8)
  const length = content.reduce((sum, part) => sum + part.length, head.length)
  new DataView(head.buffer).setUint32(0, length)
  head.set([...name].map((letter) => letter.charCodeAt(0)), 4)
  return joined([head, ...content])
}
