// The learning of a head and its codebooks on the user's photos: trials, choice, refit, and the
// validation by witnesses (METHOD.md 4). Runs in compute and the command line; no files, no
// database.
import { PROJECTED } from '../../quant/projection.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { joinedEvidence, scoreOfEvidence } from '../judge/evidence.ts'
import type { Evidence, Score } from '../judge/evidence.ts'
import { canDecide, losesThings } from '../judge/gate.ts'
import { combinedSeed } from './batches.ts'
import type { LearnHeadOptions, LearnHeadResult, Rung, Setting, Trial } from './head-contract.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { FIRST_SPLIT, HeadRun } from './head-run.ts'
import type { Split } from './head-run.ts'
import { groupsIn } from './near-duplicates.ts'
import { burstsAmong, foundBy, isGainOfBursts, judgeAll, opponentsOf } from './opponents.ts'
import type { OpponentVerdict, Opponent } from './opponents.ts'
import { averagedOrNot, onAllPhotos } from './refits.ts'
import type { Refitted } from './refits.ts'
import { choose, finalists, holdOut, repeatsFor, rungsOf, settingsFor } from './trial-settings.ts'

/** Fewer photos give no batch to learn from. */
const FEWEST = 32
/** Of a trial whose loss became no number: worse than any. */
const FAILED: Score = { score: 0, coarse: 0, fine: 0, nearDuplicates: 0 }

/** A trial of a share of a setting's steps, and all that its queries found, unless it failed. */
type Tried = Trial & { of: Setting; evidence?: Evidence } & Guards

/** What a trial loses or gains for sure, besides the score. */
interface Guards {
  losesThings: boolean
  gainsMoments: boolean
}

/**
 * Trains candidates with some of the photos held out, chooses one by the score without labels, and
 * trains it again on all photos but the witnesses. These are asked then whether it is better than
 * `serving` and the start; unless that is certain it is dropped. What is kept is trained once more,
 * in the same way, on all photos; what was judged stays beside it: the blind model.
 * Near duplicates count as one photo in all of this, for which the first of them stands.
 * @throws RangeError when data and quantizers do not fit each other
 * @throws what `giveWay` rejects with, or the signal's reason
 */
export async function learnHead(options: LearnHeadOptions): Promise<LearnHeadResult> {
  check(options)
  const { seed, witness } = options
  const duplicates = await groupsIn(options)
  const { firsts } = duplicates
  const settings = options.settings ?? settingsFor(firsts.length, options)
  const repeats = options.repeats ?? repeatsFor(settings)
  const run = new HeadRun(options, settings, repeats, duplicates)
  const start = await run.start()
  const known = firsts.filter((row) => !witness[row])
  const scorer = await run.scorer()
  const witnesses = await run.split(
    known,
    firsts.filter((row) => witness[row]),
    scorer
  )
  const bursts = burstsAmong(run, options, firsts, scorer)
  const askers = { witnesses, bursts }
  const opponents = await opponentsOf(run, options, start, askers)
  const prices: LearnHeadResult['prices'] = []
  const quantizerOf = (model: Refitted, fittedOn: number): Quantizer => ({
    ...options.start,
    fittedOn,
    ...model
  })
  const ended = (judged: OpponentVerdict, trials: Trial[], kept?: Kept): LearnHeadResult => ({
    kept: kept !== undefined,
    quantizer: kept ? quantizerOf(kept.model, firsts.length) : null,
    blind: kept ? quantizerOf(kept.blind, known.length) : null,
    setting: kept?.setting ?? null,
    ...judged,
    prices,
    steps: run.checkpoint.steps,
    stepMilliseconds: run.checkpoint.milliseconds / Math.max(run.checkpoint.steps, 1),
    trials
  })
  if (known.length < FEWEST || !canDecide(opponents[0].evidence, witnesses.groups))
    return ended(judgeAll(opponents, opponents[0], askers, seed), [])

  const splits: Split[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const places = holdOut(known.length, combinedSeed(seed, FIRST_SPLIT + repeat))
    const heldOut = Uint32Array.from(places, (place) => known[place]!)
    // Witnesses too: trials are thrown away, and fewer photos would choose for a smaller library.
    splits.push(await run.split(without(firsts, heldOut), heldOut, scorer))
  }
  const groups = Int32Array.from(splits.flatMap((split) => [...split.groups]))
  const byHeldOut: Opponent = {
    name: 'start',
    evidence: await run.ask(start, splits),
    isTrained: false
  }
  const guardsOf = (after: Evidence): Guards => ({
    losesThings: losesThings(byHeldOut.evidence, after, { groups, seed }),
    gainsMoments: isGainOfBursts(byHeldOut.evidence, after, splits, options)
  })
  const rungs = options.rungs ?? rungsOf(settings)
  const triedOn = await tryAll(run, settings, rungs, start, splits, guardsOf)
  const tried = triedOn.at(-1) ?? []
  const trials = triedOn
    .flat()
    .map(({ setting, seconds, score, coarse, fine, nearDuplicates }): Trial => {
      return { setting, seconds, score, coarse, fine, nearDuplicates }
    })
  const chosen = tried[choose(tried, scoreOfEvidence(byHeldOut.evidence).score) ?? -1]
  if (!chosen) {
    const best = [...tried].sort((a, b) => b.score - a.score)[0]
    const found = { evidence: best?.evidence ?? byHeldOut.evidence }
    const judged = judgeAll([byHeldOut], found, { witnesses: { groups } }, seed)
    const reason = best?.losesThings ? 'loses-things' : 'not-better'
    return ended({ ...judged, verdict: { ...judged.verdict, passes: false, reason } }, trials)
  }
  const setting = chosen.of
  const refitted = await run.refit('blind', setting, start, witnesses)
  const blind = refitted && (await averagedOrNot(run, options, refitted, witnesses))
  const found = blind ? await foundBy(run, blind, askers) : opponents[0]
  const judged = judgeAll(opponents, found, askers, seed)
  const { serving, servingProjected, bits } = options
  if (serving.codebooks.M !== start.codebooks.M) {
    const { score } = scoreOfEvidence(await run.ask(serving, [witnesses], servingProjected))
    prices.push({ bits: serving.codebooks.M * 4, score })
    prices.push({ bits, score: scoreOfEvidence(found.evidence).score })
  }
  if (!blind || !judged.verdict.passes) return ended(judged, trials)
  const model = await onAllPhotos(run, options, blind, setting, start, {
    ...witnesses,
    photos: await run.photosOf(firsts)
  })
  return ended(judged, trials, { setting, blind, model })
}

