// Whether deep training made a library better (METHOD.md 4.6): photos that it has not seen, through
// codes, against the communities of the graph before it. Runs in compute.
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import { combinedSeed } from '../head/batches.ts'
import { NEAREST, frozenRows, nearestRows } from '../head/neighbour-graph.ts'
import { pseudoClasses, scoreOf } from '../head/score.ts'
import { shuffled } from '../head/trial-settings.ts'
import type { DeepValidation, Described, ValidateDeepOptions } from './deep-contract.ts'

/** Seeds; of communities as the validation of a head has it, so that scores are of one kind. */
const COMMUNITIES = 1
const SEEN = 2

/** Photos that query all others where what serves is compared. */
const MOST_SEEN = 2000

/**
 * Scores the models: by the photos held out, and against what serves by others.
 * @throws RangeError when they are not of the same photos, or none is held out
 * @throws what `giveWay` rejects with
 */
export async function validateDeep(options: ValidateDeepOptions): Promise<DeepValidation> {
  const { before, after, serving, heldOut, seed, multiply, giveWay } = options
  for (const [name, { projected }] of Object.entries({ after, ...(serving && { serving }) }))
    if (projected.length !== before.projected.length)
      throw new RangeError(
        `${name}: expected ${before.projected.length} numbers, got ${projected.length}`
      )
  if (heldOut.length === 0) throw new RangeError('heldOut: expected one photo or more, got none')
  const frozen = frozenRows(before.projected, before.quantizer.projection)
  const nearest = await nearestRows(frozen, PROJECTED, NEAREST, () => giveWay())
  const classes = pseudoClasses(nearest, combinedSeed(seed, COMMUNITIES))
  const scored = async (model: Described, queries: Uint32Array): Promise<number> => {
    const asked = { queries, classes, multiply, giveWay, projected: model.projected }
    return (await scoreOf(model.quantizer, asked)).score
  }
  const [scoreBefore, scoreAfter] = [await scored(before, heldOut), await scored(after, heldOut)]
  let kept = scoreAfter > scoreBefore
  if (kept && serving) {
    const seen = seenRows(before.projected.length / PROJECTED, heldOut, seed)
    kept = (await scored(after, seen)) >= (await scored(serving, seen))
  }
  return { kept, scoreBefore, scoreAfter }
}

/** Some of the n photos that are not held out. */
function seenRows(n: number, heldOut: Uint32Array, seed: number): Uint32Array {
  const left = new Set(heldOut)
  const order = shuffled(n, seededRandom(combinedSeed(seed, SEEN)))
  return order.filter((row) => !left.has(row)).subarray(0, MOST_SEEN)
}
