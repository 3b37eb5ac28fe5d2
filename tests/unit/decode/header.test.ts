// Sizes and orientations from headers alone.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Sharp } from 'sharp'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { hideOrientation, readHeader } from '../../../main/decode/header.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { exifBlock, jpegWithExif, pngWithExif, webpWithExif } from '../../support/exif-blocks.ts'
import { HEIC_FILES } from '../../support/heic-files.ts'
import { picture, turnedJpeg } from '../../support/pictures.ts'

function header(bytes: Uint8Array): ReturnType<typeof readHeader> {
  const format = decodedFormatOf(bytes, 'photo')
  assert.ok(format !== 'raw')
  return readHeader(bytes, format, 'photo')
}

test('the size is that of the file, in every format and its variants', async () => {
  const base = (): Sharp => picture(123, 77)
  const files = {
    jpeg: base().jpeg(),
    progressive: base().jpeg({ progressive: true }),
    'jpeg with EXIF, ICC and XMP': base().withMetadata({ orientation: 1 }).jpeg(),
    png: base().png(),
    'palette png': base().png({ palette: true }),
    'lossy webp': base().webp(),
    'lossless webp': base().webp({ lossless: true }),
    'extended webp': base().ensureAlpha(0.5).withMetadata({ orientation: 3 }).webp(),
    gif: base().gif(),
    avif: base().avif()
  }
  for (const [name, file] of Object.entries(files)) {
    const { width, height } = header(await file.toBuffer())
    assert.deepEqual([width, height], [123, 77], name)
  }
})

test('orientation is found in JPEG, PNG and WebP', async () => {
  for (let value = 1; value <= 8; value++)
    assert.equal(header(await turnedJpeg(value, 40, 30)).orientation?.value, value)
  const turned = (): Sharp => picture(40, 30).withMetadata({ orientation: 6 })
  assert.equal(header(await turned().png().toBuffer()).orientation?.value, 6)
  assert.equal(header(await turned().webp().toBuffer()).orientation?.value, 6)
  const none = header(await picture(40, 30).jpeg().toBuffer()).orientation
  assert.deepEqual(none, { value: 1, marks: new Map(), isUsual: true })
})

test('of several orientations the first that can be counts, wherever it stands', async () => {
  const jpeg = await picture(40, 30).jpeg().toBuffer()
  const png = await picture(40, 30).png().toBuffer()
  const webp = await picture(40, 30).webp().toBuffer()
  const found = (file: Buffer): [number | undefined, boolean | undefined] => {
    const { orientation } = header(file)
    return [orientation?.value, orientation?.isUsual]
  }
  const littleEndian = exifBlock([6], { littleEndian: true })
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([6])])), [6, true])
  assert.deepEqual(found(jpegWithExif(jpeg, [littleEndian])), [6, true])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([6])], 'before the pixels')), [6, false])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([6]), exifBlock([3])])), [6, false])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([]), exifBlock([3])])), [3, false])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([0, 6, 3])])), [6, false])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([9])])), [1, true])
  assert.deepEqual(found(jpegWithExif(jpeg, [exifBlock([6], { type: 'long' })])), [6, false])
  const unmarked = exifBlock([6], { marked: false })
  for (const block of [exifBlock([6]), unmarked])
    for (const place of ['before', 'behind'] as const)
      assert.deepEqual(found(pngWithExif(png, block, place)), [6, false])
  for (const block of [exifBlock([6]), unmarked])
    assert.deepEqual(found(webpWithExif(webp, block)), [6, false])
})

test('an orientation that is hidden is found no more', async () => {
  const turned = await picture(40, 30).withMetadata({ orientation: 6 }).avif().toBuffer()
  const jpeg = await picture(40, 30).jpeg().toBuffer()
  const files = [
    jpegWithExif(jpeg, [exifBlock([6]), exifBlock([3, 8])]),
    Buffer.from(HEIC_FILES.turned.base64, 'base64'),
    turned
  ]
  for (const file of files) {
    const before = header(file)
    hideOrientation(file, before)
    assert.notEqual(before.orientation?.value, 1)
    assert.equal(header(file).orientation?.value, 1)
  }
})

test('a size above the limit is refused before a pixel is decoded', async () => {
  const png = await picture(8, 8).png().toBuffer()
  png.writeUInt32BE(30_000, 16)
  png.writeUInt32BE(30_000, 20)
  assert.throws(
    () => header(png),
    (error) => isFault(error, 'too-large') && error.message.includes('900 megapixels')
  )
})

test('a picture of a GIF that is larger than its screen counts', async () => {
  const gif = await picture(8, 8).gif().toBuffer()
  const colours = 3 << ((gif[10]! & 7) + 1) // bytes of the colour table that follows the screen
  const pictureAt = gif.indexOf(0x2c, 13 + colours)
  assert.notEqual(pictureAt, -1)
  gif.writeUInt16LE(60_000, pictureAt + 5)
  assert.equal(header(gif).width, 60_000)
})

test('a header without a size, or cut short, is a fault that says so', async () => {
  const jpeg = await picture(64, 64).jpeg().toBuffer()
  for (const length of [3, 20, 100]) {
    assert.throws(
      () => header(jpeg.subarray(0, length)),
      (error) => isFault(error, 'corrupt-photo') && error.message.includes('ends within it')
    )
  }
  const empty = await picture(8, 8).png().toBuffer()
  empty.writeUInt32BE(0, 16)
  assert.throws(
    () => header(empty),
    (error) => isFault(error, 'corrupt-photo') && error.message.includes('0 pixels')
  )
})
