// A picture made by code, the same everywhere, and whether a backbone makes of it what its card
// says: so a processor shows that it computes in 8 bits rightly. Pure.
//
// [Note: saturation] Processors without VNNI add products of 8 bits up in 16 bits. The sums
// saturate, and the features become others: a mean cosine of .91 to the right ones. Kernels that
// compute rightly differ in how they round; one step up or down early in the network changes many
// later ones, so that their features have cosines of .9986 to .9993.
import { fromHalves, seededRandom, type Card } from '../../model/retrieval.ts'

/** Of the feature to the one on the card. Between what right and wrong arithmetic gives. */
const LEAST_COSINE = 0.995

const DISCS = 24
const SEED = 8
/** Grain, in levels to either side. */
const GRAIN = 12

/** The values [3, size, size] of the known picture, as the card wants them. */
export function knownPicture({ input: { size, mean, scale } }: Card): Float32Array {
  const random = seededRandom(SEED)
  const whole = (below: number): number => Math.floor(random() * below)
  const discs = Array.from({ length: DISCS }, () => ({
    x: whole(size),
    y: whole(size),
    radius: 4 + whole(size / 5),
    colour: [whole(256), whole(256), whole(256)]
  }))
  const values = new Float32Array(3 * size * size)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const disc = discs.find((one) => (x - one.x) ** 2 + (y - one.y) ** 2 < one.radius ** 2)
      const ground = [x, y, size - 1 - x].map((place) => Math.floor((place * 255) / size))
      for (let channel = 0; channel < 3; channel++) {
        const grain = whole(2 * GRAIN + 1) - GRAIN
        const level = (disc?.colour ?? ground)[channel]! + grain
        const byte = Math.min(255, Math.max(0, level))
        values[(channel * size + y) * size + x] = (byte - mean[channel]!) / scale[channel]!
      }
    }
  return values
}

/** Whether a feature [D] of the known picture is the one on the card of a backbone in 8 bits. */
export function isKnownAnswer({ quantized }: Card, feature: Float32Array): boolean {
  if (!quantized) return false
  const bytes = Uint8Array.from(atob(quantized.known), (letter) => letter.charCodeAt(0))
  const known = fromHalves(new Uint16Array(bytes.buffer))
  return known.length === feature.length && cosine(known, feature) >= LEAST_COSINE
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!
    aa += a[i]! ** 2
    bb += b[i]! ** 2
  }
  return dot / Math.sqrt(aa * bb)
}
