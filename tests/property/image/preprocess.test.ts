// The fast preprocessing against its reference, over random sizes, filters and cards.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { preprocessReference } from '../../../model/image/preprocess-reference.ts'
import { createPreprocessor } from '../../../model/image/preprocess.ts'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

const side = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 2, 3, 4, 5, 6, 400))
const rule = fc.record({
  shortSide: fc.integer({ min: 16, max: 40 }),
  filter: fc.constantFrom('bilinear' as const, 'bicubic' as const, 'lanczos' as const),
  channels: fc.constantFrom('RGB' as const, 'BGR' as const)
})

test('the fast preprocessing equals the reference to the bit, for any size and filter', () => {
  fc.assert(
    fc.property(side, side, rule, (width, height, { shortSide, filter, channels }) => {
      const resize = { shortSide, filter, antialias: true as const, crop: 'centre' as const }
      const card = exampleCard({ size: 16, resize, channels, mean: [1, 2, 3], scale: [3, 5, 7] })
      const photo = noisePhoto(width, height)
      const batch = new Float32Array(2 * 3 * 256)
      createPreprocessor(card)(photo, batch, 1)
      assert.deepEqual(batch.subarray(768), preprocessReference(photo.rgb, width, height, card))
    }),
    { numRuns: 150 }
  )
})
