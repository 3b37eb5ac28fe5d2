// Coded pixels for a part of a JPEG that is lost: even grey. Pure.
//
// [Note: warnings] Decoders fill in what is lost, too, but warn at each place, and libvips gives a
// file up after some 80 warnings, whatever it is told: a file with restart markers may have
// thousands of places.
import type { HuffmanCodes } from './jpeg-huffman.ts'
import type { Scan } from './jpeg-layout.ts'

interface Code {
  bits: number
  length: number
}

/** So many units of a scan; nothing of one of a progressive file, or one that lacks codes. */
export function flatUnits({ parts, from, to }: Scan, units: number): Uint8Array {
  const unit: Code[] = []
  if (from > 0 || to < 63) return new Uint8Array(0)
  for (const { component, dc, ac } of parts) {
    const codes = [dc && codeOfZero(dc), ac && codeOfZero(ac)] // no change of the mean; the end
    const blocks = parts.length === 1 ? 1 : component.across * component.down
    for (let i = 0; i < blocks; i++)
      for (const code of codes) {
        if (!code) return new Uint8Array(0)
        unit.push(code)
      }
  }
  const bytes: number[] = []
  let [buffer, count] = [0, 0]
  const put = ({ bits, length }: Code): void => {
    buffer = (buffer << length) | bits
    count += length
    while (count >= 8) {
      count -= 8
      const byte = (buffer >>> count) & 0xff
      bytes.push(byte)
      if (byte === 0xff) bytes.push(0)
    }
    buffer &= (1 << count) - 1
  }
  for (let i = 0; i < units; i++) for (const code of unit) put(code)
  if (count > 0) put({ bits: (1 << (8 - count)) - 1, length: 8 - count })
  return Uint8Array.from(bytes)
}

/** The code of symbol 0. */
function codeOfZero({ counts, symbols }: HuffmanCodes): Code | undefined {
  let [bits, at] = [0, 0]
  for (const [i, count] of counts.entries()) {
    for (let code = 0; code < count; code++, bits++)
      if (symbols[at++] === 0) return { bits, length: i + 1 }
    bits <<= 1
  }
  return undefined
}
