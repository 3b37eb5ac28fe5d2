// What the page may ask kin of: photos wanted and unwanted, a part of a photo, a picture from
// outside; and what narrows an answer. Pure; engine-contract.ts takes its parts from here.
import * as v from 'valibot'
import { Filter, Rating } from './filter.ts'
import { Crop } from './picture-part.ts'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

export { Crop, Filter, Rating }

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
