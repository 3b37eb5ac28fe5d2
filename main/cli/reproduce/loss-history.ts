// What is known of each epoch of a run, what it comes to, and its log. Pure.
import * as v from 'valibot'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

/** An epoch: 0 is the untrained network, which has no loss; mAP only where it was evaluated. */
export const Epoch = v.object({
  epoch: whole,
  loss: v.optional(v.number()),
  seconds: v.optional(v.number()), // of its training
  evaluation: v.optional(
    v.object({
      all: v.number(), // mAP of all test queries: the papers' figure
      heldOut: v.number(), // of the tenth by which the best epoch is chosen
      others: v.number() // of the other nine tenths
    })
  )
})
export type Epoch = v.InferOutput<typeof Epoch>
export type Evaluation = NonNullable<Epoch['evaluation']>

export interface Best {
  /** Of all test queries, as the papers choose it. */
  epoch: number
  value: number
  /**
   * Chosen by the held-out tenth of the queries: its mAP there, and at the same epoch that of the
   * queries that chose nothing.
   */
  heldOut: { epoch: number; value: number; others: number }
}

/** Adds what became known of an epoch. */
export function withEpoch(history: readonly Epoch[], news: Epoch): Epoch[] {
  const before = history.find(({ epoch }) => epoch === news.epoch)
  const others = history.filter(({ epoch }) => epoch !== news.epoch)
  return [...others, { ...before, ...news }].sort((a, b) => a.epoch - b.epoch)
}

/** Losses of epoch 1, 2, .. */
export function lossesOf(history: readonly Epoch[]): number[] {
  return history.flatMap(({ loss }) => (loss === undefined ? [] : [loss]))
}

/** mAP of all test queries, at the epochs where it was measured. */
export function valuesOf(history: readonly Epoch[]): { epoch: number; value: number }[] {
  return evaluated(history).map(({ epoch, evaluation }) => ({ epoch, value: evaluation.all }))
}

/** The best epochs; of equal ones the first. Throws RangeError when none was evaluated. */
export function bestOf(history: readonly Epoch[]): Best {
  const epochs = evaluated(history)
  const highest = (of: 'all' | 'heldOut') =>
    epochs.reduce((best, each) => (each.evaluation[of] > best.evaluation[of] ? each : best))
  if (epochs.length === 0) throw new RangeError('history: expected an evaluated epoch, got none')
  const [shown, chosen] = [highest('all'), highest('heldOut')]
  return {
    epoch: shown.epoch,
    value: shown.evaluation.all,
    heldOut: {
      epoch: chosen.epoch,
      value: chosen.evaluation.heldOut,
      others: chosen.evaluation.others
    }
  }
}

/** One line of JSON an epoch. */
export function logOf(history: readonly Epoch[]): string {
  const lines = history.map(({ epoch, loss, seconds, evaluation }) => {
    const { all: mAP, heldOut, others } = evaluation ?? {}
    return JSON.stringify({ epoch, loss, mAP, heldOut, others, seconds })
  })
  return lines.map((line) => `${line}\n`).join('')
}

function evaluated(history: readonly Epoch[]): { epoch: number; evaluation: Evaluation }[] {
  return history.flatMap(({ epoch, evaluation }) => (evaluation ? [{ epoch, evaluation }] : []))
}
