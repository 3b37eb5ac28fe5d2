// How a run ended, in plain words. Pure.
import type { Depth, LearnResult } from '../../wire/learning-contract.ts'

type Ended = Pick<LearnResult, 'scoreBefore' | 'scoreAfter'> & { depth: Depth }

/** Why the learned model serves now. */
export function keptReason({ scoreBefore, scoreAfter, depth }: Ended): string {
  const than = depth === 'deep' ? 'the model it began with' : 'before'
  return (
    `Kept: on photos it had not seen, it groups what belongs together better than ${than} ` +
    `(${percent(scoreAfter)} instead of ${percent(scoreBefore)}).`
  )
}

/** Why nothing changed: by the photos that were kept aside, or by the others. */
export function droppedReason({ scoreBefore, scoreAfter, depth }: Ended): string {
  if (scoreAfter > scoreBefore)
    return (
      'Not kept: it is better on photos it had not seen ' +
      `(${percent(scoreAfter)} instead of ${percent(scoreBefore)}), but not on the others.`
    )
  const former = depth === 'deep' ? 'the model it began with' : 'what you have'
  return (
    `Not kept: on photos it had not seen, it is not better than ${former} ` +
    `(${percent(scoreAfter)} instead of ${percent(scoreBefore)}).`
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
