// Dates: what was written is read, and no bytes make the reader fail.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import fc from 'fast-check'
import { parseDateText } from '../../../main/compute/date-text.ts'
import { picture } from '../../support/pictures.ts'
import { captureDate } from '../../support/found-date.ts'

let photo: Buffer

before(async () => {
  const exif = { IFD2: { DateTimeOriginal: '2019:03:21 11:04:22', SubSecTimeOriginal: '348' } }
  photo = await picture(16, 16).withExif(exif).jpeg().toBuffer()
})

test('every moment that is written as EXIF does is read as that moment', () => {
  const [min, max] = [new Date('1800-01-01'), new Date('2200-01-01')]
  const moment = fc.date({ min, max, noInvalidDate: true })
  fc.assert(
    fc.property(moment, (date) => {
      const [day, time] = date.toISOString().slice(0, 23).split('T') as [string, string]
      const text = `${day.replaceAll('-', ':')} ${time.slice(0, 8)}`
      assert.equal(parseDateText(text, time.slice(9)), date.getTime())
    })
  )
})

test('flipped bytes give a date or none', () => {
  const flips = fc.array(fc.tuple(fc.nat(photo.length - 1), fc.nat(255)), { maxLength: 20 })
  fc.assert(
    fc.property(flips, (damage) => {
      const bytes = Uint8Array.from(photo)
      for (const [at, value] of damage) bytes[at] = value
      const date = captureDate(bytes)
      assert.ok(date === null || Number.isInteger(date.at))
    }),
    { numRuns: 3000 }
  )
})
