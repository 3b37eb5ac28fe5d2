// Damage in a JPEG that shows in its markers.
import assert from 'node:assert/strict'
import test from 'node:test'
import { checkScans } from '../../../main/decode/jpeg-scans.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

/** A JPEG with restart markers: its scan is cut by hand, since sharp writes none. */
function withRestarts(numbers: number[]): Uint8Array {
  const scan = numbers.flatMap((number) => [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0 + number])
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe1, 0x00, 0x06, 0xff, 0xd3, 0xff, 0x9f], // no marks in segments
    0xff, 0xda, 0x00, 0x04, 0x01, 0x02, ...scan, 0x56, 0xff, 0xff, 0xd9, 0xff, 0x9f
  ])
}

test('restart markers that count up pass, and so does whatever follows the end mark', () => {
  checkScans(withRestarts([0, 1, 2, 3, 4, 5, 6, 7, 0, 1]), 'photo')
})

test('a restart marker out of turn is damage', () => {
  for (const numbers of [[1], [0, 1, 3], [0, 1, 2, 3, 4, 5, 6, 7, 7]])
    assert.throws(
      () => checkScans(withRestarts(numbers), 'a.jpg'),
      (error) => isFault(error, 'corrupt-photo')
    )
})

test('a reserved marker between pixels is damage', async () => {
  const bytes = await picture(200, 200).jpeg().toBuffer()
  checkScans(bytes, 'photo')
  const middle = bytes.length >> 1
  bytes[middle] = 0xff
  bytes[middle + 1] = 0x9f
  assert.throws(
    () => checkScans(bytes, 'a.jpg'),
    (error) => isFault(error, 'corrupt-photo') && error.message.includes('a.jpg')
  )
})

test('progressive files with their many scans pass', async () => {
  checkScans(await picture(300, 200).jpeg({ progressive: true }).toBuffer(), 'photo')
})