/** What a run ends with where it was kept. */
interface Kept {
  setting: Setting
  blind: Refitted
  model: Refitted
}

/** Trains settings on all splits: all of them for few steps, the best of these for more. */
async function tryAll(
  run: HeadRun,
  settings: readonly Setting[],
  rungs: readonly Rung[],
  start: HeadAndCodebooks,
  splits: readonly Split[],
  guardsOf: (after: Evidence) => Guards
): Promise<Tried[][]> {
  const ended: Tried[][] = []
  for (const { count, share } of rungs) {
    const before = ended.at(-1)
    const left = before ? finalists(before, count).map((place) => before[place]!.of) : settings
    const tried: Tried[] = []
    for (const of of left) {
      const setting = { ...of, steps: Math.round(share * of.steps) }
      const { seconds, evidence } = await tryOne(run, setting, start, splits)
      const score = evidence ? scoreOfEvidence(evidence) : FAILED
      const guards = evidence ? guardsOf(evidence) : { losesThings: true, gainsMoments: false }
      tried.push({ of, setting, seconds, ...score, ...(evidence && { evidence }), ...guards })
    }
    ended.push(tried)
  }
  return ended
}

/** Trains a setting on all splits; no evidence where a loss became no number. */
async function tryOne(
  run: HeadRun,
  setting: Setting,
  start: HeadAndCodebooks,
  splits: readonly Split[]
): Promise<{ seconds: number; evidence?: Evidence }> {
  const rounds: Evidence[] = []
  let seconds = 0
  for (const split of splits) {
    const ended = await run.trial(setting, start, split)
    seconds += ended.seconds
    if (ended.evidence) rounds.push(ended.evidence)
  }
  const isWhole = rounds.length === splits.length
  return { seconds, ...(isWhole && { evidence: joinedEvidence(rounds) }) }
}

function without(rows: Uint32Array, left: Uint32Array): Uint32Array {
  const gone = new Set(left)
  return rows.filter((row) => !gone.has(row))
}

/** Throws RangeError when data and quantizers do not fit each other. */
export function check(options: LearnHeadOptions): void {
  const { data, start, serving, servingProjected, bits, settings, witness } = options
  const { n, projected, views, V } = data
  expectLength('projected', projected, n * PROJECTED)
  expectLength('views', views, n * V * PROJECTED)
  expectLength('witness', witness, n)
  if (n < FEWEST) throw new RangeError(`data: expected ${FEWEST} photos or more, got ${n}`)
  if (![16, 32, 64, 128].includes(bits))
    throw new RangeError(`bits: expected 16, 32, 64 or 128, got ${bits}`)
  if (settings?.length === 0) throw new RangeError('settings: expected one or more, got none')
  const { matrix } = serving.projection
  if (servingProjected) expectLength('servingProjected', servingProjected, n * PROJECTED)
  else if (!start.projection.matrix.every((value, at) => value === matrix[at]))
    throw new RangeError("serving: expected a quantizer of start's projection, got another one")
}

function expectLength(subject: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length)
    throw new RangeError(`${subject}: expected ${length} numbers, got ${array.length}`)
}
