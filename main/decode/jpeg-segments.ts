// The segments of a JPEG that come before its pixels, in the order of the file (ITU T.81, annex B).
// Pure; bytes are untrusted: every step moves on, and a read beyond the end throws a RangeError.

export interface Segment {
  /** The byte after 0xff that says what the segment holds. */
  marker: number
  /** Where its marker, its content and the next segment begin. */
  at: number
  body: number
  end: number
}

/** The start of the pixels; its segment is the last one given. */
export const START_OF_SCAN = 0xda

/** True for the segment that holds size and components (SOF). */
export function isFrameHeader({ marker }: Segment): boolean {
  const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc
  return marker >= 0xc0 && marker <= 0xcf && !isTable
}

/** Frame headers of JPEGs that every decoder reads: baseline, extended, progressive; of 8 bits. */
const COMMON_FRAMES = [0xc0, 0xc1, 0xc2]

/** True for the frame header of a JPEG that every decoder reads. */
export function isCommonFrame(view: DataView, { marker, body }: Segment): boolean {
  return COMMON_FRAMES.includes(marker) && view.getUint8(body) === 8
}

/** Every segment up to the first pixels, or up to one that has no length. */
export function* segmentsOf(view: DataView): Generator<Segment> {
  for (let at = 2; ;) {
    while (view.getUint8(at) !== 0xff) at++ // decoders skip stray bytes between segments too
    while (view.getUint8(at + 1) === 0xff) at++
    const marker = view.getUint8(at + 1)
    if (marker === 0xd9) return
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2 // no length follows
      continue
    }
    const length = view.getUint16(at + 2)
    if (length < 2) return
    const end = at + 2 + length
    yield { marker, at, body: at + 4, end }
    if (marker === START_OF_SCAN) return
    at = end
  }
}
