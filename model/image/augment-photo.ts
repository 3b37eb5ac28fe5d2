// Views of photos as the input of a backbone: the fast twin of augment-reference.ts, by SIMD where
// there is any. Runs in compute's photo threads; holds no photo between calls.
import { augmentationMaps } from './augment-maps.ts'
import type { ColourMap } from './augment-maps.ts'
import { createPlainApplier } from './augment-plain.ts'
import type { Channel } from './augment-plain.ts'
import { createSimdApplier } from './augment-simd.ts'
import type { Augmentation } from './augment.ts'
import type { Card } from './card.ts'
import type { Photo } from './preprocess.ts'

/** Writes a view of the photo, [3, size, size], into a batch [B, 3, size, size] at `slot`. */
export type Augment = (
  photo: Photo,
  view: Augmentation,
  batch: Float32Array,
  slot: number
) => void

/**
 * Prepares views for a card: its size, channels and normalisation (its resize rule is not used, the
 * view says what is cut). The result is for one thread at a time, and throws RangeError for bytes
 * that do not fit the photo, a crop outside it or a slot outside the batch.
 * @param code of image-code.mjs; without it, or without SIMD here, plain loops serve
 */
export function createAugmenter(card: Card, code?: Uint8Array): Augment {
  const { size, channels, mean, scale } = card.input
  const plane = size * size
  const { filter, recolour } = (code && createSimdApplier(code, size)) ?? createPlainApplier(size)

  return function augment(photo, description, batch, slot) {
    const { rgb, width, height } = photo
    if (rgb.length !== width * height * 3)
      throw new RangeError(`rgb: expected ${width * height * 3} bytes, got ${rgb.length}`)
    if (!Number.isInteger(slot) || slot < 0 || (slot + 1) * 3 * plane > batch.length)
      throw new RangeError(`slot: expected one of ${batch.length / 3 / plane}, got ${slot}`)
    const maps = augmentationMaps(description, { width, height }, size)
    const sums = filter(photo, description.crop, maps)
    const colour = affine(maps.colour, sums.map((sum) => sum / plane))
    const ofChannel = (channel: number): Channel => {
      const source = channels === 'RGB' ? channel : 2 - channel
      const [r = 0, g = 0, b = 0, plus = 0] = colour.subarray(source * 4, source * 4 + 4)
      return [r, g, b, plus, mean[channel]!, 1 / scale[channel]!]
    }
    recolour([0, 1, 2].map(ofChannel), batch.subarray(slot * 3 * plane, (slot + 1) * 3 * plane))
  }
}

/** The colour map for a mean that is known: [3, 4], three factors and what is added. */
function affine({ own, ofMean }: ColourMap, mean: readonly number[]): Float64Array {
  const map = new Float64Array(12)
  for (let c = 0; c < 3; c++) {
    map.set(own.subarray(c * 3, c * 3 + 3), c * 4)
    map[c * 4 + 3] = mean.reduce((sum, value, i) => sum + ofMean[c * 3 + i]! * value, 0)
  }
  return map
}
