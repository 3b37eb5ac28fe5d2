// Dates of photos in formats that hold their metadata in ways of their own.
import assert from 'node:assert/strict'
import test from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { wrappedMetadata } from '../../../main/compute/wrapped-metadata.ts'
import { JXL_FILES } from '../../support/jxl-files.ts'
import { picture } from '../../support/pictures.ts'
import { psdOf } from '../../support/psd-files.ts'
import { xmpPacket } from '../../support/xmp.ts'
import { captureDate } from '../../support/found-date.ts'

const AT = Date.UTC(2019, 2, 21, 11, 4, 22)
const XMP = Buffer.from(xmpPacket({ 'exif:DateTimeOriginal': '2019-03-21T11:04:22' }))

/** The TIFF structure that EXIF is, as sharp writes it. */
async function exifOf(): Promise<Buffer> {
  const exif = { IFD2: { DateTimeOriginal: '2019:03:21 11:04:22' } }
  const jpeg = await picture(16, 16).withExif(exif).jpeg().toBuffer()
  const at = jpeg.indexOf('Exif\0\0', 0, 'latin1')
  return jpeg.subarray(at + 6, at - 2 + jpeg.readUInt16BE(at - 2))
}

function box(name: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, body])
}

function psdWith(resources: Record<number, Uint8Array>): Buffer {
  const planes = [Buffer.alloc(6), Buffer.alloc(6), Buffer.alloc(6)]
  return psdOf({ width: 3, height: 2, mode: 'colours', planes, resources })
}

test('a Photoshop file is dated by its EXIF or its XMP', async () => {
  const exif = await exifOf()
  assert.deepEqual(captureDate(psdWith({ 1005: XMP, 1058: exif })), { at: AT, source: 'exif' })
  assert.deepEqual(captureDate(psdWith({ 1005: exif, 1060: XMP })), { at: AT, source: 'xmp' })
  assert.equal(captureDate(psdWith({})), null)
})

test('a JPEG XL is dated by what is in its boxes, packed or not', async () => {
  const still = Buffer.from(JXL_FILES.boxes.base64, 'base64')
  const exif = Buffer.concat([Buffer.alloc(4), await exifOf()])
  const packed = (name: string, content: Buffer): Buffer =>
    box('brob', Buffer.from(name, 'latin1'), brotliCompressSync(content))
  const dated = (...boxes: Buffer[]): unknown => captureDate(Buffer.concat([still, ...boxes]))
  assert.deepEqual(dated(box('Exif', exif)), { at: AT, source: 'exif' })
  assert.deepEqual(dated(packed('Exif', exif)), { at: AT, source: 'exif' })
  assert.deepEqual(dated(packed('xml ', XMP)), { at: AT, source: 'xmp' })
  assert.equal(dated(), null)
  assert.equal(dated(packed('jbrd', exif)), null)
})

test('what is cut short, broken or endless is none', async () => {
  const psd = psdWith({ 1058: await exifOf() })
  for (const length of [20, 28, 40, 60]) captureDate(psd.subarray(0, length))
  const still = Buffer.from(JXL_FILES.boxes.base64, 'base64')
  const name = Buffer.from('Exif', 'latin1')
  const endless = brotliCompressSync(Buffer.alloc(5 * 2 ** 20))
  for (const content of [endless, Buffer.from('no stream'), Buffer.alloc(0)])
    assert.deepEqual(wrappedMetadata(Buffer.concat([still, box('brob', name, content)])), {})
})
