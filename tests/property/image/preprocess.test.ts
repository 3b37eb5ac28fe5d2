// The fast preprocessing against its reference, over random sizes, filters and cards.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { preprocessReference } from '../../../model/image/preprocess-reference.ts'
import { createPreprocessor } from '../../../model/image/preprocess.ts'
import { loadResize } from '../../../model/image/compiled-resize.ts'
import { imageCode } from '../../../model/image/image-code.mjs'
import { exampleCard, noisePhoto } from '../../support/noise.ts'

const side = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 2, 3, 4, 5, 6, 400))
const rule = fc.record({
  shortSide: fc.integer({ min: 16, max: 40 }),
  filter: fc.constantFrom('bilinear' as const, 'bicubic' as const, 'lanczos' as const),
  channels: fc.constantFrom('RGB' as const, 'BGR' as const)
})

async function compiledResize(): Promise<WebAssembly.Module> {
  const kernel = loadResize(await imageCode('resize'))
  assert.ok(kernel, 'this runtime does not take the compiled resize')
  return kernel
}

for (const name of ['plain', 'compiled'] as const)
  test(`the ${name} preprocessing equals the reference to the bit, for any size and filter`, async () => {
    const kernel = name === 'compiled' ? await compiledResize() : undefined
    fc.assert(
      fc.property(side, side, rule, (width, height, { shortSide, filter, channels }) => {
        const resize = { shortSide, filter, antialias: true as const, crop: 'centre' as const }
        const card = exampleCard({ size: 16, resize, channels, mean: [1, 2, 3], scale: [3, 5, 7] })
        const photo = noisePhoto(width, height)
        const batch = new Float32Array(3 * 3 * 256).fill(9)
        createPreprocessor(card, kernel)(photo, batch, 1)
        const expected = preprocessReference(photo.rgb, width, height, card)
        assert.deepEqual(batch.subarray(768, 2 * 768), expected)
        assert.ok([...batch.subarray(0, 768), ...batch.subarray(2 * 768)].every((one) => one === 9))
      }),
      { numRuns: 150 }
    )
  })

test('one compiled preprocessor takes photos of any size in turn', async () => {
  const card = exampleCard({ size: 16 })
  const preprocess = createPreprocessor(card, await compiledResize())
  for (const [width, height] of [[90, 40], [5000, 30], [40, 90], [4, 4], [90, 40]] as const) {
    const photo = noisePhoto(width, height)
    const batch = new Float32Array(768)
    preprocess(photo, batch, 0)
    assert.deepEqual(batch, preprocessReference(photo.rgb, width, height, card))
  }
})
