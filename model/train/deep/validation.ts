// Whether deep training made a library better (METHOD.md 4.6): photos that it has not seen, through
// codes, against the communities of the graph before it. Runs in compute.
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import { combinedSeed } from '../head/batches.ts'
import { NEAREST, frozenRows, nearestRows } from '../head/neighbour-graph.ts'
import { notKinOf } from '../head/not-kin.ts'
import { evidenceOf, pseudoClasses } from '../head/score.ts'
import { scoreOfEvidence } from '../judge/evidence.ts'
import type { Evidence } from '../judge/evidence.ts'
import { judge } from '../judge/gate.ts'
import { shuffled } from '../head/trial-settings.ts'
import type { DeepValidation, Described, ValidateDeepOptions } from './deep-contract.ts'

/** Seeds; of communities as the validation of a head has it, so that scores are of one kind. */
const COMMUNITIES = 1
const SEEN = 2

/** Photos that query all others where what serves is compared. */
const MOST_SEEN = 2000

/**
 * What deep training must gain for sure: every photo is described anew for it, which takes hours
 * in a large library, and features of another backbone are kept.
 */
export const DEEP_PRICE = 0.01

/**
 * Scores the models: by the photos held out, and against what serves by others.
 * @throws RangeError when they are not of the same photos, or none is held out
 * @throws what `giveWay` rejects with
 */
export async function validateDeep(options: ValidateDeepOptions): Promise<DeepValidation> {
  const { before, after, serving, heldOut, outside, seed, multiply, giveWay } = options
  for (const [name, { projected }] of Object.entries({ after, ...(serving && { serving }) }))
    if (projected.length !== before.projected.length)
      throw new RangeError(
        `${name}: expected ${before.projected.length} numbers, got ${projected.length}`
      )
  if (heldOut.length === 0) throw new RangeError('heldOut: expected one photo or more, got none')
  const frozen = frozenRows(before.projected, before.quantizer.projection)
  const nearest = await nearestRows(frozen, PROJECTED, NEAREST, () => giveWay())
  const notKin = notKinOf(options.notKin)
  const classes = pseudoClasses({ ...nearest, notKin }, combinedSeed(seed, COMMUNITIES))
  const ask = (model: Described, queries: Uint32Array): Promise<Evidence> => {
    const { quantizer, projected } = model
    const asked = { queries, classes, notKin, multiply, giveWay, projected }
    const { head, codebooks } = quantizer // not averaged, even where what serves is
    return evidenceOf({ head, codebooks }, { ...asked, ...(outside && { outside }) })
  }
  const groupsOf = (queries: Uint32Array) => Int32Array.from(queries, (row) => classes.fine[row]!)
  const [ofBefore, ofAfter] = [await ask(before, heldOut), await ask(after, heldOut)]
  let verdict = judge(ofBefore, ofAfter, {
    groups: groupsOf(heldOut),
    seed,
    leastGain: DEEP_PRICE
  })
  if (verdict.passes && serving) {
    const seen = seenRows(before.projected.length / PROJECTED, heldOut, seed)
    const others = judge(await ask(serving, seen), await ask(after, seen), {
      groups: groupsOf(seen),
      seed,
      isOpponentTrained: true
    })
    if (!others.passes) verdict = { ...verdict, passes: false, reason: others.reason }
  }
  return {
    kept: verdict.passes,
    scoreBefore: scoreOfEvidence(ofBefore).score,
    scoreAfter: scoreOfEvidence(ofAfter).score,
    verdict
  }
}

/** Some of the n photos that are not held out. */
function seenRows(n: number, heldOut: Uint32Array, seed: number): Uint32Array {
  const left = new Set(heldOut)
  const order = shuffled(n, seededRandom(combinedSeed(seed, SEEN)))
  return order.filter((row) => !left.has(row)).subarray(0, MOST_SEEN)
}
