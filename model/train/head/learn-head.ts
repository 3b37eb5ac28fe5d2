// The learning of a head and its codebooks on the user's photos: trials, choice, refit, and the
// validation by witnesses (METHOD.md 4). Runs in compute and the command line; no files, no
// database.
import { PROJECTED } from '../../quant/projection.ts'
import { joinedEvidence, scoreOfEvidence } from '../judge/evidence.ts'
import type { Evidence, Score } from '../judge/evidence.ts'
import { canDecide, judge, losesThings } from '../judge/gate.ts'
import { averagedQuantizer } from './averaged.ts'
import { combinedSeed } from './batches.ts'
import type { LearnHeadOptions, LearnHeadResult, Setting, Trial } from './head-contract.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { AVERAGED_BOOKS, FIRST_SPLIT, HeadRun } from './head-run.ts'
import type { Split } from './head-run.ts'
import { groupsIn } from './near-duplicates.ts'
import { pickRows } from './neighbour-graph.ts'
import { choose, holdOut, repeatsFor, settingsFor } from './trial-settings.ts'

/** Fewer photos give no batch to learn from. */
const FEWEST = 32
/** Of a trial whose loss became no number: worse than any. */
const FAILED: Score = { score: 0, coarse: 0, fine: 0, nearDuplicates: 0 }

/** How a candidate was judged: the part of the result that says so. */
type Judged = Pick<LearnHeadResult, 'opponent' | 'scoreBefore' | 'scoreAfter' | 'verdict'>

/** What a candidate must beat, and what queries find by it. */
interface Opponent {
  name: 'serving' | 'start'
  evidence: Evidence
  /** It has learned from those that query. */
  isTrained: boolean
}

/** A trial and all that its queries found; none when its loss became no number. */
type Tried = Trial & { evidence?: Evidence; losesThings: boolean }

/**
 * Trains candidates with some of the photos held out, chooses one by the score without labels, and
 * trains it again on all photos but the witnesses. These are asked then whether it is better than
 * `serving` and the start; unless that is certain it is dropped.
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
  const whole = await run.split(
    known,
    firsts.filter((row) => witness[row]),
    scorer
  )
  const opponents = await opponentsOf(run, options, start, whole)
  const prices: LearnHeadResult['prices'] = []
  const ended = (judged: Judged, trials: Trial[], setting?: Setting, model?: HeadAndCodebooks) => ({
    kept: model !== undefined,
    quantizer: model ? { ...options.start, fittedOn: known.length, ...model } : null,
    setting: (model && setting) ?? null,
    ...judged,
    prices,
    steps: run.checkpoint.steps,
    stepMilliseconds: run.checkpoint.milliseconds / Math.max(run.checkpoint.steps, 1),
    trials
  })
  const byWitnesses = (after: Evidence): Judged => judgeAll(opponents, after, whole.groups, seed)
  if (known.length < FEWEST || !canDecide(opponents[0].evidence, whole.groups))
    return ended(byWitnesses(opponents[0].evidence), [])

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
  const tried = await tryAll(run, settings, start, splits, (after) =>
    losesThings(byHeldOut.evidence, after, { groups, seed })
  )
  const trials = tried.map(({ evidence: _, losesThings: __, ...trial }) => trial)
  const chosen = tried[choose(tried, scoreOfEvidence(byHeldOut.evidence).score) ?? -1]
  if (!chosen) {
    const best = [...tried].sort((a, b) => b.score - a.score)[0]
    const judged = judgeAll([byHeldOut], best?.evidence ?? byHeldOut.evidence, groups, seed)
    const reason = best?.losesThings ? 'loses-things' : 'not-better'
    return ended({ ...judged, verdict: { ...judged.verdict, passes: false, reason } }, trials)
  }
  const refitted = await run.refit(chosen.setting, start, whole)
  const model = refitted && (await averagedOrNot(run, options, refitted, whole))
  const evidence = model ? await run.ask(model, [whole]) : opponents[0].evidence
  const judged = byWitnesses(evidence)
  const { serving, servingProjected, bits } = options
  if (serving.codebooks.M !== start.codebooks.M) {
    const { score } = scoreOfEvidence(await run.ask(serving, [whole], servingProjected))
    prices.push({ bits: serving.codebooks.M * 4, score })
    prices.push({ bits, score: scoreOfEvidence(evidence).score })
  }
  return ended(judged, trials, chosen.setting, judged.verdict.passes ? model : undefined)
}

/** What serves, if it has these bits, and the start. */
async function opponentsOf(
  run: HeadRun,
  { start: first, serving, servingProjected, isServingTrainedOnAll = false }: LearnHeadOptions,
  start: HeadAndCodebooks,
  whole: Split
): Promise<[Opponent, ...Opponent[]]> {
  const untrained: Opponent = {
    name: 'start',
    evidence: await run.ask(start, [whole]),
    isTrained: false
  }
  if (serving === first || serving.codebooks.M !== start.codebooks.M) return [untrained]
  const evidence = await run.ask(serving, [whole], servingProjected)
  return [{ name: 'serving', evidence, isTrained: isServingTrainedOnAll }, untrained]
}

