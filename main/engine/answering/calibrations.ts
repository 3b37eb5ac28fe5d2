// What scores say in this library by what serves now: pairs of its photos are held against each
// other, some taken at random and some that are shots of one moment (model/search/likeness.ts).
// Runs in the reader. It takes some milliseconds, once for a model and each time a library doubles.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { calibrate, fromHalves, scoresOf } from '../../../model/retrieval.ts'
import type { Calibration, PairCosines } from '../../../model/retrieval.ts'

/** Photos that are sampled, and with how many others each is compared. */
const PHOTOS = 512
const OTHERS = 8
/** So close together that shots are of the same thing, whatever they look like, ms. */
const NEXT_SHOT = 3000

/** What photos [n] are compared by: f16 bit patterns [n, size of each kind]. */
export interface Compared {
  ids: ArrayLike<number>
  descriptors: Uint16Array
  /** Missing while no model serves: features are all there is. */
  projected?: Uint16Array
}

/** Where the sample is taken from. */
export interface Source {
  /** Which model serves; another one, another calibration. */
  model: number | undefined
  /** Photos that it has described. */
  size: number
  /** About `count` of them, spread over all. */
  sample(count: number): readonly number[]
  /** What these are compared by; those that it has not described are left out. */
  read(ids: readonly number[]): Compared
}

export interface Calibrations {
  of(source: Source, strictness: number): Calibration
}

/** The cosines of pairs of photos; NaN where one was not described. */
export function cosinesOf(source: Source, pairs: Pairs): PairCosines {
  return cosines(rowsOf(source.read([...new Set(pairs.flat())])), pairs)
}

/** Makes the room for them; they are kept while the same model serves. */
export function createCalibrations({ duplicates }: Catalogue): Calibrations {
  let kept = { key: '', pairs: NO_PAIRS, shots: NO_PAIRS }
  const found = new Map<number, Calibration>() // by strictness

  function sampled(source: Source): { pairs: PairCosines; shots: PairCosines } {
    const photos = source.sample(PHOTOS)
    const following = duplicates.nextShots(photos, NEXT_SHOT)
    const rows = rowsOf(source.read([...new Set([...photos, ...following.flat()])]))
    return {
      pairs: known(cosines(rows, pairsAmong(photos))),
      shots: known(cosines(rows, following))
    }
  }

  return {
    of(source, strictness) {
      const doublings = Math.floor(Math.log2(source.size + 1))
      const key = `${source.model ?? 'features'}, ${doublings}`
      if (kept.key !== key) {
        kept = { key, ...sampled(source) }
        found.clear()
      }
      const known = found.get(strictness)
      if (known) return known
      const [pairs, shots] = [kept.pairs, kept.shots].map((each) => scoresOf(each, strictness))
      const calibration = calibrate(pairs!, shots!, source.model !== undefined)
      found.set(strictness, calibration)
      return calibration
    }
  }
}

/** Pairs of photos, by id. */
export type Pairs = readonly (readonly [number, number])[]

const NO_PAIRS: PairCosines = { descriptors: new Float32Array(0), frozen: new Float32Array(0) }

/** Each photo with some that lie far from it in the sample, so mostly in another folder. */
function pairsAmong(ids: readonly number[]): Pairs {
  const strides = Array.from({ length: OTHERS }, (_, i) =>
    Math.floor((ids.length * (i + 1)) / (2 * OTHERS + 1))
  ).filter((stride) => stride > 0)
  return ids.flatMap((id, place) =>
    strides.map((stride) => [id, ids[(place + stride) % ids.length]!] as const)
  )
}

/** Places of photos, and their vectors of length 1. */
interface Rows {
  places: Map<number, number>
  descriptors: Float32Array
  frozen: Float32Array | undefined
}

function rowsOf({ ids, descriptors, projected }: Compared): Rows {
  const places = new Map(Array.from(ids, (id, place) => [id, place]))
  const units = (halves: Uint16Array): Float32Array => unitRows(fromHalves(halves), ids.length)
  return { places, descriptors: units(descriptors), frozen: projected && units(projected) }
}

/** Rows [n, size] scaled to length 1, in place; rows of zeros stay. */
function unitRows(rows: Float32Array, n: number): Float32Array {
  const size = rows.length / Math.max(1, n)
  for (let at = 0; at < rows.length; at += size) {
    const row = rows.subarray(at, at + size)
    const length = Math.sqrt(dot(row, row))
    if (length > 0) row.forEach((value, i) => (row[i] = value / length))
  }
  return rows
}

function cosines({ places, descriptors, frozen }: Rows, pairs: Pairs): PairCosines {
  function of(rows: Float32Array): Float32Array {
    const size = rows.length / Math.max(1, places.size)
    const row = (id: number): Float32Array | undefined => {
      const place = places.get(id)
      return place === undefined ? undefined : rows.subarray(place * size, (place + 1) * size)
    }
    return Float32Array.from(pairs, ([one, other]) => {
      const [a, b] = [row(one), row(other)]
      return a && b ? dot(a, b) : Number.NaN
    })
  }
  return { descriptors: of(descriptors), frozen: of(frozen ?? descriptors) }
}

function known({ descriptors, frozen }: PairCosines): PairCosines {
  const isKnown = (_: number, i: number): boolean => !Number.isNaN(descriptors[i])
  return { descriptors: descriptors.filter(isKnown), frozen: frozen.filter(isKnown) }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
