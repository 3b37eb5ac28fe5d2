// What the map's thread and the engine tell each other.
import * as v from 'valibot'
import { FaultRecord } from '../../wire/fault.ts'
import { keepMap } from '../../wire/map-messages.ts'

/** What the thread is given. */
export const MapWork = v.object({
  library: v.string(), // its folder
  model: v.nullable(v.number()), // that serves
  backbone: v.string(),
  /** Shared: see STOP and ASIDE. */
  control: v.instance<new () => Int32Array>(Int32Array)
})
export type MapWork = v.InferOutput<typeof MapWork>

/** Places in `control`. STOP is 1 once nobody waits any more; ASIDE while somebody acts. */
export const STOP = 0
export const ASIDE = 1

/** What it tells. */
export const MapTold = v.variant('type', [
  v.object({
    type: v.literal('progress'),
    work: v.picklist(['making', 'placing']),
    share: v.number()
  }),
  /** It has closed the catalogue: from now on it may be cut off at any moment. */
  v.object({ type: v.literal('read') }),
  /** To be kept. */
  v.object({ type: v.literal('found'), found: keepMap.argument }),
  v.object({ type: v.literal('fault'), fault: FaultRecord })
])
export type MapTold = v.InferOutput<typeof MapTold>
