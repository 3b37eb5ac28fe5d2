// Damage in a GIF: its first picture is unpacked, which ends where codes are missing or make no
// sense. Rows before that are kept, as browsers show them, in a file that has nothing else. Pure;
// bytes are untrusted.
import { joined, viewOf } from './bytes.ts'
import { checkIsEnough, type Decodable } from './damage.ts'
import { firstFrame, tableEnd, type Frame } from './gif-frames.ts'
import { literalCodes, unpackedCodes } from './gif-codes.ts'

/** A picture of more pixels is not unpacked: decoders say what they make of it. */
const MOST_PIXELS = 2 ** 28
const TRAILER = 0x3b
const INTERLACED = 0x40

/** What came out of a GIF, and the file mended. Throws a Fault `corrupt-photo`. */
export function judgeGif(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const view = viewOf(bytes)
  const frame = firstFrame(view)
  if (!frame || frame.width * frame.height > MOST_PIXELS) return { bytes, damage: null }
  const flags = view.getUint8(frame.at + 9)
  const begin = tableEnd(frame.at + 10, flags)
  const bits = view.getUint8(begin)
  const { data, end } = blocksFrom(bytes, begin + 1)
  const pixels = new Uint8Array(frame.width * frame.height)
  const { came, hasEnd } = unpackedCodes(data, bits, pixels)
  const packed = (): Uint8Array[] =>
    [bytes.subarray(0, begin + 1), blocksOf(literalCodes(pixels, bits))]
  if (came === pixels.length) {
    const sound = untilLastSound(bytes, end)
    if (hasEnd || bits < 2) return { bytes: sound, damage: null }
    return { bytes: joined([...packed(), sound.subarray(end)]), damage: null }
  }
  const rows = rowsWithin(came, frame, (flags & INTERLACED) !== 0)
  checkIsEnough(rows, true, subject)
  const mended = joined([...packed(), Uint8Array.of(TRAILER)])
  return { bytes: mended, damage: { kind: 'end-missing', rows } }
}

/** The bytes of blocks from here on, as far as they are there, and where the last of them ends. */
function blocksFrom(bytes: Uint8Array, begin: number): { data: Uint8Array; end: number } {
  const parts: Uint8Array[] = []
  let at = begin
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) {
    parts.push(bytes.subarray(at + 1, at + 1 + length))
    at += 1 + length
  }
  return { data: joined(parts), end: Math.min(bytes.length, at + 1) }
}

function blocksOf(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255)
    parts.push(Uint8Array.of(part.length), part)
  }
  return joined([...parts, Uint8Array.of(0)])
}

/** The file, or where it is broken behind its first picture, that picture alone. */
function untilLastSound(
  bytes: Uint8Array<ArrayBuffer>,
  firstEnd: number
): Uint8Array<ArrayBuffer> {
  for (let at = firstEnd; at < bytes.length;) {
    const block = bytes[at]
    if (block === TRAILER) return bytes
    if (block === 0x21) at = blocksFrom(bytes, at + 2).end
    else if (block === 0x2c)
      at = blocksFrom(bytes, tableEnd(at + 10, bytes[at + 9] ?? 0) + 1).end
    else break
  }
  return joined([bytes.subarray(0, firstEnd), Uint8Array.of(TRAILER)])
}

/** The share of rows from the top that so many pixels hold; of an interlaced picture, in full. */
function rowsWithin(pixels: number, { width, height }: Frame, isInterlaced: boolean): number {
  const rows = Math.floor(pixels / width)
  if (!isInterlaced) return rows / height
  // Its last pass has every second row, all before it the others.
  const before = Math.ceil(height / 2)
  return rows < before ? 0 : Math.min(height, 2 * (rows - before) + 1) / height
}
