// The baseline of deep training: a head is trained in a known setting, without the held-out photos,
// so that the validation compares two models which have not seen these. Runs in compute; no files.
import type { Quantizer } from '../../quant/quantizer.ts'
import type { LearnHeadOptions, Setting } from './head-contract.ts'
import { HeadRun } from './head-run.ts'
import { check } from './learn-head.ts'
import { groupsIn } from './near-duplicates.ts'

/** As for `learnHead`, whose choices are made here already. */
export type TrainBaselineOptions = Pick<
  LearnHeadOptions,
  | 'data'
  | 'start'
  | 'notKin'
  | 'bits'
  | 'seed'
  | 'provider'
  | 'multiply'
  | 'resume'
  | 'onProgress'
  | 'onCheckpoint'
  | 'giveWay'
  | 'signal'
> & {
  setting: Setting
  /** Photos that are neither trained on nor in the graph, ascending. */
  heldOut: Uint32Array
}

/**
 * Trains one setting once on all photos but those held out. Nothing is scored.
 * @throws RangeError when data and quantizer do not fit each other, or when the loss becomes no
 *   number
 * @throws what `giveWay` rejects with, or the signal's reason
 */
export async function trainBaseline(
  options: TrainBaselineOptions
): Promise<{ quantizer: Quantizer; stepMilliseconds: number }> {
  const { setting, heldOut, ...rest } = options
  const { loss, pairs } = setting
  const witness = new Uint8Array(rest.data.n)
  const whole = { ...rest, loss, pairs, serving: rest.start, witness }
  check(whole)
  const groups = await groupsIn(whole)
  const run = new HeadRun(whole, [setting], 1, groups, { planned: [setting.steps], heldOut })
  const start = await run.start()
  const model = await run.trainOnly(setting, start, await run.photosWithout(heldOut))
  if (!model) throw new RangeError('loss: expected a finite number at every step, got none')
  const { steps, milliseconds } = run.checkpoint
  return {
    quantizer: { ...rest.start, fittedOn: rest.data.n - heldOut.length, ...model },
    stepMilliseconds: milliseconds / steps
  }
}
