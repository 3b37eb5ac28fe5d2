// What the page may ask kin of: photos wanted and unwanted, a part of a photo, a picture from
// outside; and what narrows an answer. Pure; engine-contract.ts takes its parts from here.
import * as v from 'valibot'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** Part of a picture, upright, as shares of its width and height. */
export const Crop = v.object({ left: share, top: share, width: share, height: share })
export type Crop = v.InferOutput<typeof Crop>

/** How good a person finds a photo; 0: not rated. */
export const Rating = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5))
export type Rating = v.InferOutput<typeof Rating>

/** What selects photos; all that is given must hold. */
export const Filter = v.object({
  folder: v.optional(id), // library folder
  /** Below this directory of it: relative, '/' between names. */
  directory: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  from: v.optional(v.number()), // capture date, else file date, ms since 1970, included
  until: v.optional(v.number()), // excluded
  favourites: v.optional(v.boolean()), // true: only favourites
  rating: v.optional(Rating) // so high or higher; 0: any
})
export type Filter = v.InferOutput<typeof Filter>

/** One thing that is asked for: a photo of the library, or a picture that `look` was shown. */
export const QueryPart = v.object({
  of: v.variant('kind', [
    v.object({ kind: v.literal('photo'), id }),
    v.object({ kind: v.literal('picture'), picture: id })
  ]),
  /**
   * Above 0: like this; below 0: unlike it. What is unlike counts at most half as much in all as
   * what is like, however the weights are.
   */
  weight: v.pipe(v.number(), v.minValue(-10), v.maxValue(10))
})
export type QueryPart = v.InferOutput<typeof QueryPart>

export const Query = v.object({
  parts: v.pipe(v.array(QueryPart), v.minLength(1), v.maxLength(32)),
  filter: v.optional(Filter),
  /**
   * 0: the same kind of thing; 1: the same thing (weight of the frozen features in the order);
   * 0.5 when it is left out.
   */
  strictness: v.optional(share),
  top: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  /** Near-identical pictures are one of the kin; true when it is left out. */
  fold: v.optional(v.boolean())
})
export type Query = v.InferOutput<typeof Query>
