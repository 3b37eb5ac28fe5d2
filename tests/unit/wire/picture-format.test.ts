// Formats by their first bytes, and which names are worth a look.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { HEAD_BYTES, contentTypeOf, formatOf } from '../../../main/wire/picture-format.ts'
import { nameKind } from '../../../main/wire/picture-names.ts'
import { picture, sharedFormats } from '../../support/pictures.ts'

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

test('the five formats that browsers show are known by their bytes, and served as such', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const) {
    const file = await picture(20, 10).toFormat(format).toBuffer()
    assert.equal(formatOf(file.subarray(0, HEAD_BYTES)), format)
    assert.equal(contentTypeOf(file), `image/${format}`)
  }
  for (const other of ['<svg onload="x">', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', ''])
    assert.equal(contentTypeOf(bytes(other)), undefined, 'no browser shows it')
})

test('other kinds of pictures have their names', () => {
  const packets = (first: number, length: number): string =>
    [0, 1, 2].reduce((text, i) => text.padEnd(first + i * length, '\0') + 'G', '')
  const files: [name: string, text: string][] = [
    ['heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['a film', '\0\0\0\x18ftypisom\0\0\0\0isommp42'],
    ['a film', '\0\0\0\x14ftypqt  \0\0\0\0qt  '],
    ['a film', '\0\0\0\x08wide\0\0\0\0mdat'],
    ['a film', '\x1aE\xdf\xa3'],
    ['a film', 'RIFF\0\0\0\0AVI LIST'],
    ['a film', packets(0, 188)],
    ['a film', packets(4, 192)],
    ['raw', 'II*\0\x10\0\0\0CR\x02\0'],
    ['raw', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom'],
    ['raw', 'FUJIFILMCCD-RAW 0201'],
    ['raw', 'FOVb\0\0'],
    ['raw', '\0MRM\0\0'],
    ['tiff', 'MM\0*\0\0\0\x08'],
    ['tiff', 'II+\0\x08\0'],
    ['jxl', '\xff\x0a\x00'],
    ['jxl', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['bmp', 'BM\x36\0\x01\0\0\0\0\0'],
    ['psd', '8BPS\0\x01'],
    ['OpenEXR', 'v/1\x01\x02'],
    ['a document (PDF)', '%PDF-1.7'],
    ['an icon', '\0\0\x01\0\x01\0'],
    ['pnm', 'P6\n# by hand\n640 480\n255\n'],
    ['pnm', 'P6\r# by hand\r640 480\r255\r'],
    ['pnm', 'P6# by hand\n640 480\n255\n'],
    ['pnm', 'P1 2 2 0 1 1 0'],
    ['pnm', 'P7\n# of four colours\nWIDTH 8\nHEIGHT 8\n'],
    ['PFM', 'PF\n640 480\n-1.0\n'],
    ['Radiance HDR', '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n'],
    ['GIMP (XCF)', 'gimp xcf v011\0'],
    ['Krita or OpenRaster', 'PK\x03\x04'.padEnd(30, '\0') + 'mimetypeimage/openraster'],
    ['a drawing (PostScript)', '%!PS-Adobe-3.0 EPSF-3.0'],
    ['a drawing (Windows metafile)', '\x01\0\0\0'.padEnd(40, '\0') + ' EMF'],
    ['DICOM', '\0'.repeat(128) + 'DICM'],
    ['a film', '\x06\x0e\x2b\x34\x02\x05'],
    ['a drawing (SVG)', '<svg xmlns="http://www.w3.org/2000/svg">'],
    [
      'a drawing (SVG)',
      '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE svg [<!ENTITY a "">]><svg>'
    ]
  ]
  for (const [name, text] of files) assert.equal(formatOf(bytes(text)), name, text)
})

test('an AVIF that also claims to be HEIC is an AVIF', () => {
  assert.equal(formatOf(bytes('\0\0\0\x1cftypmif1\0\0\0\0mif1heicavif')), 'avif')
  // A brand beyond the box is no brand.
  assert.equal(formatOf(bytes('\0\0\0\x10ftypmif1\0\0\0\0....avif')), 'heic')
})

test('anything else is no picture', () => {
  const texts = ['', 'x', '\xff\xd8', 'hello, I am a text file', 'RIFF\0\0\0\0WAVE', '\x7fELF']
  const papers = ['P6 is the last part', 'P1', 'PK\x03\x04 a ZIP', 'Pf', '#?HELLO']
  for (const text of [...texts, ...papers, '<html><svg>', '<?xml version="1.0"?><plist>', '#!/bin/sh'])
    assert.equal(formatOf(bytes(text)), undefined, text)
})

const skip = sharedFormats ? false : 'no ../shared/formats here'

test('real files of all formats have one', { skip }, () => {
  const folder = join(sharedFormats!, 'good')
  for (const name of readdirSync(folder))
    assert.ok(formatOf(readFileSync(join(folder, name))), name)
})

test('names say whether a file is worth a look', () => {
  const kinds: [string, ReturnType<typeof nameKind>][] = [
    ['a.jpg', 'picture'],
    ['A.JPEG', 'picture'],
    ['el torcal ünïcode 岩.WebP', 'picture'],
    ['a.b.png', 'picture'],
    ['x.HEIC', 'picture'],
    ['x.CR3', 'picture'],
    ['x.mpo', 'picture'],
    ['x.jif', 'picture'],
    ['x.jpg_large', 'picture'],
    ['x.psd', 'picture'],
    ['film.mov', 'picture'],
    ['scan.pdf', 'picture'],
    ['scan.ppm', 'picture'],
    ['drawing.xcf', 'picture'],
    ['favicon.ico', 'unknown'],
    ['IMG_0001', 'unknown'],
    ['jpg', 'unknown'],
    ['2019.07.04', 'unknown'],
    ['a.jpg~', 'unknown'],
    ['a.jpg-1', 'unknown'],
    ['a.jpg!d', 'unknown'],
    ['a.jpg100', 'unknown'],
    ['a.old', 'unknown'],
    ['clip.MTS', 'unknown'],
    ['notes.txt', null],
    ['main.ts', null],
    ['song.mp3', null],
    ['archive.zip', null],
    ['.jpg', null],
    ['._a.jpg', null],
    ['a.jpg.part', null]
  ]
  assert.deepEqual(kinds.map(([name]) => [name, nameKind(name)]), kinds)
})
