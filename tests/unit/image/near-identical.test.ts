// Which pictures are the same one, changed: by fingerprints of drawn scenes and of their variants.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import {
  areNearIdentical,
  fingerprintOf,
  isNearlyBlank,
  printOf,
  sharpnessOf,
  turnKeyOf
} from '../../../model/retrieval.ts'
import type { Print } from '../../../model/retrieval.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { VARIANTS, plainPicture, smallPixels } from '../../support/variants.ts'

async function printFor(picture: Buffer): Promise<Print> {
  const { rgb, width, height } = await smallPixels(picture)
  return printOf(fingerprintOf(rgb, width, height))
}

test('a picture is known again however it was changed, and taken for no other', async (context) => {
  const files = await makePhotos(temporaryFolder(context), 8, { seed: 3, size: 240 })
  const pictures = await Promise.all(files.map((file) => plainPicture(file, 0.3)))
  const prints = await Promise.all(pictures.map(({ picture }) => printFor(picture)))
  for (const [place, { picture, size }] of pictures.entries())
    for (const [name, change] of Object.entries(VARIANTS)) {
      const changed = await printFor(await change(picture, size))
      const same = [...prints.keys()].filter((other) => areNearIdentical(prints[other]!, changed))
      assert.deepEqual(same, [place], `picture ${place}, ${name}`)
      assert.ok(areNearIdentical(changed, prints[place]!), 'either way round')
    }
})

test('turned and mirrored, a picture keeps its key', async (context) => {
  const [file = ''] = await makePhotos(temporaryFolder(context), 1, { seed: 8, size: 240 })
  const { picture, size } = await plainPicture(file)
  const key = turnKeyOf(await printFor(picture))
  for (const name of ['turned', 'mirrored', 'saved'] as const) {
    const other = turnKeyOf(await printFor(await VARIANTS[name]!(picture, size)))
    key.forEach((value, axis) => assert.ok(Math.abs(value - other[axis]!) < 0.02, `${name} ${axis}`))
  }
})

test('nearly blank is what shows next to nothing', () => {
  const page = new Uint8Array(300 * 200 * 3).fill(250)
  const noise = page.map((value, at) => value - ((at * 7919) % 5))
  const written = page.map((value, at) => (at % 90 < 6 ? 20 : value))
  const blank = [page, noise, written].map((rgb) => isNearlyBlank(fingerprintOf(rgb, 300, 200)))
  assert.deepEqual(blank, [true, true, false])
})

test('pictures smaller than a fingerprint, and without any contrast, have one', () => {
  for (const side of [1, 3, 30]) {
    const print = fingerprintOf(new Uint8Array(side * side * 3).fill(9), side, side)
    assert.ok(isNearlyBlank(print))
    assert.ok(print.subarray(4).every((value) => value === 128))
    printOf(print)
  }
  assert.throws(() => printOf(new Uint8Array(3)), RangeError)
})

test('a blurred shot is less sharp, a little noise of saving makes none sharper', async (context) => {
  const [file = ''] = await makePhotos(temporaryFolder(context), 1, { seed: 5, size: 400 })
  const { picture } = await plainPicture(file)
  const sharpness = async (shot: Buffer): Promise<number> => {
    const { rgb, width, height } = await smallPixels(shot)
    return sharpnessOf(fingerprintOf(rgb, width, height))
  }
  const plain = await sharpness(picture)
  assert.ok((await sharpness(await sharp(picture).blur(3).png().toBuffer())) < plain)
  const saved = await sharpness(await sharp(picture).jpeg({ quality: 90 }).toBuffer())
  assert.ok(Math.abs(saved - plain) <= 1, `${saved}, ${plain}`)
  assert.equal(sharpnessOf(null), 0)
})
