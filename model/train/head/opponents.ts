// What a candidate is judged against: what serves and the untrained start, by the witnesses, and by
// bursts, which no model learns from (METHOD.md 4.7). Runs in compute.
import { scoreOfEvidence } from '../judge/evidence.ts'
import type { Evidence, Precisions } from '../judge/evidence.ts'
import { FEWEST_QUERIES, gainsMoments, judge } from '../judge/gate.ts'
import type { Averaging } from './averaged.ts'
import type { LearnHeadOptions, LearnHeadResult } from './head-contract.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import type { HeadRun, Split } from './head-run.ts'
import type { Scorer } from './score.ts'

/** How a candidate was judged: the part of the result that says so. */
export type OpponentVerdict = Pick<
  LearnHeadResult,
  'opponent' | 'scoreBefore' | 'scoreAfter' | 'verdict'
>

/** What queries find by a model. */
export interface Found {
  evidence: Evidence
  /** Of bursts, by photos that a burst is known of. */
  moments?: Precisions
}

/** What a candidate must beat. */
export interface Opponent extends Found {
  name: 'serving' | 'start'
  /** It has learned from those that query. */
  isTrained: boolean
}

/** Who asks: the witnesses about all, and photos of bursts about these. */
export interface Askers {
  witnesses: Split
  bursts: Pick<Split, 'scorer' | 'groups'> | undefined
}

/** Those of the photos that a burst is known of; undefined where these are too few to decide. */
export function burstsAmong(
  run: HeadRun,
  { outside }: LearnHeadOptions,
  photos: Uint32Array,
  scorer: Omit<Scorer, 'queries'>
): Askers['bursts'] {
  const labels = outside?.bursts
  if (!labels) return undefined
  const sizes = new Map<number, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const isOfBurst = (row: number): boolean => labels[row]! >= 0 && sizes.get(labels[row]!)! > 1
  const queries = run.checked(photos.filter(isOfBurst))
  if (queries.length < FEWEST_QUERIES) return undefined
  const groups = Int32Array.from(queries, (row) => labels[row]!)
  return { scorer: { ...scorer, queries }, groups }
}

/** Whether the photos held out find their bursts better for sure. */
export function isGainOfBursts(
  { bursts: before }: Evidence,
  { bursts: after }: Evidence,
  splits: readonly Pick<Split, 'scorer'>[],
  { outside, seed }: LearnHeadOptions
): boolean {
  const labels = outside?.bursts
  if (!before || !after || !labels) return false
  const groups = splits.flatMap(({ scorer }) => [...scorer.queries].map((row) => labels[row]!))
  return gainsMoments({ before, after, groups }, seed)
}

/** What both find by a model. */
export async function foundBy(
  run: HeadRun,
  model: Averaging,
  { witnesses, bursts }: Askers,
  projected?: Uint16Array
): Promise<Found> {
  const evidence = await run.ask(model, [witnesses], projected)
  const moments = bursts && (await run.ask(model, [bursts], projected)).bursts
  return { evidence, ...(moments && { moments }) }
}

/** What serves, if it has these bits, and the start. */
export async function opponentsOf(
  run: HeadRun,
  { start: first, serving, servingProjected, isServingTrainedOnAll = false }: LearnHeadOptions,
  start: HeadAndCodebooks,
  askers: Askers
): Promise<[Opponent, ...Opponent[]]> {
  const untrained: Opponent = {
    name: 'start',
    ...(await foundBy(run, start, askers)),
    isTrained: false
  }
  if (serving === first || serving.codebooks.M !== start.codebooks.M) return [untrained]
  const found = await foundBy(run, serving, askers, servingProjected)
  return [{ name: 'serving', ...found, isTrained: isServingTrainedOnAll }, untrained]
}

/** Judged against each opponent: the first that is not beaten is told, else the first of all. */
export function judgeAll(
  opponents: readonly [Opponent, ...Opponent[]],
  after: Found,
  { witnesses, bursts }: { witnesses: Pick<Split, 'groups'>; bursts?: Askers['bursts'] },
  seed: number
): OpponentVerdict {
  const all = opponents.map(({ name, evidence, moments, isTrained }) => ({
    opponent: name,
    scoreBefore: scoreOfEvidence(evidence).score,
    scoreAfter: scoreOfEvidence(after.evidence).score,
    verdict: judge(evidence, after.evidence, {
      groups: witnesses.groups,
      seed,
      isOpponentTrained: isTrained,
      ...(bursts &&
        moments &&
        after.moments && {
          moments: { before: moments, after: after.moments, groups: bursts.groups }
        })
    })
  }))
  return all.find(({ verdict }) => !verdict.passes) ?? all[0]!
}
