// How a run ended, in plain words. Pure.
import type { LearnResult } from '../../wire/learning-contract.ts'

type Scores = Pick<LearnResult, 'scoreBefore' | 'scoreAfter'>

/** Why the learned model serves now. */
export function keptReason({ scoreBefore, scoreAfter }: Scores): string {
  return (
    'Kept: on photos it had not seen, it groups what belongs together better than before ' +
    `(${percent(scoreAfter)} instead of ${percent(scoreBefore)}).`
  )
}

/** Why nothing changed: what serves, or the general model that it began with, is as good. */
export function droppedReason({ scoreBefore, scoreAfter }: Scores): string {
  if (scoreAfter > scoreBefore)
    return (
      'Not kept: what it learned is not better than the general model it began with ' +
      `(${percent(scoreAfter)} on photos it had not seen; what you have: ${percent(scoreBefore)}).`
    )
  return (
    'Not kept: what it learned is not better than what you have ' +
    `(${percent(scoreAfter)} on photos it had not seen; what you have: ${percent(scoreBefore)}).`
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
