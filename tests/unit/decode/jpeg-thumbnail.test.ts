// Small JPEGs are their own thumbnails where that shows the same, and are encoded anew elsewhere.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { withExif } from '../../support/exif.ts'
import { meanDifference, picture, turnedJpeg } from '../../support/pictures.ts'

async function decode(file: Uint8Array): Promise<Pixels & { thumbnail: Uint8Array }> {
  const bytes = new Uint8Array(file)
  const request = { bytes, format: 'jpeg', shortSide: 256, thumbnail: true, subject: 'a' } as const
  const pixels = await decodeWithSharp(request, new AbortController().signal)
  assert.ok(pixels.thumbnail)
  return { ...pixels, thumbnail: pixels.thumbnail }
}

/** The coded pixels, from the frame header on, as they lie in a file. */
function coded(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file)
  const frame = Math.max(bytes.indexOf('ffc0', 0, 'hex'), bytes.indexOf('ffc2', 0, 'hex'))
  return bytes.subarray(frame, bytes.indexOf('ffd9', frame, 'hex') + 2)
}

const own = { width: 300, height: 200, taken: '2024:05:06 07:08:09' }

test('a small JPEG is its own thumbnail, without what it says of the photo', async () => {
  for (const options of [{}, { progressive: true }]) {
    const plain = await picture(300, 200).jpeg({ quality: 95, ...options }).toBuffer()
    const jpeg = withExif(plain, own)
    const { thumbnail, rgb } = await decode(Buffer.concat([jpeg, Buffer.alloc(1000, 7)]))
    assert.deepEqual(coded(thumbnail), coded(plain))
    assert.ok(Buffer.from(jpeg).includes('2024:05:06'))
    assert.ok(!Buffer.from(thumbnail).includes('2024:05:06'))
    assert.deepEqual([...thumbnail.slice(-2)], [0xff, 0xd9])
    const shown = await sharp(thumbnail).raw().toBuffer()
    assert.equal(meanDifference(shown, rgb), 0)
  }
})

test('a grey one, too', async () => {
  const grey = await picture(200, 200).greyscale().jpeg().toBuffer()
  const { thumbnail } = await decode(grey)
  assert.deepEqual(coded(thumbnail), coded(grey))
})

test('what would show another picture, or take more room, is encoded anew', async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  const create = { width: 250, height: 250, channels: 3 as const, background: '#888', noise }
  const cases = {
    large: await picture(800, 600).jpeg().toBuffer(),
    turned: await turnedJpeg(6, 300, 200),
    'of another profile': await picture(300, 200).withIccProfile('p3').jpeg().toBuffer(),
    'of inks': await picture(300, 200).toColourspace('cmyk').jpeg().toBuffer(),
    'many bytes': await sharp({ create }).jpeg({ quality: 100 }).toBuffer()
  }
  for (const [name, jpeg] of Object.entries(cases)) {
    const { thumbnail, rgb, pixelWidth, pixelHeight } = await decode(jpeg)
    assert.notDeepEqual(coded(thumbnail), coded(jpeg), name)
    const { width, height, channels } = await sharp(thumbnail).metadata()
    assert.deepEqual([width, height, channels], [pixelWidth, pixelHeight, 3], name)
    const shown = await sharp(thumbnail).raw().toBuffer()
    assert.ok(meanDifference(shown, rgb) < (name === 'many bytes' ? 40 : 3), name)
  }
})

test('one that was cut short is encoded anew, as it is shown', async () => {
  const whole = await picture(300, 200).jpeg({ quality: 95 }).toBuffer()
  const { thumbnail, damage } = await decode(whole.subarray(0, whole.length * 0.97))
  assert.equal(damage?.kind, 'end-missing')
  assert.notDeepEqual(coded(thumbnail).subarray(-100), coded(whole).subarray(-100))
})
