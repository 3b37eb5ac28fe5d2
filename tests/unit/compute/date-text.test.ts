// Dates as metadata spells them: what is read, and what is none for the doubt it leaves.
import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDateText } from '../../../main/compute/date-text.ts'

const TAKEN = Date.UTC(2007, 5, 30, 18, 45, 17)
const MINUTE = Date.UTC(2007, 5, 30, 18, 45)
const MIDNIGHT = Date.UTC(2007, 5, 30)

const SPELLINGS: readonly (readonly [text: string, at: number | null])[] = [
  ['2007:06:30 18:45:17', TAKEN],
  ['2007:06:30 18:45:17\0', TAKEN],
  ['  2007:06:30   18:45:17 ', TAKEN],
  ['2007/06/30 18:45:17', TAKEN],
  ['2007-06-30 18:45:17', TAKEN],
  ['2007.06.30 18.45.17', TAKEN],
  ['2007-06-30T18:45:17', TAKEN],
  ['2007-06-30t18:45:17', TAKEN],
  ['2007:06:30:18:45:17', TAKEN],
  ['2007:06:30, 18:45:17', TAKEN],
  ['2007:6:30 18:45:17', TAKEN],
  ['2007: 6:30 18:45:17', TAKEN],
  ['2007:06:30 6:45:17 PM', TAKEN],
  ['2007:06:30 18:45:17 PM', TAKEN],
  ['20070630T184517', TAKEN],
  ['20070630 184517', TAKEN],
  ['20070630184517', TAKEN],
  ['20070630184517Z', TAKEN],
  // The clock that was written counts, wherever it stood.
  ['2007-06-30T18:45:17-08:00', TAKEN],
  ['2007-06-30T18:45:17+05:30', TAKEN],
  ['2007-06-30T18:45:17 +0545', TAKEN],
  ['2007-06-30T18:45:17Z', TAKEN],
  ['2007:06:30 18:45:17 DST', TAKEN],
  ['Sat, 30 Jun 2007 18:45:17 +0200', TAKEN],
  ['30 June 2007 18:45:17', TAKEN],
  ['2007-06-30T18:45:17.25+02:00', TAKEN + 250],
  ['2007:06:30 18:45:17,999999', TAKEN + 999],
  ['2007:06:30 18:45', MINUTE],
  ['2007-06-30T18:45-08:00', MINUTE],
  ['2007-06-30T18:45Z', MINUTE],
  ['200706301845', MINUTE],
  ['2007:06:30', MIDNIGHT],
  ['2007:06:30   :  :  ', MIDNIGHT],
  ['2007-06-30Z', MIDNIGHT],
  ['20070630', MIDNIGHT],
  ['2007:06:30 12:00:00 AM', MIDNIGHT],
  ['2024:02:29 23:59:59', Date.UTC(2024, 1, 29, 23, 59, 59)],
  // In doubt, or no moment.
  ['30/06/2007 18:45:17', null],
  ['06/30/2007 18:45:17', null],
  ['03/04/2007', null],
  ['07:06:30 18:45:17', null],
  ['2007:06', null],
  ['2007', null],
  ['2007:30:06 18:45:17', null],
  ['0000:00:00 00:00:00', null],
  ['0000:00:00', null],
  ['2007:00:00 00:00:00', null],
  ['2021:02:29 10:00:00', null],
  ['2021:02:30 10:00:00', null],
  ['2021:13:01 10:00:00', null],
  ['2021:01:01 24:00:00', null],
  ['2021:01:01 10:60:00', null],
  ['2021:01:01 10:00:60', null],
  ['2021:01:01 13:00:00 AM', null],
  ['2021:01:01 99', null],
  ['    :  :     :  :  ', null],
  ['', null],
  ['yesterday', null],
  ['30 Foo 2007 18:45:17', null]
]

test('a date is read in every spelling that leaves no doubt', () => {
  for (const [text, at] of SPELLINGS) assert.equal(parseDateText(text), at, JSON.stringify(text))
  for (const value of [undefined, null, 20070630]) assert.equal(parseDateText(value), null)
})

test('the fraction of the second is in the text, or beside it', () => {
  const text = '2007:06:30 18:45:17'
  assert.equal(parseDateText(text, '5'), TAKEN + 500)
  assert.equal(parseDateText(text, '05 '), TAKEN + 50)
  assert.equal(parseDateText(text, '999999'), TAKEN + 999)
  assert.equal(parseDateText(text, 'x'), TAKEN)
  assert.equal(parseDateText(`${text}.25`, '5'), TAKEN + 250)
})
