// What is tried by itself, on how many steps, with how many photos held out; and which trial wins.
// The rules and their figures: METHOD.md 4.6 and the accuracy bench. Pure.
import { seededRandom } from '../../quant/random.ts'
import type { Score } from '../judge/evidence.ts'
import type { LossName, PairsName, Rung, Setting } from './head-contract.ts'

/** Photos of a batch; all, where there are fewer. */
export const BATCH = 256
/** How often each photo is seen in a trial, unless the steps say so first. */
const EPOCHS = 68
const FEWEST_STEPS = 200
const MOST_STEPS = 1000
/** Trials are repeated, on other photos held out, as long as they take so many steps in all. */
const STEPS_OF_REPEATS = 1000
const MOST_REPEATS = 4

/**
 * Successive halving [Halving]: all settings are trained for this share of their steps, unless
 * these are too few, and those that do best for all of them.
 */
const FIRST_SHARE = 1 / 4
/** Settings that are trained for all steps then. */
const FINALISTS = 2

/** Held out at least, but never more than a sixth of the photos. */
const FEWEST_HELD = 200

/**
 * How much better views alone must be to win over neighbours. Neighbours pull the photos that are
 * trained on together, which the score of photos held out does not show (measured with 2 bytes on
 * photos of the same things: equal on those held out, .992 against .977 once trained on all).
 */
const VIEWS_HANDICAP = 0.01
/**
 * Qualities that differ by less are taken for equal, and the sharper setting wins: it loses little
 * on kinds, where a softer one loses much on things. Measured: two settings whose quality differs
 * by .0065 have .854 and .869 on kinds, but .993 and .968 on things (both sets as one library); two
 * that differ by .0088 have .972 and .998 on things at 2 bytes.
 */
const EQUAL = 0.01

type Candidate = Pick<Setting, 'temperature' | 'neighbourShare' | 'similarityRatio'>

/** From "the very same thing" to "the same kind" (METHOD.md 4.4). */
const NEIGHBOURS: readonly Candidate[] = [
  { temperature: 0.15, neighbourShare: 0.5, similarityRatio: 0.92 },
  { temperature: 0.2, neighbourShare: 0.5, similarityRatio: 0.92 },
  { temperature: 0.2, neighbourShare: 0.8, similarityRatio: 0.85 },
  { temperature: 0.3, neighbourShare: 0.8, similarityRatio: 0.85 }
]
/** Positives as in the papers; neighbours are left out of the negatives all the same. */
const VIEWS: Candidate = { temperature: 0.2, neighbourShare: 0, similarityRatio: 0.85 }
/** The papers' pairs: as r is above 1, nobody is a neighbour. */
const PAPERS: Candidate = { temperature: 0.2, neighbourShare: 0, similarityRatio: 2 }

export interface Choices {
  loss: LossName
  pairs: PairsName | 'automatic'
  temperature?: number
  steps?: number
}

/** Steps that a library of n photos is trained for. */
export function stepsFor(n: number): number {
  return Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, Math.round((EPOCHS * n) / BATCH)))
}

/**
 * How often a setting is tried, and the winner trained on all photos: few photos give scores that
 * are half chance, and few steps.
 */
export function repeatsFor(settings: readonly Setting[]): number {
  const most = Math.max(...settings.map(({ steps }) => steps))
  return Math.min(MOST_REPEATS, Math.max(1, Math.floor(STEPS_OF_REPEATS / most)))
}

/** The rungs of so many settings, the first for all of them. */
export function rungsOf(settings: readonly Setting[]): Rung[] {
  const count = settings.length
  const least = Math.min(...settings.map(({ steps }) => steps))
  if (count <= FINALISTS || FIRST_SHARE * least < FEWEST_STEPS) return [{ count, share: 1 }]
  return [
    { count, share: FIRST_SHARE },
    { count: FINALISTS, share: 1 }
  ]
}

