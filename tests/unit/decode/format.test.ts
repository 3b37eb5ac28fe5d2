// Which decoder bytes are for, and why none is.
import assert from 'node:assert/strict'
import test from 'node:test'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

test('the five formats are decoded, whatever the name says', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif'] as const) {
    const file = await picture(20, 10).toFormat(format).toBuffer()
    for (const name of ['a.HEIC', 'a.tif', 'a.dng', 'a', 'a.jpg'])
      assert.equal(decodedFormatOf(file, name), format)
  }
})

test('formats that are not decoded are refused by their kind', () => {
  const file = Buffer.from('v/1\x01\0\0', 'latin1')
  assert.throws(
    () => decodedFormatOf(file, 'IMG_1.jpg'),
    (error) => isFault(error, 'unsupported-format') && error.record.received === 'OpenEXR'
  )
})

test('a Targa, whose bytes have no mark, is refused by its name', () => {
  assert.throws(
    () => decodedFormatOf(Buffer.from('\0\0\x02\0', 'latin1'), 'A.TGA'),
    (error) => isFault(error, 'unsupported-format') && error.record.received === 'Targa'
  )
})

test('a name counts where bytes say nothing', () => {
  const files = ['bytes of a maker who has no mark', 'II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08']
  for (const text of files)
    assert.equal(decodedFormatOf(Buffer.from(text, 'latin1'), 'DSC_1.ARW'), 'raw')
})

test('anything else is no photo', () => {
  for (const [name, text] of [['a.jpg', ''], ['a.nef', ''], ['a', 'some text']]) {
    assert.throws(
      () => decodedFormatOf(Buffer.from(text!), name!),
      (error) => isFault(error, 'corrupt-photo')
    )
  }
})
