// In which numbers the photos of a library are described. Features of two arithmetics are never
// compared, so a library keeps its own until its owner has it described anew. Pure.
import * as v from 'valibot'

/** The numbers in which a shipped backbone computes. */
export const Arithmetic = v.picklist(['float', '8-bit'])
export type Arithmetic = v.InferOutput<typeof Arithmetic>

/** A backbone that came with Kindred. */
export const ShippedBackbone = v.object({
  sha256: v.string(),
  arithmetic: Arithmetic,
  /**
   * How this processor computes it rightly: `fastest` as it would by itself; `exact` and `floats`
   * in ways that take longer; null: in no way.
   */
  way: v.nullable(v.picklist(['fastest', 'exact', 'floats']))
})
export type ShippedBackbone = v.InferOutput<typeof ShippedBackbone>

/** How the photos of a library are described, as its owner is told. */
export const ArithmeticState = v.object({
  /** tuned: by a backbone that was trained on them, in float. */
  own: v.picklist([...Arithmetic.options, 'tuned']),
  /** It is computed in a slower way here: this processor has none that is fast and right. */
  isSlow: v.boolean(),
  /** In which they could be described anew, if the owner agrees. */
  others: v.array(Arithmetic),
  /** Of these, what would be faster here. */
  offer: v.nullable(Arithmetic),
  /** They are being described anew. */
  isChanging: v.boolean()
})
export type ArithmeticState = v.InferOutput<typeof ArithmeticState>
