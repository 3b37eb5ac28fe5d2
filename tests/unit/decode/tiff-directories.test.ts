// Which picture of a TIFF is shown, told from its directories alone; and files that would mislead.
import assert from 'node:assert/strict'
import test from 'node:test'
import { firstPicture, holdsSensorData } from '../../../main/decode/tiff-directories.ts'
import { pageOf, tiffOf, type Page } from '../../support/tiff-files.ts'

function viewOf(file: Buffer): DataView {
  return new DataView(file.buffer, file.byteOffset, file.length)
}

const full = pageOf(30, 20)
const smaller = pageOf(9, 6, 0, { tags: { 254: 1 } })

test('the first full picture counts, in files of either order and of 64 bits', () => {
  for (const kind of ['II', 'MM'] as const)
    for (const isBig of [false, true]) {
      const file = tiffOf([smaller, { ...full, tags: { 274: 6 } }, pageOf(60, 40)], kind, isBig)
      const expected = { page: 1, width: 30, height: 20, orientation: 6 }
      assert.deepEqual(firstPicture(viewOf(file)), expected, `${kind} ${isBig}`)
    }
})

test('where all are smaller versions, the largest counts', () => {
  const larger: Page = pageOf(12, 9, 0, { tags: { 254: 1 } })
  assert.equal(firstPicture(viewOf(tiffOf([smaller, larger, smaller]))).page, 1)
})

test('an orientation that is none counts as upright', () => {
  const file = tiffOf([{ ...full, tags: { 274: 77 } }])
  assert.equal(firstPicture(viewOf(file)).orientation, 1)
})

test('what a sensor measured is found in any directory, also within another', () => {
  const measured = pageOf(30, 20, 0, { tags: { 262: 32_803 } })
  const linear = pageOf(30, 20, 0, { tags: { 262: 34_892 } })
  const holds = (...pages: Page[]): boolean => holdsSensorData(viewOf(tiffOf(pages)))
  assert.ok(holds(measured))
  assert.ok(holds(smaller, linear))
  assert.ok(holds({ ...smaller, inner: [full, measured] }))
  assert.ok(!holds(full, smaller))
  assert.ok(!holds({ ...full, inner: [smaller] }))
})

test('a chain that runs in a circle ends', () => {
  const file = tiffOf([smaller])
  const directory = file.readUInt32LE(4)
  const entries = file.readUInt16LE(directory)
  file.writeUInt32LE(directory, directory + 2 + entries * 12) // it follows itself
  assert.equal(firstPicture(viewOf(file)).width, 9)
  assert.ok(!holdsSensorData(viewOf(file)))
})

test('a file that is cut anywhere is refused, and holds no sensor data', () => {
  const file = tiffOf([full])
  for (const length of [8, 40, file.length - 30])
    assert.throws(() => firstPicture(viewOf(file.subarray(0, length))), RangeError)
  assert.ok(!holdsSensorData(viewOf(file.subarray(0, 8))))
})
