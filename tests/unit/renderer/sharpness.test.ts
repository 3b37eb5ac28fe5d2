// When a tile asks for a sharp picture.
import assert from 'node:assert/strict'
import test from 'node:test'
import { looksBlurred } from '../../../renderer/state/sharpness.ts'

const PHOTO = { width: 4000, height: 3000 }

test('a thumbnail is enough for common tiles, and not for the largest or for dense screens', () => {
  const tile = (height: number) => ({ width: (height * 4) / 3, height })
  assert.equal(looksBlurred(tile(210), 1, PHOTO), false)
  assert.equal(looksBlurred(tile(280), 1, PHOTO), false)
  assert.equal(looksBlurred(tile(380), 1, PHOTO), true)
  assert.equal(looksBlurred(tile(120), 2, PHOTO), false)
  assert.equal(looksBlurred(tile(210), 2, PHOTO), true)
})

test('a photo that has no more to show does not look any better', () => {
  const tile = { width: 570, height: 380 }
  assert.equal(looksBlurred(tile, 2, { width: 300, height: 200 }), false)
  assert.equal(looksBlurred(tile, 2, undefined), false, 'nothing is known of it yet')
  assert.equal(looksBlurred(tile, 2, { width: 0, height: 0 }), false, 'it was not read')
})

test('an upright photo and a panorama are judged by how large they are drawn', () => {
  assert.equal(looksBlurred({ width: 285, height: 380 }, 1, { width: 3000, height: 4000 }), false)
  assert.equal(looksBlurred({ width: 380, height: 380 }, 1, { width: 9000, height: 1000 }), true)
  assert.equal(looksBlurred({ width: 1200, height: 150 }, 1, { width: 8000, height: 1000 }), false)
})
