// What is to be done for the map: a layout of all photos, places for those that came, or nothing.
// Reads counts only, so that it costs no more than some milliseconds. Runs in the reader
// and the map's thread.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { MapReason } from '../../wire/map-messages.ts'

/** Fewer photos are no map. */
const FEWEST_ON_MAP = 12
/** More are not laid out by whole features: until a model serves, which is soon. */
const MOST_BY_FEATURES = 2000
/** All is laid out anew once there are so many times as many photos, and so many more. */
const GROWN = 1.5
const GROWN_BY = 64

/** By what photos are described now. */
export interface DescribedBy {
  model: number | null // that serves
  backbone: string
}

export type Due =
  | { work: 'lay-out'; reason: MapReason }
  | { work: 'place'; layout: number }
  | { work: 'nothing' }
  /** There are too few photos, or too many without a model. */
  | { work: 'wait' }

/** As `maps.described_by` has it. */
export function nameOf({ model, backbone }: DescribedBy): string {
  return model === null ? `backbone ${backbone}` : `model ${model}`
}

/** What is due by now. */
export function dueOf(catalogue: Catalogue, by: DescribedBy): Due {
  const { map, vectors } = catalogue
  const ids = by.model === null ? vectors.featureIds(by.backbone) : undefined
  const photos = ids?.length ?? map.encoded(by.model ?? 0)
  const current = map.current()
  const isTooMany = by.model === null && photos > MOST_BY_FEATURES
  if (photos < FEWEST_ON_MAP || isTooMany) return current ? { work: 'nothing' } : { work: 'wait' }
  if (!current) return { work: 'lay-out', reason: 'first' }
  if (current.describedBy !== nameOf(by)) return { work: 'lay-out', reason: 'learned' }
  const placed = map.count()
  // Where those that were laid out have left, the others have nothing to lie among.
  if (photos > GROWN * current.photos + GROWN_BY || placed < FEWEST_ON_MAP)
    return { work: 'lay-out', reason: 'grown' }
  const isLacking = ids ? lacksAny(catalogue, ids) : photos > placed
  return isLacking ? { work: 'place', layout: current.number } : { work: 'nothing' }
}

/** Whether one of these few photos has no place. */
function lacksAny({ map }: Catalogue, ids: Uint32Array): boolean {
  const placed = new Set(map.places(0, Number.MAX_SAFE_INTEGER).ids)
  return ids.some((id) => !placed.has(id))
}
