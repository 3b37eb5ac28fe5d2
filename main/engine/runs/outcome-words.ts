// How a run ended, in plain words: what was gained, between which bounds, and why nothing changed.
// Pure.
import type { Outcome } from '../../catalogue/run-table.ts'
import type { Depth, Interval, Verdict } from '../../wire/learning-contract.ts'

/** What a run came to, as far as it is told. */
export type Ended = Pick<Outcome, 'verdict' | 'opponent' | 'prices'> & {
  scoreBefore: number
  scoreAfter: number
  depth: Depth
}

/** Why the learned model serves now. */
export function keptReason(ended: Ended): string {
  const { verdict, scoreBefore, scoreAfter } = ended
  const scores = `${percent(scoreAfter)} instead of ${percent(scoreBefore)}`
  if (verdict?.reason === 'better-moments' && verdict.moments)
    return (
      `Kept: of ${verdict.moments.queries} photos that were taken within seconds of others, it ` +
      `finds these better than ${opponentOf(ended, 'what you had')}, and kinds as well ` +
      `(${scores}).${boundsOf(verdict.moments)}${pricesOf(ended)}`
    )
  return (
    `Kept: on ${photosOf(verdict)}, it groups what belongs together better than ` +
    `${opponentOf(ended, 'what you had')} (${scores}).${boundsOf(verdict?.gain)}${pricesOf(ended)}`
  )
}

/** Why nothing changed. */
export function droppedReason(ended: Ended): string {
  const { verdict, scoreBefore, scoreAfter } = ended
  const scores = `${percent(scoreAfter)} instead of ${percent(scoreBefore)}`
  switch (verdict?.reason) {
    case 'too-few-queries':
      return (
        `Not decided: of ${verdict.gain.queries} photos that were kept aside something is known ` +
        'by which a model can be judged, and it takes 100 of some variety. What you have stays. ' +
        'Kindred tries again when more photos have come.'
      )
    case 'loses-things':
      return (
        `Not kept: it ${verdict.gain.low > 0 ? 'groups kinds better, but ' : ''}` +
        'finds photos of the very same thing less well ' +
        `(${points(lostOf(verdict))} points).`
      )
    case 'loses-events':
      return 'Not kept: it finds photos that were taken within an hour of each other less well.'
    case 'loses-folders':
      return 'Not kept: it finds photos of the same folder less well.'
    case 'too-small':
      return (
        `Not kept: on ${photosOf(verdict)}, it is better (${scores}), but not by as much as it ` +
        `takes to describe all photos anew.${boundsOf(verdict.gain)}`
      )
    default:
      return (
        `Not kept: on ${photosOf(verdict)}, it is not certain to be better than ` +
        `${opponentOf(ended, 'what you have')} (${scores}).${boundsOf(verdict?.gain)}${pricesOf(ended)}`
      )
  }
}

/** What was lost: photos of bursts, or of what is nearly the same. */
function lostOf({ things, moments }: Verdict): number {
  return Math.min(things.mean, moments?.mean ?? 0)
}

function opponentOf({ depth, opponent }: Ended, serving: string): string {
  if (depth === 'deep') return 'the model it began with'
  return opponent === 'start' ? 'codes of this size without learning' : serving
}

function photosOf(verdict: Verdict | null): string {
  return verdict ? `${verdict.gain.queries} photos it had not learned from yet` : 'photos kept aside'
}

/** The interval, as a sentence. */
function boundsOf(interval: Interval | undefined): string {
  if (!interval) return ''
  const { mean, low, high } = interval
  return (
    ` The difference is ${points(mean)} points; with 98\u00a0% certainty it lies between ` +
    `${points(low)} and ${points(high)}.`
  )
}

/** What each size of codes is worth, where another was asked for. */
function pricesOf({ prices }: Ended): string {
  if (prices.length === 0) return ''
  const each = prices.map(({ bits, score }) => `${bits / 8} bytes a photo score ${percent(score)}`)
  return ` ${each.join(', ')}.`
}

function points(share: number): string {
  const value = (share * 100).toFixed(1)
  return Number(value) === 0 ? '0.0' : `${share > 0 ? '+' : ''}${value}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}\u00a0%`
}
