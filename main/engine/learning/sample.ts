// Which photos stand for a library that is too large to take all of it. Runs in the engine.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { MOST_TO_FIT } from '../../../model/retrieval.ts'

/** Up to `most` of the ids, spread evenly over them. Pure. */
export function spread(ids: Uint32Array, most: number): Uint32Array {
  if (ids.length <= most) return ids
  return Uint32Array.from({ length: most }, (_, i) => ids[Math.floor((i * ids.length) / most)] ?? 0)
}

/** Photos of a run: all, or a sample that is spread over folders and time; by id. */
export function chooseSample(catalogue: Catalogue, backbone: string): Uint32Array {
  return spread(catalogue.vectors.sampleIds(backbone), MOST_TO_FIT).slice().sort()
}
