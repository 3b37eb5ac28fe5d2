// What the file of a photo holds beside its picture: the film of a motion photo, further pictures
// of an MPO, a depth map. Pure.
import * as v from 'valibot'

export const Held = v.object({
  film: v.nullable(v.number()), // its length in seconds; null for none
  pictures: v.pipe(v.number(), v.integer(), v.minValue(0)), // beside the one that is shown
  hasDepth: v.boolean()
})
export type Held = v.InferOutput<typeof Held>
