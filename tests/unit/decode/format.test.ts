// Formats by their first bytes.
import assert from 'node:assert/strict'
import test from 'node:test'
import { decodedFormatOf, formatOf } from '../../../main/decode/format.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

test('the five formats are known by their bytes', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const) {
    const file = await picture(20, 10).toFormat(format).toBuffer()
    assert.equal(decodedFormatOf(file, 'photo'), format)
  }
})

test('formats that are not decoded are refused by their name', () => {
  const files = {
    HEIC: '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    'a film': '\0\0\0\x18ftypisom\0\0\0\0isommp42',
    'RAW (Canon)': 'II*\0\x10\0\0\0CR\x02\0',
    'RAW (Fujifilm)': 'FUJIFILMCCD-RAW 0201',
    'TIFF or RAW': 'MM\0*\0\0\0\x08',
    'JPEG XL': '\xff\x0a\x00',
    BMP: 'BM\x36\0\x01\0\0\0\0\0'
  }
  for (const [name, text] of Object.entries(files)) {
    assert.equal(formatOf(bytes(text)), name)
    assert.throws(
      () => decodedFormatOf(bytes(text), 'IMG_1'),
      (error) => isFault(error, 'unsupported-format') && error.message.includes(`got ${name}`)
    )
  }
})

test('an AVIF that also claims to be HEIC is an AVIF', () => {
  assert.equal(formatOf(bytes('\0\0\0\x1cftypmif1\0\0\0\0mif1heicavif')), 'avif')
  // A brand beyond the box is no brand.
  assert.equal(formatOf(bytes('\0\0\0\x10ftypmif1\0\0\0\0....avif')), 'HEIC')
})

test('anything else is no photo', () => {
  for (const text of ['', 'x', '\xff\xd8', 'hello, I am a text file', 'RIFF\0\0\0\0WAVE']) {
    assert.equal(formatOf(bytes(text)), undefined)
    assert.throws(
      () => decodedFormatOf(bytes(text), 'a'),
      (error) => isFault(error, 'corrupt-photo')
    )
  }
})
