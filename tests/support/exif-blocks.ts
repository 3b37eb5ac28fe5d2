// EXIF blocks with an orientation, of every shape that files have, and their places in files. Test
// code only.
import { pngChunk } from './icc.ts'

const ORIENTATION = 0x0112
const TYPES = { short: 3, long: 4 } as const

export interface BlockOptions {
  type?: keyof typeof TYPES
  littleEndian?: boolean
  /** With 'Exif' and two zeros before it, as in JPEG. */
  marked?: boolean
}

/** An EXIF block whose directory has these orientations, in this order. */
export function exifBlock(values: readonly number[], options: BlockOptions = {}): Buffer {
  const { type = 'short', littleEndian = false, marked = true } = options
  const block = Buffer.alloc(8 + 2 + 12 * values.length + 4)
  const short = (value: number, at: number): number =>
    littleEndian ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at)
  const long = (value: number, at: number): number =>
    littleEndian ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at)
  block.write(littleEndian ? 'II' : 'MM', 'latin1')
  short(42, 2)
  long(8, 4)
  short(values.length, 8)
  values.forEach((value, i) => {
    const entry = 10 + 12 * i
    short(ORIENTATION, entry)
    short(TYPES[type], entry + 2)
    long(1, entry + 4)
    if (type === 'short') short(value, entry + 8)
    else long(value, entry + 8)
  })
  return marked ? Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]) : block
}

/** A JPEG with blocks before its other segments, or just before its pixels. */
export function jpegWithExif(
  jpeg: Buffer,
  blocks: readonly Buffer[],
  place: 'first' | 'before the pixels' = 'first'
): Buffer {
  const segments = blocks.map((block) => {
    const head = Buffer.from([0xff, 0xe1, 0, 0])
    head.writeUInt16BE(block.length + 2, 2)
    return Buffer.concat([head, block])
  })
  let at = 2
  if (place !== 'first') while (jpeg[at + 1] !== 0xda) at += 2 + jpeg.readUInt16BE(at + 2)
  return Buffer.concat([jpeg.subarray(0, at), ...segments, jpeg.subarray(at)])
}

/** A PNG with a block before or behind its pixels. */
export function pngWithExif(png: Buffer, block: Buffer, place: 'before' | 'behind'): Buffer {
  if (place === 'before') return pngChunk(png, 'eXIf', block)
  return pngChunk(png, 'eXIf', block, png.length - 12) // before the last chunk, IEND
}

/** A WebP with a block behind its pixels. Its header stays as it is and says nothing of it. */
export function webpWithExif(webp: Buffer, block: Buffer): Buffer {
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1')
  head.writeUInt32LE(block.length, 4)
  const whole = Buffer.concat([webp, head, block, Buffer.alloc(block.length & 1)])
  whole.writeUInt32LE(whole.length - 8, 4)
  return whole
}
