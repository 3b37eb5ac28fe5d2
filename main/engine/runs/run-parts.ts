// What the parts of a run share. Types, and the seed of all that is drawn.
import type { Outcome } from '../../catalogue/run-table.ts'
import type { Fault } from '../../wire/fault.ts'
import type { Context } from '../context.ts'
import type { Fitter } from '../models/fitter.ts'
import type { DeviceChoice } from './device-choice.ts'
import type { LearningMeter } from './learning-meter.ts'
import type { ModelSwap } from '../models/model-swap.ts'
import type { Tidying } from '../models/tidying.ts'

/** Unless the run says otherwise. */
export const SEED = 1

export interface RunParts {
  context: Context
  fitter: Fitter
  swap: ModelSwap
  tidying: Tidying
  meter: LearningMeter
  devices: DeviceChoice
  /** Something failed, and the run goes on; undefined: it went well again. */
  note(fault: Fault | undefined): void
  /** That the run has taken so far, over all its lives. */
  seconds(): number
}

/** Photos of a run, and which share of them are witnesses. */
export interface Sample {
  sample: Uint32Array
  share: number
}

/** What training ended with, once its scores are known. */
export type Proven = Outcome & { scoreBefore: number; scoreAfter: number }

export interface Trained {
  outcome: Proven
  /** What is to serve; null: nothing is better than what there is. */
  model: number | null
}

/** Whether the scores are known: not yet, where a tuned backbone was killed before validation. */
export function isProven(outcome: Outcome | null): outcome is Proven {
  return outcome !== null && outcome.scoreBefore !== null && outcome.scoreAfter !== null
}
