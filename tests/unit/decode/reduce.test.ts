// Pictures made small: against the plain reference and sharp's own Lanczos, at odd sizes, with
// opacity, in parts.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { openReduce, reduced, type Bitmap } from '../../../main/decode/reduce.ts'
import { reducedSlowly } from '../../../main/decode/reduce-reference.ts'
import { meanDifference } from '../../support/pictures.ts'

const SIZES: readonly [number, number, number, number][] = [
  [900, 600, 300, 200],
  [1001, 667, 384, 256],
  [401, 301, 400, 300],
  [500, 333, 333, 222],
  [4000, 37, 500, 5],
  [1300, 900, 23, 16],
  [64, 64, 1, 1],
  [5, 3, 5, 2],
  [1, 700, 1, 90]
]

/** Noise on steps: nothing that a wrong tap could hide in. */
function noisy(width: number, height: number, hasOpacity = false): Bitmap {
  let state = width * 31 + height
  const pixels = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const step = (Math.floor(at / 4 / 13) % 2) * 120
    pixels[at] = at % 4 === 3 && !hasOpacity ? 255 : step + (state >>> 25)
  }
  return { width, height, pixels }
}

function mostDifferent(a: Bitmap, b: Bitmap): number {
  assert.deepEqual([a.width, a.height, a.pixels.length], [b.width, b.height, b.pixels.length])
  return a.pixels.reduce((most, value, i) => Math.max(most, Math.abs(value - b.pixels[i]!)), 0)
}

test('the code and the plain reference give the same, at every size', async () => {
  for (const [fromWidth, fromHeight, width, height] of SIZES) {
    const picture = noisy(fromWidth, fromHeight)
    const small = await reduced(picture, { width, height })
    const difference = mostDifferent(small, reducedSlowly(picture, { width, height }))
    assert.ok(difference <= 1, `${fromWidth} x ${fromHeight} differs by ${difference}`)
  }
})

test('with opacity, too, as far as colours can be seen', async () => {
  for (const [fromWidth, fromHeight, width, height] of SIZES) {
    const picture = noisy(fromWidth, fromHeight, true)
    const [small, slow] = [
      await reduced(picture, { width, height }),
      reducedSlowly(picture, { width, height })
    ]
    for (const { pixels } of [small, slow])
      for (let at = 0; at < pixels.length; at++)
        if (at % 4 !== 3) pixels[at] = (pixels[at]! * pixels[at - (at % 4) + 3]!) / 255
    assert.ok(mostDifferent(small, slow) <= 1, `${fromWidth} x ${fromHeight}`)
  }
})

test('sharp makes the same of it', async () => {
  for (const [fromWidth, fromHeight, width, height] of SIZES) {
    const { pixels } = noisy(fromWidth, fromHeight)
    const raw = { width: fromWidth, height: fromHeight, channels: 4 } as const
    const expected = await sharp(pixels, { raw })
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      .raw()
      .toBuffer()
    const small = await reduced({ width: fromWidth, height: fromHeight, pixels }, { width, height })
    const difference = meanDifference(new Uint8Array(small.pixels), expected)
    assert.ok(difference < 1, `${fromWidth} x ${fromHeight} differs by ${difference}`)
  }
})

test('in parts it is the same as whole', async () => {
  const picture = noisy(333, 250, true)
  const size = { width: 100, height: 75 }
  const reduce = await openReduce()
  const whole = reduce(picture, size, [picture.pixels])
  const parts = [0, 1, 90, 91, 250].map((row) => row * 333 * 4)
  const some = parts.slice(1).map((end, i) => picture.pixels.subarray(parts[i], end))
  assert.deepEqual(reduce(picture, size, some), whole)
})

test('what cannot be seen gives no colour to what can', async () => {
  const pixels = new Uint8ClampedArray(8 * 8 * 4)
  // Columns in turn: opaque white, and red that is wholly transparent.
  for (let at = 0; at < pixels.length; at += 4)
    pixels.set((at / 4) % 2 === 0 ? [255, 255, 255, 255] : [255, 0, 0, 0], at)
  const small = await reduced({ width: 8, height: 8, pixels }, { width: 2, height: 2 })
  for (let at = 0; at < small.pixels.length; at += 4)
    assert.deepEqual([...small.pixels.subarray(at, at + 3)], [255, 255, 255])
  assert.ok(Math.abs(small.pixels[3]! - 127.5) <= 1)
})

test('an even picture stays even to its edges', async () => {
  const pixels = new Uint8ClampedArray(101 * 67 * 4).fill(200)
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255
  const small = await reduced({ width: 101, height: 67, pixels }, { width: 30, height: 20 })
  for (const [at, value] of small.pixels.entries())
    assert.ok(Math.abs(value - (at % 4 === 3 ? 255 : 200)) <= 1, `${value} at ${at}`)
})
