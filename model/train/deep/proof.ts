// Whether deep training made a library better (method.md 4.6): photos that it has not seen, through
// codes, against the communities of the graph before it. Runs in compute.
import { PROJECTED } from '../../quant/projection.ts'
import { mixed } from '../head/batches.ts'
import { NEAREST, frozenRows, nearestRows } from '../head/neighbour-graph.ts'
import { pseudoClasses, scoreOf } from '../head/score.ts'
import type { DeepProof, ProveDeepOptions } from './contract.ts'

/** As the head's proof has it, so that its scores and these are of one kind. */
const COMMUNITIES = 1

/**
 * Scores both models by the photos held out.
 * @throws RangeError when the two are not of the same photos, or none is held out
 * @throws what `breathe` rejects with
 */
export async function proveDeep(options: ProveDeepOptions): Promise<DeepProof> {
  const { before, after, held, seed, multiply, breathe } = options
  if (before.projected.length !== after.projected.length)
    throw new RangeError(
      `after: expected ${before.projected.length} numbers, got ${after.projected.length}`
    )
  if (held.length === 0) throw new RangeError('held: expected one photo or more, got none')
  const frozen = frozenRows(before.projected, before.quantizer.projection)
  const nearest = await nearestRows(frozen, PROJECTED, NEAREST, () => breathe())
  const classes = pseudoClasses(nearest, mixed(seed, COMMUNITIES))
  const asked = { queries: held, classes, multiply, breathe }
  const { score: scoreBefore } = await scoreOf(before.quantizer, {
    ...asked,
    projected: before.projected
  })
  const { score: scoreAfter } = await scoreOf(after.quantizer, {
    ...asked,
    projected: after.projected
  })
  return { kept: scoreAfter > scoreBefore, scoreBefore, scoreAfter }
}
