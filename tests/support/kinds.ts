// Photos of planted kinds to learn a head from, as features. Test code only.
import type { LearnHeadOptions, Setting } from '../../model/learning.ts'
import { fitFirstQuantizer, multiplyReference, toHalves } from '../../model/retrieval.ts'
import { project } from '../../model/quant/encode.ts'
import { normal, seededRandom } from '../../model/quant/random.ts'

export const PHOTOS = 264
export const KINDS = 16
/** 1 for the photos that nothing is trained on, 110 of them. */
export const WITNESS = Uint8Array.from({ length: PHOTOS }, (_, i) => Number((i * 7) % 12 < 5))
const D = 40 // numbers of a feature
const V = 2 // views of a photo

/** A short training that works on them. */
export const SETTING: Setting = {
  loss: 'spq',
  pairs: 'neighbours',
  temperature: 0.2,
  neighbourShare: 0.8,
  similarityRatio: 0.85,
  steps: 16
}

/** How every training in these tests begins: on the processor, and nobody else waits. */
export const TRAINING = {
  bits: 16,
  seed: 1,
  provider: 'cpu',
  multiply: multiplyReference,
  giveWay: async () => {}
} as const

/**
 * Features of kinds, hidden under a larger variation that views of one photo share only in part:
 * what a learned head can leave out and a first quantizer cannot.
 */
export async function libraryOfKinds(
  photos = PHOTOS,
  count = KINDS
): Promise<Pick<LearnHeadOptions, 'data' | 'start'>> {
  const random = seededRandom(3)
  const noise = (scale: number) => Float32Array.from({ length: D }, () => normal(random) * scale)
  const kinds = Array.from({ length: count }, () => noise(1))
  const image = (i: number, own: Float32Array): Float32Array => {
    const shake = noise(0.5)
    return kinds[i % count]!.map((value, at) => value + own[at]! + shake[at]!)
  }
  const owns = Array.from({ length: photos }, () => noise(0.7))
  const features = toHalves(joined(owns.map((own, i) => image(i, own))))
  const seen = owns.flatMap((own, i) => Array.from({ length: V }, () => image(i, own)))
  const start = await fitFirstQuantizer({
    features,
    n: photos,
    D,
    bits: 16,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyReference
  })
  const projected = await project(start.projection, features, multiplyReference)
  const views = await project(start.projection, toHalves(joined(seen)), multiplyReference)
  return { start, data: { n: photos, V, projected, views } }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.length * D)
  rows.forEach((row, i) => out.set(row, i * D))
  return out
}
