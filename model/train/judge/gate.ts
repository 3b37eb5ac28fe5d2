// The gate that every candidate passes before it serves (METHOD.md 4.7): it must find kinds better
// than its opponent by more than chance, and may not find the same things worse. Pure; seeded.
import { seededRandom } from '../../quant/random.ts'
import { kindsOf, thingsOf } from './evidence.ts'
import type { Evidence, Precisions } from './evidence.ts'

/** Queries that something is known of; with fewer nothing is decided. */
export const FEWEST_QUERIES = 100
const RESAMPLES = 2000
/**
 * The interval leaves out so much at each end (of 98 %), where the normal distribution has Z. With
 * 95 % some 6 of 100 worthless candidates are kept where models differ by chance in all their
 * codes, not query by query; the test of the gate has them.
 */
const TAIL = 0.01
const Z = 2.326
/** With fewer groups of queries nothing is decided either: an interval of them says little. */
const FEWEST_GROUPS = 10
/** Losses that nobody would see, though they can be told from chance: half a point. */
const UNSEEN_LOSS = 0.005

/** A mean difference, and where it lies with 98 % certainty. */
export interface Interval {
  mean: number
  low: number
  high: number
  /** That it is of, and the groups that they fall into. */
  queries: number
  groups: number
}

export type Reason =
  | 'better'
  | 'better-moments' // bursts are found better, and kinds no worse
  | 'not-better'
  | 'too-small' // better, but less than what was asked for
  | 'loses-things' // near duplicates and bursts
  | 'loses-events'
  | 'loses-folders'
  | 'too-few-queries'

export interface Verdict {
  passes: boolean
  reason: Reason
  /** Of kinds: after minus before. */
  gain: Interval
  /** Of things. */
  things: Interval
  /** Of bursts, by all photos that the clock knows of; none of a judge that was not told. */
  moments?: Interval
}

/** What two models find of bursts, and which query is of which burst. */
export interface Moments {
  before: Precisions
  after: Precisions
  /** The burst of each query, [q]. */
  groups: ArrayLike<number>
}

export interface GateOptions {
  /** Queries of one group are not independent of each other, [q]; left out: each is its own. */
  groups?: ArrayLike<number> | undefined
  /** The lower end of the gain must be above this. */
  leastGain?: number
  /** Whether it is enough that no loss is shown: the opponent knows these queries already. */
  isOpponentTrained?: boolean
  /**
   * Bursts by all photos: no model learns from the clock, so whom it learned from may be asked.
   * What gains here for sure passes, too, if it loses nothing else.
   */
  moments?: Moments | undefined
  seed: number
}

/** Whether `after` may take the place of `before`, by the same queries. */
export function judge(before: Evidence, after: Evidence, options: GateOptions): Verdict {
  const { leastGain = 0, isOpponentTrained = false } = options
  const moments = options.moments && momentsInterval(options.moments, options.seed)
  const isBetterInMoments = moments !== undefined && isCertain(moments)
  const between = (of: (evidence: Evidence) => Precisions | undefined): Interval =>
    pairedInterval(of(before) ?? NONE, of(after) ?? NONE, options)
  const gain = between(kindsOf)
  const things = between(thingsOf)
  const verdict = (reason: Reason): Verdict => ({
    passes: reason === 'better' || reason === 'better-moments',
    reason,
    gain,
    things,
    ...(moments && { moments })
  })
  if (!isEnough(gain)) return verdict('too-few-queries')
  if (moments && isEnough(moments) && isLoss(moments)) return verdict('loses-things')
  const isEqual = isOpponentTrained || isBetterInMoments
  if (isEqual ? isLoss(gain) : !(gain.low > 0)) return verdict('not-better')
  if (isLoss(things)) return verdict('loses-things')
  // Evidence from outside counts only where there is enough of it. An hour holds many things:
  // where the same clock shows that each is gathered better, the hour is what is scattered by it.
  for (const name of isBetterInMoments ? (['folders'] as const) : FROM_CIRCUMSTANCES) {
    const interval = between((evidence) => evidence[name])
    if (interval.queries >= FEWEST_QUERIES && isLoss(interval)) return verdict(`loses-${name}`)
  }
  if (gain.low > leastGain || isOpponentTrained) return verdict('better')
  return verdict(isBetterInMoments ? 'better-moments' : 'too-small')
}

