// Libraries that are awkward to learn from, as features of planted kinds, and how well codes find
// these kinds. Test code only.
import type { LearnData } from '../../model/learning.ts'
import {
  averagePrecision,
  createReferenceIndex,
  distanceTable,
  encodeProjected,
  fitFirstQuantizer,
  fromHalves,
  multiplyReference,
  toHalves
} from '../../model/retrieval.ts'
import type { Quantizer } from '../../model/retrieval.ts'
import { project } from '../../model/quant/encode.ts'
import { normal, seededRandom } from '../../model/quant/random.ts'

const D = 40 // numbers of a feature
const V = 2 // views of a photo
/** Of the numbers of a photo beside those of its kind, which are about 1. */
const OWN = 0.7 // what its views share
const SHAKE = 0.5 // what they do not
const BURST = 0.12 // what differs within a burst

/** A photo of a library that is to be made up. */
export interface Planted {
  kind: number
  /** Photos of one burst have one number. */
  burst?: number
  /** Equal photos have one number. */
  copy?: number
}

export interface PlantedLibrary {
  photos: readonly Planted[]
  data: LearnData
  start: Quantizer
}

/** Makes features and views of these photos, and fits the first quantizer to them. */
export async function planted(photos: readonly Planted[], seed = 3): Promise<PlantedLibrary> {
  const random = seededRandom(seed)
  const noise = (scale: number) => Float32Array.from({ length: D }, () => normal(random) * scale)
  const sum = (...parts: Float32Array[]) =>
    Float32Array.from({ length: D }, (_, at) => parts.reduce((all, part) => all + part[at]!, 0))
  const known = new Map<string, Float32Array>()
  /** The same numbers each time that something of this name is asked for. */
  const of = (name: string, make: () => Float32Array): Float32Array => {
    const values = known.get(name) ?? make()
    known.set(name, values)
    return values
  }
  const images = photos.map(({ kind, burst, copy }) => {
    const own = (): Float32Array => sum(of(`kind ${kind}`, () => noise(1)), noise(OWN))
    const taken = (): Float32Array => {
      if (burst === undefined) return own()
      return sum(of(`burst ${burst}`, () => sum(own(), noise(SHAKE))), noise(BURST))
    }
    const stays = copy === undefined ? taken() : of(`copy ${copy}`, taken)
    const clean = (): Float32Array => (burst === undefined ? sum(stays, noise(SHAKE)) : stays)
    const photo = copy === undefined ? clean() : of(`photo ${copy}`, clean)
    return { photo, views: Array.from({ length: V }, () => sum(stays, noise(SHAKE))) }
  })
  const n = photos.length
  const features = toHalves(joined(images.map(({ photo }) => photo)))
  const start = await fitFirstQuantizer({
    features,
    n,
    D,
    bits: 16,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyReference
  })
  const seen = toHalves(joined(images.flatMap(({ views }) => views)))
  const projected = await project(start.projection, features, multiplyReference)
  const views = await project(start.projection, seen, multiplyReference)
  return { photos, start, data: { n, V, projected, views } }
}

/**
 * mAP of codes: every photo, or those that `asks` names, queries all others, and those of the same
 * label count. Photos without a label do not ask.
 */
export async function meanPrecision(
  quantizer: Quantizer,
  { photos, data }: PlantedLibrary,
  labelOf: (photo: Planted) => number | undefined,
  top: number,
  asks: (photo: Planted) => boolean = () => true
): Promise<number> {
  const { codebooks } = quantizer
  const encoded = await encodeProjected(quantizer, data.projected, multiplyReference)
  const size = codebooks.M * codebooks.L
  const index = createReferenceIndex(codebooks.M)
  index.append(Uint32Array.from(photos.keys()), encoded.codes)
  const asked = [...photos.keys()].filter((place) => {
    const photo = photos[place]!
    return labelOf(photo) !== undefined && asks(photo)
  })
  let sum = 0
  for (const place of asked) {
    const own = encoded.descriptors.subarray(place * size, (place + 1) * size)
    const { ids } = index.search(distanceTable(fromHalves(own), codebooks), top + 1)
    const others = ids.filter((id) => id !== place)
    const label = labelOf(photos[place]!)
    sum += averagePrecision(others, (other) => labelOf(photos[other]!) === label, top)
  }
  return sum / asked.length
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.length * D)
  rows.forEach((row, place) => out.set(row, place * D))
  return out
}
