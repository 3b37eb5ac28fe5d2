// Libraries in which deep training ends one way or the other, whatever a few steps do. Test code
// only.
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { joinedHalves, rowOf } from '../../main/engine/joined.ts'
import type { QuantizerRecord } from '../../main/wire/records.ts'
import type { LearnOptions } from '../../main/wire/learning-contract.ts'
import {
  encode,
  multiplyReference,
  parseQuantizer,
  serialiseQuantizer
} from '../../model/retrieval.ts'

/** A run of seconds: two steps of four pairs. */
export const DEEP: LearnOptions = { depth: 'deep', steps: 2, batch: 4 }

/** A model as it is kept, but one that hardly tells photos apart: whatever is learned beats it. */
export function spoiled(record: QuantizerRecord): QuantizerRecord {
  const quantizer = parseQuantizer(record)
  const { head } = quantizer
  head.weight.fill(0, 0, (head.weight.length / 64) * 63)
  head.bias.fill(0)
  if (head.kind === 'residual') head.outputWeight.fill(0)
  return serialiseQuantizer(quantizer)
}

/** Lets a spoiled copy of the serving model serve, as if it had been learned; its id. */
export async function serveSpoiled(catalogue: Catalogue): Promise<number> {
  const good = catalogue.models.serving()!.id
  const record = spoiled(catalogue.models.record(good))
  const ids = [...catalogue.vectors.featureIds(record.backbone)]
  const features = joinedHalves(ids.map((id) => catalogue.vectors.feature(id, record.backbone)!))
  const encoded = await encode(parseQuantizer(record), features, multiplyReference)
  const bad = catalogue.models.addLearned(record, Date.now(), {
    base: good,
    depth: 'head',
    device: 'cpu',
    seconds: 1,
    steps: 1,
    scoreBefore: 0,
    scoreAfter: 0,
    witnessShare: null
  })
  catalogue.transaction(() => {
    ids.forEach((id, i) => catalogue.vectors.putEncoding(id, bad, rowOf(encoded, i, ids.length)))
  })
  catalogue.models.swap(bad)
  return bad
}

/**
 * Leaves a library as if deep training had begun on its model and a spoiled one had come to serve
 * since. So many photos are outside the run's sample.
 */
export async function letBadModelServe(
  library: string,
  options = DEEP,
  outside = 0
): Promise<{ good: number; bad: number }> {
  const catalogue = openCatalogue(library)
  const good = catalogue.models.serving()!.id
  const bad = await serveSpoiled(catalogue)
  const ids = catalogue.vectors.featureIds(catalogue.models.get(good)!.backbone)
  const run = catalogue.runs.start(options, Date.now())
  catalogue.runs.setBase(run.id, good)
  catalogue.runs.setSample(run.id, ids.slice(outside).sort(), 0.48)
  catalogue.close()
  return { good, bad }
}
