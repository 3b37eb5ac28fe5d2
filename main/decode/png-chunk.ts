// One chunk of a PNG with its checksum (ISO/IEC 15948, 5.3 and annex D). Pure.
import { viewOf } from './bytes.ts'

/** A chunk: its length, its name of four letters, what it holds, its checksum. */
export function pngChunk(name: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + content.length)
  const view = viewOf(chunk)
  view.setUint32(0, content.length)
  for (let i = 0; i < 4; i++) chunk[4 + i] = name.charCodeAt(i)
  chunk.set(content, 8)
  view.setUint32(8 + content.length, crc32(chunk.subarray(4, 8 + content.length)))
  return chunk
}

/** Four tables, so that four bytes are taken at a time. */
const CRC = Array.from({ length: 4 }, () => new Uint32Array(256))
for (let byte = 0; byte < 256; byte++) {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1
  CRC[0]![byte] = sum
}
for (let byte = 0; byte < 256; byte++)
  for (let table = 1; table < 4; table++) {
    const before = CRC[table - 1]![byte]!
    CRC[table]![byte] = CRC[0]![before & 0xff]! ^ (before >>> 8)
  }

/** The checksum of a PNG chunk (ISO/IEC 15948, annex D). */
export function crc32(bytes: Uint8Array): number {
  const [first, second, third, fourth] = CRC as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  let sum = 0xffffffff
  let at = 0
  for (; at + 4 <= bytes.length; at += 4) {
    sum ^=
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    sum =
      fourth[sum & 0xff]! ^
      third[(sum >>> 8) & 0xff]! ^
      second[(sum >>> 16) & 0xff]! ^
      first[sum >>> 24]!
  }
  for (; at < bytes.length; at++) sum = first[(sum ^ bytes[at]!) & 0xff]! ^ (sum >>> 8)
  return ~sum >>> 0
}
