// A picture made by code, the same everywhere, and whether a backbone makes of it what its card
// says: so a processor shows that it computes in 8 bits rightly. Pure.
//
// [Note: saturation] Processors without VNNI add products of 8 bits up in 16 bits. The sums
// saturate, and the features become others: a mean cosine of .91 to the right ones. Kernels that
// compute rightly differ in how they round; one step up or down early in the network changes many
// later ones, so that their features have cosines of .9986 to .9993.
import { fromHalves, type Card } from '../../model/retrieval.ts'
import { cosine } from './cosine.ts'
import { drawnPicture } from './drawn-picture.ts'

/** Of the feature to the one on the card. Between what right and wrong arithmetic gives. */
const LEAST_COSINE = 0.995

const SEED = 8

/** The values [3, size, size] of the known picture, as the card wants them. */
export function knownPicture({ input: { size, mean, scale } }: Card): Float32Array {
  const { rgb } = drawnPicture(size, SEED)
  const pixels = size * size
  const values = new Float32Array(3 * pixels)
  for (let channel = 0; channel < 3; channel++)
    for (let pixel = 0; pixel < pixels; pixel++)
      values[channel * pixels + pixel] =
        (rgb[pixel * 3 + channel]! - mean[channel]!) / scale[channel]!
  return values
}

/** Whether a feature [D] of the known picture is the one on the card of a backbone in 8 bits. */
export function isKnownAnswer({ quantized }: Card, feature: Float32Array): boolean {
  if (!quantized) return false
  const bytes = Uint8Array.from(atob(quantized.known), (letter) => letter.charCodeAt(0))
  const known = fromHalves(new Uint16Array(bytes.buffer))
  return known.length === feature.length && cosine(known, feature) >= LEAST_COSINE
}
