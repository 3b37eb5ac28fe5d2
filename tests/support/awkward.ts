// Libraries that are awkward to learn from, as features of planted kinds, and how well codes find
// these kinds. Test code only.
import { multiplyInRuntime } from '../../main/compute/multiply-in-runtime.ts'
import type { LearnData } from '../../model/learning.ts'
import {
  PROJECTED,
  averagePrecision,
  createReferenceIndex,
  directionOf,
  distanceTable,
  encodeProjected,
  fitFirstQuantizer,
  fromHalves,
  orderKin,
  rerankedOf,
  toHalves
} from '../../model/retrieval.ts'
import type { Quantizer } from '../../model/retrieval.ts'
import { project } from '../../model/quant/encode.ts'
import { normal, seededRandom } from '../../model/quant/random.ts'
import { pickRows } from '../../model/train/head/neighbour-graph.ts'

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
export async function planted(photos: readonly Planted[], bits = 64): Promise<PlantedLibrary> {
  const random = seededRandom(3)
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
    bits,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyInRuntime
  })
  const seen = toHalves(joined(images.flatMap(({ views }) => views)))
  const projected = await project(start.projection, features, multiplyInRuntime)
  const views = await project(start.projection, seen, multiplyInRuntime)
  return { photos, start, data: { n, V, projected, views } }
}

/**
 * mAP of what people see, codes and then the exact order of the best: photos with a label, `most`
 * of them, query all others, and those of the same label count.
 */
export async function meanPrecision(
  quantizer: Quantizer,
  { photos, data }: PlantedLibrary,
  labelOf: (photo: Planted) => number | undefined,
  top: number,
  most = Infinity
): Promise<number> {
  const { codebooks } = quantizer
  const encoded = await encodeProjected(quantizer, data.projected, multiplyInRuntime)
  const size = codebooks.M * codebooks.L
  const index = createReferenceIndex(codebooks.M)
  index.append(Uint32Array.from(photos.keys()), encoded.codes)
  const labelled = [...photos.keys()].filter((place) => labelOf(photos[place]!) !== undefined)
  const every = Math.max(1, Math.ceil(labelled.length / most))
  const asked = labelled.filter((_, place) => place % every === 0)
  let sum = 0
  for (const place of asked) {
    const own = Uint32Array.of(place)
    const descriptor = fromHalves(pickRows(encoded.descriptors, size, own))
    const found = index.search(distanceTable(descriptor, codebooks), rerankedOf(photos.length) + 1)
    const ids = found.ids.filter((id) => id !== place)
    const candidates = {
      ids,
      descriptors: pickRows(encoded.descriptors, size, ids),
      projected: pickRows(data.projected, PROJECTED, ids)
    }
    const asking = (vector: Uint16Array): Float32Array => directionOf([{ vector, weight: 1 }])
    const query = {
      descriptor: asking(pickRows(encoded.descriptors, size, own)),
      projected: asking(pickRows(data.projected, PROJECTED, own)),
      positiveWeight: 1
    }
    const label = labelOf(photos[place]!)
    const seen = orderKin(candidates, query, top).ids
    sum += averagePrecision(seen, (other) => labelOf(photos[other]!) === label, top)
  }
  return sum / asked.length
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.length * D)
  rows.forEach((row, place) => out.set(row, place * D))
  return out
}
