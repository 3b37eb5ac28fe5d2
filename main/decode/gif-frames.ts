// The first picture of a GIF (GIF89a, 20), which may fill a part of its screen only. Pure; bytes
// are untrusted: a read beyond the end throws a RangeError.
import type { Size } from './decoder.ts'
import type { Bitmap } from './reduce.ts'

/** A picture of a GIF: where it begins in the file, and its place on the screen. */
export interface Frame extends Size {
  at: number
  left: number
  top: number
}

/** The first picture of a GIF; undefined for one without any. */
export function firstFrame(view: DataView): Frame | undefined {
  for (let at = tableEnd(13, view.getUint8(10)); ; ) {
    const block = view.getUint8(at)
    if (block === 0x21) at = afterBlocks(view, at + 2)
    else if (block !== 0x2c) return undefined
    else {
      const [left, top, width, height] = [1, 3, 5, 7].map((i) => view.getUint16(at + i, true))
      return { at, left: left!, top: top!, width: width!, height: height! }
    }
  }
}

/** Behind a table of colours, if the flags say that there is one. */
export function tableEnd(at: number, flags: number): number {
  return at + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)
}

function afterBlocks(view: DataView, at: number): number {
  for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length
  return at + 1
}

/** Makes the screen as large as a frame, with the frame in its corner. */
export function cutToFrame(gif: Uint8Array, { at, width, height }: Frame): void {
  const view = new DataView(gif.buffer, gif.byteOffset, gif.byteLength)
  view.setUint16(6, width, true)
  view.setUint16(8, height, true)
  view.setUint32(at + 1, 0, true)
}

/** The rows of a screen on which there is nothing but a frame, from the top. */
export function* screenRows(
  screen: Size,
  { left, top }: Frame,
  frame: Bitmap
): Generator<Uint8ClampedArray> {
  for (let y = 0; y < screen.height; y++) {
    const row = new Uint8ClampedArray(screen.width * 4)
    const from = (y - top) * frame.width * 4
    if (y >= top && y < top + frame.height)
      row.set(frame.pixels.subarray(from, from + frame.width * 4), left * 4)
    yield row
  }
}
