// RAW files in the structures of makers, around previews that are made here: no camera's file has
// to be at hand. Their sensor data is noise. Test code only.
import { box } from './boxes.ts'

/** A TIFF header, a directory of one entry, the orientation, and what follows. */
function tiff(mark: string, orientation: number): Buffer {
  const isLittle = mark.startsWith('II')
  const head = Buffer.alloc(32)
  head.write(mark, 'latin1')
  const short = (value: number, at: number): unknown =>
    isLittle ? head.writeUInt16LE(value, at) : head.writeUInt16BE(value, at)
  const long = (value: number, at: number): unknown =>
    isLittle ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at)
  long(8, 4)
  short(1, 8)
  short(0x0112, 10)
  short(3, 12)
  long(1, 14)
  short(orientation, 18)
  return head
}

function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255))
}

/** By the ending of its name: a RAW file that holds previews and lies on its side as it says. */
export const RAW_FILES: Record<string, (orientation: number, ...previews: Buffer[]) => Buffer> = {
  dng: (turn, ...jpegs) => Buffer.concat([tiff('II*\0', turn), noise(5000), ...jpegs]),
  nef: (turn, ...jpegs) => Buffer.concat([tiff('MM\0*', turn), ...jpegs, noise(5000)]),
  rw2: (turn, ...jpegs) => Buffer.concat([tiff('IIU\0', turn), ...jpegs, noise(5000)]),
  orf: (turn, ...jpegs) => Buffer.concat([tiff('IIRO', turn), ...jpegs, noise(5000)]),
  cr3: (turn, ...jpegs) =>
    Buffer.concat([
      box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')),
      box('moov', box('uuid', Buffer.alloc(16, 7), box('CMT1', tiff('II*\0', turn)))),
      box('mdat', ...jpegs, noise(5000))
    ])
}
