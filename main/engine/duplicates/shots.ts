// Several shots of one moment: taken within seconds of each other by a camera's clock, and alike by
// what is stored of them. Runs in the reader and in the thread of duplicates.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Moment } from '../../catalogue/duplicate-table.ts'
import type { QuantizerRecord } from '../../wire/records.ts'
import { frozenRows, fromHalves, parseQuantizer } from '../../../model/retrieval.ts'
import type { Candidate } from './keeper.ts'

/** Shots of one moment lie so close together, ms. */
export const MOMENT = 10_000
/** A shot is compared with so many that follow it: a wrong clock may date thousands alike. */
const MOST_FOLLOWING = 64
/** Cosine of two shots' features, mean-centred (with a model) or as they are (without). */
const ALIKE_BY_MODEL = 0.7
const ALIKE_BY_FEATURE = 0.8
/** Photos that are compared with those that follow them, in one reading of vectors. */
const BLOCK = 1000

/** What photos are described by now: the model that serves, or features of a backbone. */
export interface Serving {
  serving(): { id: number; record: QuantizerRecord } | undefined
  backbone(): string
}

/** Vectors of length 1 of some photos; `least`: the cosine of two that are alike. */
interface Vectors {
  least: number
  read(photos: readonly number[]): Map<number, Float32Array>
}

/** Photos that may be shots of one moment, and which are alike. */
export interface Shots {
  photos: readonly Candidate[]
  isAlike(photo: Candidate): readonly Candidate[]
}

/**
 * Finds them. @param pairs contents, by hash, that show the same picture. @param read the photos of
 * these ids that are asked for. @param tell told how far it is, percent
 */
export function shotsAlike(
  catalogue: Catalogue,
  search: Serving,
  pairs: ReadonlyMap<string, ReadonlySet<string>>,
  read: (ids: readonly number[]) => readonly Candidate[],
  tell: (percent: number) => void = () => undefined
): Shots {
  const moments = closeTogether(catalogue.duplicates.moments())
  const vectors = vectorsOf(catalogue, search)
  const alike = new Map<number, number[]>()
  const link = (one: number, other: number): void => {
    const known = alike.get(one)
    if (known) known.push(other)
    else alike.set(one, [other])
  }
  for (let from = 0; from < moments.length; from += BLOCK) {
    tell((100 * from) / moments.length)
    const block = moments.slice(from, from + BLOCK + MOST_FOLLOWING)
    const of = vectors.read(block.map(({ id }) => id))
    for (const [place, { id, at, hash }] of block.slice(0, BLOCK).entries())
      for (const other of block.slice(place + 1, place + 1 + MOST_FOLLOWING)) {
        if (other.at - at > MOMENT) break
        const isSame = pairs.get(hash)?.has(other.hash) ?? false
        if (!isSame && !(cosine(of.get(id), of.get(other.id)) >= vectors.least)) continue
        link(id, other.id)
        link(other.id, id)
      }
  }
  const photos = read([...alike.keys()])
  const byId = new Map(photos.map((photo) => [photo.id, photo]))
  const isAlike = ({ id }: Candidate): Candidate[] =>
    (alike.get(id) ?? []).flatMap((other) => byId.get(other) ?? [])
  return { photos, isAlike }
}

/** Those that have another within a moment. */
function closeTogether(moments: readonly Moment[]): Moment[] {
  const isClose = (a: Moment | undefined, b: Moment | undefined): boolean =>
    a !== undefined && b !== undefined && b.at - a.at <= MOMENT
  return moments.filter((one, place) => {
    return isClose(moments[place - 1], one) || isClose(one, moments[place + 1])
  })
}

/** What shots are compared by: with a model what it has stored, else their features. */
function vectorsOf({ vectors }: Catalogue, search: Serving): Vectors {
  const serving = search.serving()
  if (!serving) {
    const backbone = search.backbone()
    return {
      least: ALIKE_BY_FEATURE,
      read: (photos) =>
        new Map(
          photos.flatMap((id) => {
            const feature = vectors.feature(id, backbone)
            return feature ? [[id, ofLengthOne(fromHalves(feature))]] : []
          })
        )
    }
  }
  const { projection } = parseQuantizer(serving.record)
  return {
    least: ALIKE_BY_MODEL,
    read(photos) {
      const { ids, projected } = vectors.projectedOf(photos, serving.id)
      const rows = frozenRows(projected, projection)
      const size = rows.length / Math.max(1, ids.length)
      return new Map(ids.map((id, row) => [id, rows.subarray(row * size, (row + 1) * size)]))
    }
  }
}

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((value) => value / length) : vector
}

/** Of vectors of length 1; NaN where one is missing. */
function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return Number.NaN
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