/**
 * The model, averaging or not (METHOD.md 4.9): it must score higher by photos that it was trained
 * on, and may not lose things.
 */
async function averagedOrNot(
  run: HeadRun,
  { data, start, multiply, seed }: LearnHeadOptions,
  model: HeadAndCodebooks,
  whole: Split
): Promise<HeadAndCodebooks | Awaited<ReturnType<typeof averagedQuantizer<HeadAndCodebooks>>>> {
  const books = combinedSeed(seed, AVERAGED_BOOKS)
  const { projection } = start
  const known = pickRows(data.projected, PROJECTED, whole.photos.rows) // no witness
  const averaged = await averagedQuantizer(model, projection, known, multiply, books)
  const queries = run.checked(whole.photos.rows)
  const asked = [{ ...whole, scorer: { ...whole.scorer, queries } }]
  const [before, after] = [await run.ask(model, asked), await run.ask(averaged, asked)]
  const groups = Int32Array.from(queries, (row) => whole.scorer.classes.fine[row]!)
  const isBetter = scoreOfEvidence(after).score > scoreOfEvidence(before).score
  return isBetter && !losesThings(before, after, { groups, seed }) ? averaged : model
}

/** Trains all settings on all splits. */
async function tryAll(
  run: HeadRun,
  settings: readonly Setting[],
  start: HeadAndCodebooks,
  splits: readonly Split[],
  loses: (after: Evidence) => boolean
): Promise<Tried[]> {
  const tried: Tried[] = []
  for (const setting of settings) {
    const rounds: Evidence[] = []
    let seconds = 0
    for (const split of splits) {
      const ended = await run.trial(setting, start, split)
      seconds += ended.seconds
      if (ended.evidence) rounds.push(ended.evidence)
    }
    const evidence = rounds.length === splits.length ? joinedEvidence(rounds) : undefined
    tried.push({
      setting,
      seconds,
      ...(evidence ? { ...scoreOfEvidence(evidence), evidence } : FAILED),
      losesThings: !evidence || loses(evidence)
    })
  }
  return tried
}

/** Judged against each opponent: the first that is not beaten is told, else the first of all. */
function judgeAll(
  opponents: readonly [Opponent, ...Opponent[]],
  after: Evidence,
  groups: Int32Array,
  seed: number
): Judged {
  const all = opponents.map(({ name, evidence, isTrained }) => ({
    opponent: name,
    scoreBefore: scoreOfEvidence(evidence).score,
    scoreAfter: scoreOfEvidence(after).score,
    verdict: judge(evidence, after, { groups, seed, isOpponentTrained: isTrained })
  }))
  return all.find(({ verdict }) => !verdict.passes) ?? all[0]!
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