/** Whether bursts are found better for sure: by enough of them, and so that it can be seen. */
export function gainsMoments(moments: Moments, seed: number): boolean {
  return isCertain(momentsInterval(moments, seed))
}

function momentsInterval({ before, after, groups }: Moments, seed: number): Interval {
  return pairedInterval(before, after, { groups, seed })
}

function isCertain(interval: Interval): boolean {
  return isEnough(interval) && interval.low > UNSEEN_LOSS
}

/** Whether there are queries enough to decide anything, given what they find by some model. */
export function canDecide(evidence: Evidence, groups?: ArrayLike<number>): boolean {
  return isEnough(pairedInterval(kindsOf(evidence), kindsOf(evidence), { groups, seed: 0 }))
}

/** Whether things are lost: the guard of the choice, where all else is compared by means. */
export function losesThings(before: Evidence, after: Evidence, options: GateOptions): boolean {
  return isLoss(pairedInterval(thingsOf(before), thingsOf(after), options))
}

const FROM_CIRCUMSTANCES = ['events', 'folders'] as const
const NONE: Precisions = new Float32Array()

function isEnough({ queries, groups }: Interval): boolean {
  return queries >= FEWEST_QUERIES && groups >= FEWEST_GROUPS
}

/** A loss that is no chance, and that can be seen. */
function isLoss({ high, queries }: Interval): boolean {
  return queries > 0 && high < -UNSEEN_LOSS
}

/**
 * The mean of after - before over the queries that both know, and its 98 % interval: the paired
 * percentile bootstrap (Efron), which draws whole groups of queries.
 */
export function pairedInterval(
  before: Precisions,
  after: Precisions,
  { groups, seed }: Pick<GateOptions, 'groups' | 'seed'>
): Interval {
  if (before.length !== after.length)
    throw new RangeError(`after: expected ${before.length} queries, got ${after.length}`)
  const sums = new Map<number, { sum: number; count: number }>()
  let [total, queries] = [0, 0]
  for (let query = 0; query < before.length; query++) {
    const difference = after[query]! - before[query]!
    if (Number.isNaN(difference)) continue
    const group = groups ? groups[query]! : query
    const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 }
    sums.set(group, { sum: sum + difference, count: count + 1 })
    total += difference
    queries++
  }
  if (queries === 0) return { mean: 0, low: 0, high: 0, queries, groups: 0 }
  const drawn = [...sums.values()]
  const random = seededRandom(seed)
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let [sum, count] = [0, 0]
    for (let i = 0; i < drawn.length; i++) {
      const one = drawn[Math.floor(random() * drawn.length)]!
      sum += one.sum
      count += one.count
    }
    return sum / count
  }).sort()
  const mean = total / queries
  const wider = expansion(drawn.length)
  const end = (place: number): number => mean + (means[place]! - mean) * wider
  return {
    mean,
    low: end(Math.floor(RESAMPLES * TAIL)),
    high: end(Math.ceil(RESAMPLES * (1 - TAIL)) - 1),
    queries,
    groups: drawn.length
  }
}

/**
 * How much wider the interval of so few groups must be: a bootstrap draws from them as if they were
 * all there are, and knows nothing of Student's t ("expanded percentile", Hesterberg 2015).
 */
function expansion(groups: number): number {
  const freedom = Math.max(groups - 1, 1)
  const second = (Z ** 3 + Z) / 4
  const third = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96
  const student = Z + second / freedom + third / freedom ** 2
  return (student / Z) * Math.sqrt(groups / freedom)
}
