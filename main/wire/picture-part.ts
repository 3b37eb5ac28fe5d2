// A part of a picture. Pure.
import * as v from 'valibot'

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** Part of a picture, upright, as shares of its width and height. */
export const Crop = v.object({ left: share, top: share, width: share, height: share })
export type Crop = v.InferOutput<typeof Crop>
