// The fast applier of views against its reference, over random photos, sizes and cards.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { imageCode } from '../../../model/image/image-code.mjs'
import { createAugmenter } from '../../../model/image/augment-photo.ts'
import { augmentReference } from '../../../model/image/augment-reference.ts'
import { PAPER_VIEWS, sampleAugmentation } from '../../../model/image/augment.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

const SIZE = 24 // 10 % of it is a blur of three pixels; see also the photo's size below
const card = exampleCard({ size: SIZE, mean: [1, 2, 3], scale: [3, 5, 7] })
const swapped = exampleCard({ size: SIZE, channels: 'BGR' })

function near(actual: number, expected: number, place: number): void {
  const fits = Math.abs(actual - expected) < 1 / 255
  assert.ok(fits, `value ${place}: expected ${expected}, got ${actual}`)
}

/** Plain loops and SIMD, each of which must equal the reference. */
const CODES = { 'plain loops': () => undefined, SIMD: () => imageCode('augment') }
for (const [name, codeOf] of Object.entries(CODES)) {
  test(`${name} equal the reference to 1/255, over random views`, async () => {
    const code = await codeOf()
    const [plain, bgr] = [createAugmenter(card, code), createAugmenter(swapped, code)]
    const side = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(side, side, fc.integer(), (width, height, seed) => {
        const photo = noisePhoto(width, height)
        const view = sampleAugmentation(seededRandom(seed), PAPER_VIEWS, photo)
        const expected = augmentReference(photo, view, SIZE)
        const batch = new Float32Array(2 * 3 * SIZE * SIZE)
        plain(photo, view, batch, 0)
        bgr(photo, view, batch, 1)
        expected.forEach((value, i) => {
          const [place, channel] = [Math.floor(i / 3), i % 3]
          const byte = batch[channel * SIZE * SIZE + place]! * [3, 5, 7][channel]! + channel + 1
          near(byte / 255, value, i)
          const turned = batch[(5 - channel) * SIZE * SIZE + place]!
          near(turned / 255, value, i)
        })
      }),
      { numRuns: 80 }
    )
  })

  test(`${name} at the size of a photo, with its wide blur`, async () => {
    const augment = createAugmenter(exampleCard({ size: 224, resize: SQUARE }), await codeOf())
    const photo = noisePhoto(90, 70)
    const random = seededRandom(5)
    const batch = new Float32Array(3 * 224 * 224)
    for (const sigma of [0.1, 0.9, 2]) {
      const blur = { probability: 1, sigma: [sigma, sigma] } as const
      const view = sampleAugmentation(random, { ...PAPER_VIEWS, blur }, photo)
      augment(photo, view, batch, 0)
      augmentReference(photo, view, 224).forEach((value, i) => {
        const byte = batch[(i % 3) * 224 * 224 + Math.floor(i / 3)]!
        near(byte / 255, value, i)
      })
    }
  })
}

const SQUARE = { shortSide: 224, filter: 'bicubic', antialias: true, crop: 'centre' } as const
