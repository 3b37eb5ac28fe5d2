// When a photo was taken: from EXIF written here, and from the text of a date.
import assert from 'node:assert/strict'
import test from 'node:test'
import { captureDate, parseExifDate } from '../../../main/compute/capture-date.ts'
import { picture } from '../../support/pictures.ts'

type Exif = Record<string, string>

/** A photo whose Exif directory holds these tags. */
function dated(tags: Exif, format: 'jpeg' | 'webp' | 'png' | 'avif' = 'jpeg'): Promise<Buffer> {
  return picture(16, 16).withExif({ IFD2: tags }).toFormat(format).toBuffer()
}

test('the original date with its fraction, on the clock of the camera', async () => {
  const tags = {
    DateTimeOriginal: '2019:03:21 11:04:22',
    SubSecTimeOriginal: '348',
    OffsetTimeOriginal: '+09:00', // where the camera was does not change what its clock showed
    DateTimeDigitized: '2020:01:01 00:00:00'
  }
  for (const format of ['jpeg', 'webp', 'png', 'avif'] as const) {
    const expected = Date.UTC(2019, 2, 21, 11, 4, 22, 348)
    assert.equal(captureDate(await dated(tags, format)), expected, format)
  }
})

test('the digitised date stands in for an original that is missing or no date', async () => {
  const DateTimeDigitized = '2004:08:27 13:52:55'
  const expected = Date.UTC(2004, 7, 27, 13, 52, 55)
  assert.equal(captureDate(await dated({ DateTimeDigitized })), expected)
  const broken = { DateTimeOriginal: '0000:00:00 00:00:00', DateTimeDigitized }
  assert.equal(captureDate(await dated(broken)), expected)
})

test('no date, no EXIF, no photo: none', async () => {
  assert.equal(captureDate(await dated({ LensModel: 'none' })), null)
  assert.equal(captureDate(await picture(16, 16).jpeg().toBuffer()), null)
  assert.equal(captureDate(new Uint8Array(0)), null)
  assert.equal(captureDate(Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) % 256)), null)
})

test('a moment that does not exist is no date', () => {
  const wrong = [
    '0000:00:00 00:00:00',
    '2021:02:30 10:00:00',
    '2021:13:01 10:00:00',
    '2021:01:01 24:00:00',
    '2021:01:01 10:60:00',
    '2021:01:01 10:00:60',
    '    :  :     :  :  ',
    'yesterday'
  ]
  for (const text of wrong) assert.equal(parseExifDate(text, undefined), null, text)
  const leap = Date.UTC(2024, 1, 29, 23, 59, 59)
  assert.equal(parseExifDate('2024:02:29 23:59:59', '5'), leap + 500)
  assert.equal(parseExifDate('2024:02:29 23:59:59', '999999'), leap + 999)
  assert.equal(parseExifDate('2024:02:29 23:59:59', 'x'), leap)
})
