// Large pictures made small: against sharp's own Lanczos, at odd sizes, with opacity.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { isReducible, reduced } from '../../../main/decode/reduce.ts'
import { meanDifference, picture } from '../../support/pictures.ts'

test('a picture is made as small as sharp makes it, whatever the size', async () => {
  const sizes: [number, number, number, number][] = [
    [900, 600, 300, 200],
    [1001, 667, 384, 256],
    [4000, 37, 500, 5],
    [64, 64, 1, 1]
  ]
  for (const [fromWidth, fromHeight, width, height] of sizes) {
    const whole = { width: fromWidth, height: fromHeight }
    assert.ok(isReducible(whole, { width, height }))
    const { data } = await picture(fromWidth, fromHeight)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const small = reduced({ ...whole, pixels: new Uint8ClampedArray(data) }, { width, height })
    assert.deepEqual([small.width, small.height], [width, height])
    const expected = await sharp(data, { raw: { ...whole, channels: 4 } })
      .resize(width, height, { fit: 'fill' })
      .raw()
      .toBuffer()
    const difference = meanDifference(new Uint8Array(small.pixels), expected)
    assert.ok(difference < 1.5, `${fromWidth} x ${fromHeight} differs by ${difference}`)
  }
  assert.equal(isReducible({ width: 500, height: 300 }, { width: 256, height: 154 }), false)
})

test('what cannot be seen gives no colour to what can', () => {
  const pixels = new Uint8ClampedArray(8 * 8 * 4)
  // Columns in turn: opaque white, and red that is wholly transparent.
  for (let at = 0; at < pixels.length; at += 4)
    pixels.set((at / 4) % 2 === 0 ? [255, 255, 255, 255] : [255, 0, 0, 0], at)
  const small = reduced({ width: 8, height: 8, pixels }, { width: 2, height: 2 })
  for (let at = 0; at < small.pixels.length; at += 4)
    assert.deepEqual([...small.pixels.subarray(at, at + 3)], [255, 255, 255])
  assert.ok(Math.abs(small.pixels[3]! - 127.5) <= 1)
})

test('an even picture stays even to its edges', () => {
  const pixels = new Uint8ClampedArray(101 * 67 * 4).fill(200)
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255
  const small = reduced({ width: 101, height: 67, pixels }, { width: 30, height: 20 })
  for (const [at, value] of small.pixels.entries())
    assert.ok(Math.abs(value - (at % 4 === 3 ? 255 : 200)) <= 1, `${value} at ${at}`)
})
