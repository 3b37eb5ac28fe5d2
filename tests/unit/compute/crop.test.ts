// A part of a picture: its pixels, its size, and how large the whole is decoded for it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { cropped, shortSideOf } from '../../../main/compute/crop-pixels.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'

/** 6 x 4 pixels of a picture of 60 x 40; each says where it is. */
function picture(): Pixels {
  const rgb = new Uint8Array(6 * 4 * 3)
  for (let i = 0; i < 24; i++) rgb.set([i % 6, Math.floor(i / 6), 7], i * 3)
  const size = { width: 60, height: 40, pixelWidth: 6, pixelHeight: 4 }
  return { ...size, rgb, thumbnail: null, damage: null }
}

test('the pixels of a part, and its size in the whole picture', () => {
  const part = cropped(picture(), { left: 0.5, top: 0.25, width: 1 / 3, height: 0.5 })
  assert.deepEqual(
    [part.width, part.height, part.pixelWidth, part.pixelHeight],
    [20, 20, 2, 2]
  )
  assert.deepEqual([...part.rgb], [3, 1, 7, 4, 1, 7, 3, 2, 7, 4, 2, 7])
  const whole = cropped(picture(), { left: 0, top: 0, width: 1, height: 1 })
  assert.deepEqual(whole, picture())
})

test('what reaches over the edge is cut off, and nothing is a pixel', () => {
  const over = cropped(picture(), { left: 0.9, top: 0.9, width: 1, height: 1 })
  assert.deepEqual([over.pixelWidth, over.pixelHeight, ...over.rgb], [1, 1, 5, 3, 7])
  const none = cropped(picture(), { left: 1, top: 1, width: 0, height: 0 })
  assert.deepEqual([none.pixelWidth, none.pixelHeight, none.width, none.height], [1, 1, 1, 1])
})

test('the smaller the part, the larger the whole is decoded, within bounds', () => {
  assert.equal(shortSideOf(null, 256), 256)
  assert.equal(shortSideOf({ left: 0, top: 0, width: 1, height: 1 }, 256), 256)
  assert.equal(shortSideOf({ left: 0, top: 0, width: 0.5, height: 1 }, 256), 512)
  assert.equal(shortSideOf({ left: 0, top: 0, width: 0, height: 0.5 }, 256), 2048)
})
