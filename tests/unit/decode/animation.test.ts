// Whether a file has more frames than its first, and frames of animated PNGs as files of their own.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { hasPictureApart, mayMove, pngFrame, stillPng } from '../../../main/decode/animation.ts'
import { MOVING_AVIF } from '../../support/moving-avif.ts'
import { movingCases } from '../../support/moving-files.ts'
import { drawPicture, picture } from '../../support/pictures.ts'

test('animations are told from still pictures', async () => {
  const moving = await movingCases()
  assert.ok(mayMove(moving['GIF']!.file, 'gif'))
  assert.ok(mayMove(moving['WebP']!.file, 'webp'))
  assert.ok(mayMove(moving['PNG']!.file, 'png'))
  assert.ok(mayMove(Buffer.from(MOVING_AVIF.clear, 'base64'), 'avif'))
  for (const format of ['png', 'webp', 'avif', 'jpeg'] as const) {
    const still = await picture(30, 20).ensureAlpha(0.5).toFormat(format).toBuffer()
    assert.ok(!mayMove(still, format), format)
  }
})

test('a frame of an animated PNG is a PNG of its own, and says where it lies', async () => {
  const moving = await movingCases()
  const { file } = moving['PNG']!
  assert.ok(!hasPictureApart(file, 'png'))
  assert.deepEqual(pngFrame(file, 0)?.left, 0)
  const last = pngFrame(file, 2)
  assert.ok(last)
  assert.deepEqual([last.left, last.top], [90, 40])
  const { data, info } = await sharp(last.file).removeAlpha().raw().toBuffer({
    resolveWithObject: true
  })
  assert.deepEqual([info.width, info.height], [120, 100])
  assert.deepEqual(data, drawPicture(120, 100))
  assert.equal(pngFrame(file, 3), undefined)
})

test('a picture that is no frame of its animation is known', async () => {
  const { file } = (await movingCases())['PNG with a picture apart']!
  assert.ok(hasPictureApart(file, 'png'))
  assert.ok(pngFrame(file, 0))
  assert.equal(pngFrame(file, 1), undefined)
})

test('a PNG without its animation shows the same picture, a still one stays as it is', async () => {
  const { file } = (await movingCases())['PNG that counts its frames wrong']!
  const moving = new Uint8Array(file)
  const still = stillPng(moving)
  assert.ok(mayMove(moving, 'png') && !mayMove(still, 'png'))
  const pixels = (png: Uint8Array): Promise<Buffer> => sharp(png).raw().toBuffer()
  assert.deepEqual(await pixels(still), await pixels(moving))
  assert.equal(stillPng(still), still)
})

test('of a PNG that ends early what is there of its picture stays, without frames', async () => {
  const { file } = (await movingCases())['PNG that counts its frames wrong']!
  const moving = new Uint8Array(file)
  const whole = stillPng(moving)
  const inPixels = Buffer.from(moving).indexOf('IDAT') + 12
  const cut = stillPng(moving.slice(0, inPixels))
  assert.ok(!mayMove(cut, 'png'))
  assert.deepEqual(cut, whole.slice(0, cut.length))
  assert.equal(cut.length, Buffer.from(whole).indexOf('IDAT') + 12)
  const inFrame = moving.slice(0, Buffer.from(moving).indexOf('fdAT') + 12)
  assert.deepEqual(stillPng(inFrame), whole.slice(0, -12), 'all but IEND')
})
