// The map as it is told to the page: where photos lie, kin near kin, and how far it is. Pure.
import * as v from 'valibot'
import { FaultRecord } from './fault.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Why a layout was made: the first; another model describes photos; many are new. */
export const MAP_REASONS = ['first', 'learned', 'grown'] as const
export type MapReason = (typeof MAP_REASONS)[number]

/** Photos of one message at most. */
export const LARGEST_MAP_SLICE = 65_536

/** What is done for the map now. */
export const MapState = v.variant('state', [
  /** Nothing, and there is a map. */
  v.object({ state: v.literal('made') }),
  /** Too few photos are described, or too many while no model serves. */
  v.object({ state: v.literal('waiting') }),
  /** Laid out as a whole, or places are found for photos that came. */
  v.object({ state: v.picklist(['making', 'placing']), share: v.number() }),
  v.object({ state: v.literal('failed'), fault: FaultRecord })
])
export type MapState = v.InferOutput<typeof MapState>

/** Some photos of the map, in order of id; parallel arrays. */
export const MapSlice = v.object({
  /** Another one once any place changed. */
  version: count,
  /** Another one, another layout; 0: there is none yet. */
  layout: count,
  reason: v.picklist(MAP_REASONS),
  state: MapState,
  total: count, // photos that have a place
  ids: v.instance<new () => Uint32Array>(Uint32Array),
  /** x and y of each, most of them within -1 and 1. */
  places: v.instance<new () => Float32Array>(Float32Array),
  clusters: v.instance<new () => Uint8Array>(Uint8Array) // 0 has the most photos
})
export type MapSlice = v.InferOutput<typeof MapSlice>

/** What the page asks; `engine-contract.ts` has it among its methods. */
export const mapMethods = {
  /**
   * A slice of the map; one that is due is made now, while the answer tells what there is. Slices
   * of another version than the first are to be asked for from the beginning.
   */
  map: {
    argument: v.object({ offset: count, count: v.pipe(count, v.maxValue(LARGEST_MAP_SLICE)) }),
    result: MapSlice
  }
} as const

/** What the reader asks of the writer. */
export const keepMap = {
  argument: v.object({
    /** A layout that takes the place of the former one; or which one these belong to. */
    map: v.union([
      v.object({
        describedBy: v.string(),
        reason: v.picklist(MAP_REASONS),
        clusters: v.instance<new () => Uint8Array>(Uint8Array)
      }),
      v.object({ layout: id })
    ]),
    ids: v.instance<new () => Uint32Array>(Uint32Array),
    places: v.instance<new () => Float32Array>(Float32Array)
  }),
  result: v.object({})
} as const