/** Steps of each training of a run, in their order; `refits` come after the trials. */
export function stepsOfTrainings(
  settings: readonly Setting[],
  repeats: number,
  refits: number,
  rungs: readonly Rung[] = rungsOf(settings)
): number[] {
  const whole = settings.map(({ steps }) => steps)
  const tried = rungs.flatMap(({ count, share }) =>
    whole.slice(0, count).flatMap((steps) => repeated(Math.round(share * steps), repeats))
  )
  return [...tried, ...repeated(Math.max(...whole), refits * repeats)]
}

function repeated(steps: number, times: number): number[] {
  return Array<number>(times).fill(steps)
}

/** What is tried for n photos; what is chosen by hand holds for every trial. */
export function settingsFor(n: number, choices: Choices): Setting[] {
  const { loss, pairs, temperature, steps = stepsFor(n) } = choices
  const full = (pairs: PairsName, candidate: Candidate): Setting => ({
    loss,
    pairs,
    ...candidate,
    temperature: temperature ?? candidate.temperature,
    steps
  })
  if (pairs === 'views') return [full('views', PAPERS)]
  const found = pairs === 'automatic' ? [full('views', VIEWS)] : []
  found.push(...NEIGHBOURS.map((each) => full('neighbours', each)))
  const texts = found.map((setting) => JSON.stringify(setting))
  return found.filter((_, place) => texts.indexOf(texts[place]!) === place)
}

/** Which of n photos no trial sees, ascending: max(n / 10, min(200, n / 6)), at random. */
export function holdOut(n: number, seed: number): Uint32Array {
  const count = Math.round(Math.max(n / 10, Math.min(FEWEST_HELD, n / 6)))
  return shuffled(n, seededRandom(seed)).slice(0, count).sort()
}

/** 0 .. n - 1 in random order (Fisher and Yates). */
export function shuffled(n: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/**
 * How good a model is for kinds and for near duplicates alike. The score alone goes too far towards
 * kinds where a library holds several photos of the same things (measured: the accuracy bench's
 * mixed library lost .032 on things), near duplicates alone too far the other way.
 */
export function quality({ score, nearDuplicates }: Score): number {
  return score + nearDuplicates
}

type Choice = Score & {
  setting: Pick<Setting, 'neighbourShare'>
  /** It loses near duplicates, by more than chance. */
  losesThings: boolean
  /** It finds bursts better, by more than chance. */
  gainsMoments?: boolean
}

/**
 * The place of the trial to train on all photos, or undefined when none has a higher score than
 * `least`, the start's, or finds bursts better, without losing near duplicates: of these the one
 * of the highest quality, or the first neighbour setting, since they come from the sharpest on,
 * that is about as good.
 */
export function choose(trials: readonly Choice[], least: number): number | undefined {
  const isBetter = ({ score, gainsMoments }: Choice): boolean =>
    score > least || gainsMoments === true
  return best(trials, (trial) => isBetter(trial) && !trial.losesThings)
}

/**
 * The places of the trials whose settings are trained further, ascending: what would be chosen now,
 * and those of the highest worth beside it.
 */
export function finalists(trials: readonly Choice[], count: number): number[] {
  const order = [...trials.keys()].sort(
    (a, b) =>
      Number(trials[a]!.losesThings) - Number(trials[b]!.losesThings) ||
      worthOf(trials[b]!) - worthOf(trials[a]!)
  )
  const chosen = best(trials, (trial) => !trial.losesThings)
  const first = chosen === undefined ? order : [chosen, ...order]
  return [...new Set(first)].slice(0, count).sort((a, b) => a - b)
}

/** The place of the best of those that may be chosen, sharper ones first. */
function best(
  trials: readonly Choice[],
  mayBe: (trial: Choice) => boolean
): number | undefined {
  const able = trials.flatMap((trial, place) => (mayBe(trial) ? [{ trial, place }] : []))
  const highest = Math.max(...able.map(({ trial }) => worthOf(trial)))
  const isAsGood = ({ trial }: (typeof able)[number]): boolean =>
    trial.setting.neighbourShare > 0 && highest - worthOf(trial) < EQUAL
  return (able.find(isAsGood) ?? able.find(({ trial }) => worthOf(trial) === highest))?.place
}

function worthOf(trial: Choice): number {
  return quality(trial) - (trial.setting.neighbourShare === 0 ? VIEWS_HANDICAP : 0)
}
