// Photos of four inks (CMYK JPEGs): how their inks are got out of a decoder that hands out colours
// only, and the colours of inks without a profile. Pure; no profile is read here.
//
// [Note: inks] Chromium shows a colour times black and has no way to see either alone. But a
// component whose quantisation table is all zeros decodes to an even 128, whatever its pixels are,
// so the file is decoded twice: once with black made even, once with the three others. Both then
// come out at half their value.
import { corrupt } from './decoder.ts'
import { isFrameHeader, segmentsOf, START_OF_SCAN, type Segment } from './jpeg-segments.ts'

const BLACK = 3
const ALL = [0, 1, 2, BLACK]

/**
 * A JPEG of four components as two: in the first black is even, in the second all but black. Its
 * segments must have been read to the pixels before. Throws a Fault `corrupt-photo` for one that
 * has none.
 */
export function inksApart(
  jpeg: Uint8Array,
  subject: string
): [colours: Uint8Array<ArrayBuffer>, black: Uint8Array<ArrayBuffer>] {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  const segments = [...segmentsOf(view)]
  const frame = segments.find(isFrameHeader)
  const pixels = segments.find(({ marker }) => marker === START_OF_SCAN)
  if (!frame || !pixels || view.getUint8(frame.body + 5) !== ALL.length)
    throw corrupt(subject, 'inks without pixels')
  const withEven = (even: readonly number[]): Uint8Array<ArrayBuffer> =>
    twinOf(jpeg, view, frame, pixels, even)
  return [withEven([BLACK]), withEven([0, 1, 2])]
}

function twinOf(
  jpeg: Uint8Array,
  view: DataView,
  frame: Segment,
  pixels: Segment,
  even: readonly number[]
): Uint8Array<ArrayBuffer> {
  const inUse = ALL.filter((i) => !even.includes(i)).map((i) => view.getUint8(tableAt(frame, i)))
  const table = ALL.find((id) => !inUse.includes(id)) ?? BLACK
  // A DQT segment of 64 values of 8 bits, all 0; the last of a table before the pixels counts.
  const zeros = Uint8Array.from({ length: 69 }, (_, i) => [0xff, 0xdb, 0, 67, table][i] ?? 0)
  const twin = new Uint8Array(jpeg.length + zeros.length)
  twin.set(jpeg.subarray(0, pixels.at))
  for (const component of even) twin[tableAt(frame, component)] = table
  twin.set(zeros, pixels.at)
  twin.set(jpeg.subarray(pixels.at), pixels.at + zeros.length)
  return twin
}

/** Where a frame names the quantisation table of a component (T.81, B.2.2). */
function tableAt(frame: Segment, component: number): number {
  return frame.body + 6 + 3 * component + 2
}

/** Joins the pixels of both, four bytes each, into those of inks: 255 stands for no ink. */
export function joinInks(colours: Uint8ClampedArray, black: Uint8ClampedArray): void {
  for (let at = 0; at < colours.length; at += 4) {
    colours[at] = 2 * colours[at]!
    colours[at + 1] = 2 * colours[at + 1]!
    colours[at + 2] = 2 * colours[at + 2]!
    colours[at + 3] = 2 * black[at]!
  }
}

/** Inks without a profile into colours, as every browser has it: each times black. */
export function mixInks(pixels: Uint8Array | Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const black = pixels[at + 3]! / 255
    for (let ink = at; ink < at + 3; ink++) pixels[ink] = Math.round(pixels[ink]! * black)
  }
}

/** Puts full opacity where black stood. */
export function makeOpaque(pixels: Uint8Array | Uint8ClampedArray): void {
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255
}
