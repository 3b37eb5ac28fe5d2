// Whether a picture is another one than before: how it was coded makes none, what it shows does.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { isSamePicture, type Rgb } from '../../../main/decode/same-picture.ts'
import { busyPixels } from '../../support/damaged-files.ts'

const [WIDTH, HEIGHT] = [340, 256]

async function decoded(jpeg: Uint8Array): Promise<Rgb> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}

function coded(rgb: Uint8Array, quality: number): Promise<Buffer> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  return sharp(rgb, { raw }).jpeg({ quality }).toBuffer()
}

test('another coder changes nothing, a changed square does', async () => {
  const rgb = busyPixels(WIDTH, HEIGHT)
  const before = await decoded(await coded(rgb, 80))
  assert.ok(isSamePicture(before, await decoded(await coded(rgb, 80))))
  assert.ok(isSamePicture(before, await decoded(await coded(rgb, 92))))
  const grey = rgb.slice()
  for (let y = 200; y < 216; y++)
    grey.fill(128, 3 * (y * WIDTH + 100), 3 * (y * WIDTH + 116))
  assert.equal(isSamePicture(before, await decoded(await coded(grey, 80))), false)
  assert.equal(isSamePicture(before, { ...before, width: HEIGHT, height: WIDTH }), false)
})
