// What a run is learned from, read from the catalogue. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import { joinedHalves } from '../joined.ts'
import type { Circumstances } from '../../catalogue/date-table.ts'
import { outsideLabels } from './circumstances.ts'
import type { OutsideLabels } from './circumstances.ts'
import { tooFewSeen } from './learning-faults.ts'
import { notKinPairs } from './not-kin-pairs.ts'
import { isWitness } from './witnesses.ts'

export interface RunData {
  n: number
  features: Uint16Array<ArrayBuffer> // f16 [n, D]
  views: Uint16Array<ArrayBuffer> // f16 [n, V, 256]
  /** 1 for witnesses, [n]. */
  witness: Uint8Array<ArrayBuffer>
  outside: OutsideLabels
  /** Pairs of rows that a person said are no kin, [p, 2]. */
  notKin: Uint32Array<ArrayBuffer>
}

/** As `gather`; throws a Fault where too few have both. */
export function gatherEnough(...asked: Parameters<typeof gather>): RunData {
  const data = gather(...asked)
  if (data.n < FEWEST_TO_FIT) throw tooFewSeen(data.n)
  return data
}

/** Features and views of those photos that have both; `share` of them are witnesses. */
export function gather(
  catalogue: Catalogue,
  sample: Uint32Array,
  share: number,
  base: UsedModel
): RunData {
  const ids: number[] = []
  const features: Uint16Array[] = []
  const views: Uint16Array[] = []
  const witness: boolean[] = []
  const circumstances: (Circumstances | undefined)[] = []
  for (const id of sample) {
    const feature = catalogue.vectors.indexedFeature(id, base.record.backbone)
    const seen = feature && catalogue.views.get(id, base.id)
    if (!feature || !seen) continue
    ids.push(id)
    features.push(feature)
    views.push(seen)
    circumstances.push(catalogue.dates.circumstances(id))
    witness.push(isWitness(catalogue.photos.place(id)?.hash ?? '', share))
  }
  return {
    n: features.length,
    features: joinedHalves(features),
    views: joinedHalves(views),
    witness: Uint8Array.from(witness, Number),
    outside: outsideLabels(circumstances),
    notKin: notKinPairs(catalogue, ids)
  }
}
