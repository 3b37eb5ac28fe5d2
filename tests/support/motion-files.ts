// Photos that hold more than their picture, in the structures of makers, around JPEGs and HEICs
// that are made here: films of motion photos, MPO. The films are headers without pictures. Test
// code only.
import { box } from './boxes.ts'

/** A film as far as its header: `moov` with its length, and some noise for its pictures. */
export function film(seconds: number, version: 0 | 1 = 0): Buffer {
  const header = Buffer.alloc(version === 1 ? 112 : 100)
  header[0] = version
  header.writeUInt32BE(600, version === 1 ? 20 : 12) // units of time in a second
  if (version === 1) header.writeBigUInt64BE(BigInt(600 * seconds), 24)
  else header.writeUInt32BE(600 * seconds, 16)
  return Buffer.concat([
    box('ftyp', Buffer.from('mp42\0\0\0\0mp42isom', 'latin1')),
    box('mdat', Buffer.alloc(2000, 0x5a)),
    box('moov', box('mvhd', header))
  ])
}

/** A segment of a JPEG. */
function segment(marker: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

function withSegment(jpeg: Uint8Array, added: Uint8Array): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), added, jpeg.subarray(2)])
}

/** A JPEG with XMP that says what is given, as attributes or elements. */
export function withXmp(jpeg: Uint8Array, xmp: string): Buffer {
  const text = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${xmp}</x:xmpmeta>`
  return withSegment(jpeg, segment(0xe1, Buffer.from(text, 'latin1')))
}

/** A motion photo of Google: XMP in front, the film behind the picture. */
export function googleMotion(jpeg: Uint8Array, seconds: number): Buffer {
  const marked = withXmp(jpeg, '<rdf:Description GCamera:MotionPhoto="1"/>')
  return Buffer.concat([marked, film(seconds)])
}

/** A motion photo of Samsung: a film behind the picture, and a table of it at the file's end. */
export function samsungMotion(jpeg: Uint8Array, seconds: number): Buffer {
  const table = Buffer.from('SEFH\x6b\0\0\0\x01\0\0\0\0\0\x30\x0a\0\0\0\0\0\0\0\0\x18\0\0\0SEFT', 'latin1')
  const name = Buffer.from('\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data', 'latin1')
  return Buffer.concat([jpeg, name, film(seconds), table])
}

/** JPEGs as one file with an index of them; `kinds`: of all but the first, as CIPA DC-007 has it. */
export function mpo(jpegs: readonly Uint8Array[], kinds: readonly number[]): Buffer {
  const all = [0x030000, ...kinds]
  const index = Buffer.alloc(4 + 8 + 2 + 12 + 4 + 16 * all.length)
  index.write('MPF\0II*\0', 'latin1')
  index.writeUInt32LE(8, 8) // where the directory begins, from 'II*\0' on
  index.writeUInt16LE(1, 12)
  index.writeUInt16LE(0xb002, 14)
  index.writeUInt16LE(7, 16)
  index.writeUInt32LE(16 * all.length, 18)
  index.writeUInt32LE(26, 22)
  all.forEach((kind, i) => index.writeUInt32LE(kind, 30 + 16 * i))
  const [first = Buffer.alloc(0), ...rest] = jpegs
  return Buffer.concat([withSegment(first, segment(0xe2, index)), ...rest])
}
