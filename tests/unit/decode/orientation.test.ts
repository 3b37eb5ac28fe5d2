// Turning pictures: each orientation by itself, and one after the other.
import assert from 'node:assert/strict'
import test from 'node:test'
import { turnedTwice, upright, type OrientationValue } from '../../../main/decode/orientation.ts'
import type { Bitmap } from '../../../main/decode/reduce.ts'
import { drawPicture, stored } from '../../support/pictures.ts'

const VALUES: readonly OrientationValue[] = [1, 2, 3, 4, 5, 6, 7, 8]

/** Three by two pixels, all different. */
function small(): Bitmap {
  return { width: 3, height: 2, pixels: Uint8ClampedArray.from({ length: 24 }, (_, i) => i) }
}

test('a stored picture is turned upright, by every orientation', async () => {
  for (const value of VALUES) {
    const file = (await stored(value, 30, 20)).ensureAlpha().raw()
    const { data, info } = await file.toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const turned = upright({ width, height, pixels: new Uint8ClampedArray(data) }, value)
    assert.deepEqual([turned.width, turned.height], [30, 20])
    const rgb = turned.pixels.filter((_, i) => i % 4 !== 3)
    assert.deepEqual(Buffer.from(rgb), drawPicture(30, 20), `orientation ${value}`)
  }
})

test('two turns are one', () => {
  for (const first of VALUES)
    for (const then of VALUES) {
      const both = upright(upright(small(), first), then)
      assert.deepEqual(upright(small(), turnedTwice(first, then)), both, `${first}, then ${then}`)
    }
})
