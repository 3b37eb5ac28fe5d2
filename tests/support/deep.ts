// Libraries in which deep training ends one way or the other, whatever a few steps do. Test code
// only.
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import { joinedHalves } from '../../main/engine/joined.ts'
import { rowOf } from '../../main/engine/outcomes.ts'
import type { LearnOptions } from '../../main/wire/learning-contract.ts'
import {
  encode,
  multiplyReference,
  parseQuantizer,
  serialiseQuantizer
} from '../../model/retrieval.ts'

/** A run of seconds: two steps of four pairs. */
export const DEEP: LearnOptions = { depth: 'deep', steps: 2, batch: 4 }

/**
 * Leaves a library as if deep training had begun on its model and a bad one, which tells photos
 * apart by next to nothing, had come to serve since: whatever is learned beats it. So many photos
 * are outside the run's sample.
 */
export async function letBadModelServe(
  library: string,
  options = DEEP,
  outside = 0
): Promise<{ good: number; bad: number }> {
  const catalogue = openCatalogue(library)
  const good = catalogue.models.serving()!.id
  const record = catalogue.models.record(good)
  const quantizer = parseQuantizer(record)
  const { head } = quantizer
  head.weight.fill(0, 0, (head.weight.length / 64) * 63)
  const ids = [...catalogue.vectors.featureIds(record.backbone)]
  const features = joinedHalves(ids.map((id) => catalogue.vectors.feature(id, record.backbone)!))
  const encoded = await encode(quantizer, features, multiplyReference)
  const bad = catalogue.models.addLearned(serialiseQuantizer(quantizer), Date.now(), {
    base: good,
    depth: 'head',
    device: 'cpu',
    seconds: 1,
    steps: 1,
    scoreBefore: 0,
    scoreAfter: 0
  })
  catalogue.transaction(() => {
    ids.forEach((id, i) => catalogue.vectors.putEncoding(id, bad, rowOf(encoded, i, ids.length)))
  })
  catalogue.models.swap(bad)
  const run = catalogue.runs.start(options, true, Date.now())
  catalogue.runs.setBase(run.id, good)
  catalogue.runs.setSample(run.id, Uint32Array.from(ids.slice(outside)).sort())
  catalogue.close()
  return { good, bad }
}
