// What a run is learned from, read from the catalogue. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { UsedModel } from '../compute-link.ts'
import { joinedHalves } from '../joined.ts'
import { tooFewSeen } from './faults.ts'

export interface RunData {
  n: number
  places: Uint32Array<ArrayBuffer> // in the sample, [n]
  features: Uint16Array<ArrayBuffer> // f16 [n, D]
  views: Uint16Array<ArrayBuffer> // f16 [n, V, 256]
  /** 1 for photos that came after what was learned before: [n]. */
  fresh: Uint8Array<ArrayBuffer>
}

/** As `gather`; throws a Fault where too few have both. */
export function gatherEnough(...asked: Parameters<typeof gather>): RunData {
  const data = gather(...asked)
  if (data.n < FEWEST_TO_FIT) throw tooFewSeen(data.n)
  return data
}

/** Features and views of those photos that have both. */
export function gather(
  catalogue: Catalogue,
  sample: Uint32Array,
  base: UsedModel
): RunData {
  const features: Uint16Array[] = []
  const views: Uint16Array[] = []
  const fresh: number[] = []
  const places: number[] = []
  const until = catalogue.settings.learnedUntil()?.at ?? Infinity
  for (const [place, id] of sample.entries()) {
    const feature = catalogue.vectors.indexedFeature(id, base.record.backbone)
    const seen = feature && catalogue.views.get(id, base.id)
    if (!feature || !seen) continue
    places.push(place)
    features.push(feature)
    views.push(seen)
    fresh.push((catalogue.vectors.madeAt(id) ?? 0) > until ? 1 : 0)
  }
  return {
    n: places.length,
    places: Uint32Array.from(places),
    features: joinedHalves(features),
    views: joinedHalves(views),
    fresh: Uint8Array.from(fresh)
  }
}
