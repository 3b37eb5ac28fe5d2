// What thumbnails are called, and when one counts as whole.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import {
  NAME_BYTES,
  formerThumbnailFile,
  isWholeThumbnail,
  nameAt,
  thumbnailFile,
  thumbnailFiles,
  thumbnailName
} from '../../../main/wire/thumbnail.ts'

test('a thumbnail is called by the first half of the hash, and lies by its first two digits', () => {
  const hash = 'ab12'.repeat(16)
  const name = thumbnailName(hash)
  assert.equal(name, 'ab12'.repeat(8))
  assert.equal(thumbnailFile(name), `ab/${name}.jpg`)
  assert.equal(formerThumbnailFile(name), `ab/${name}.webp`)
  assert.deepEqual(thumbnailFiles(name), [thumbnailFile(name), formerThumbnailFile(name)])
})

test('names come back from bytes, leading zeros and all; there is none beyond the end', () => {
  const names = ['00'.repeat(16), '0f'.repeat(16), 'ff'.repeat(16)]
  const bytes = new Uint8Array(Buffer.from(names.join(''), 'hex'))
  assert.equal(bytes.length, 3 * NAME_BYTES)
  assert.deepEqual([0, 1, 2, 3].map((place) => nameAt(bytes, place)), [...names, undefined])
  assert.equal(nameAt(bytes.subarray(0, 20), 1), undefined, 'half a name is none')
})

test('what is empty, cut off, blank or something else is no whole thumbnail', async () => {
  const create = { width: 40, height: 30, channels: 3 as const, background: '#336699' }
  const png = new Uint8Array(await sharp({ create }).png().toBuffer())
  assert.equal(isWholeThumbnail(png), false)
  for (const format of ['jpeg', 'webp'] as const) {
    const whole = new Uint8Array(await sharp({ create }).toFormat(format).toBuffer())
    assert.equal(isWholeThumbnail(whole), true)
    const shifted = new Uint8Array(whole.length + 5)
    shifted.set(whole, 5)
    assert.equal(isWholeThumbnail(shifted.subarray(5)), true, 'wherever its bytes begin')
    for (let size = 0; size < whole.length; size++)
      assert.equal(isWholeThumbnail(whole.subarray(0, size)), false, `${size} bytes of ${format}`)
    assert.equal(isWholeThumbnail(new Uint8Array(whole.length)), false)
  }
})
