// Sizes of pictures from their headers alone, in the ways that each format writes them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { readJxl } from '../../../main/decode/jxl-header.ts'
import { bmpSize, hasBmpOpacity, pnmSize, psdSize } from '../../../main/decode/own-headers.ts'
import { bmpCases } from '../../support/bmp-files.ts'
import { JXL_FILES } from '../../support/jxl-files.ts'
import { psdCases } from '../../support/psd-files.ts'

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.length)
}

/** A codestream of these numbers, each of so many bits, the lowest first. */
function codestream(...numbers: (readonly [value: number, bits: number])[]): DataView {
  const bits = numbers.flatMap(([value, count]) =>
    Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** i) % 2)
  )
  const bytes = new Uint8Array(2 + Math.ceil(bits.length / 8) + 1)
  bytes.set([0xff, 0x0a])
  bits.forEach((bit, i) => (bytes[2 + (i >> 3)]! |= bit << (i & 7)))
  return viewOf(bytes)
}

test('JPEG XL: the size is that of the file, in boxes or without, and its orientation', () => {
  for (const [name, { base64, width, height }] of Object.entries(JXL_FILES)) {
    const header = readJxl(viewOf(Buffer.from(base64, 'base64')))
    const isTurned = width < height
    assert.deepEqual(header, { width: 96, height: 64, orientation: isTurned ? 6 : 1 }, name)
  }
})

test('JPEG XL: small sides, large ones and ratios', () => {
  const usual = [1, 1] as const
  const sizes: [DataView, width: number, height: number][] = [
    [codestream([1, 1], [4, 5], [0, 3], [9, 5], usual), 80, 40], // eighths
    [codestream([0, 1], [0, 2], [299, 9], [0, 3], [1, 2], [4999, 13], usual), 5000, 300],
    [codestream([0, 1], [2, 2], [99_999, 18], [1, 3], usual), 100_000, 100_000],
    [codestream([0, 1], [1, 2], [1079, 13], [5, 3], usual), 1920, 1080],
    [codestream([0, 1], [0, 2], [99, 9], [7, 3], usual), 200, 100]
  ]
  for (const [view, width, height] of sizes)
    assert.deepEqual(readJxl(view), { width, height, orientation: 1 })
})

test('BMP: sizes of either sign and of OS/2; and whether there is opacity', async () => {
  for (const [name, { file }] of Object.entries(await bmpCases())) {
    assert.deepEqual(bmpSize(viewOf(file)), { width: 300, height: 200 }, name)
    assert.equal(hasBmpOpacity(viewOf(file)), name === 'transparent', name)
  }
})

test('Photoshop: the size of both its formats', async () => {
  for (const [name, { file }] of Object.entries(await psdCases()))
    assert.deepEqual(psdSize(viewOf(file)), { width: 300, height: 200 }, name)
})

test('PNM: a comment ends with its line, however lines end', () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const lines = ['P6# by hand', '# 1 2', '640 # wide', '480', '255\n']
    assert.deepEqual(pnmSize(viewOf(Buffer.from(lines.join(end)))), { width: 640, height: 480 })
  }
})
