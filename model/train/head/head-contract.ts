// What the learning of a head takes and gives (METHOD.md 4): types alone. For compute and the
// command line, through the door model/learning.ts. Pure.
import type { Multiply } from '../../quant/multiply.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import type { Provider } from '../../runtime/onnxruntime.ts'
import type { Score } from '../judge/evidence.ts'
import type { Verdict } from '../judge/gate.ts'
import type { OutsideLabels } from './score.ts'

/** What is learned from: f16 bit patterns, row-major, all by the projection of `start`. */
export interface LearnData {
  /** Photos; 256 at least, some 20,000 at most. */
  n: number
  /** Clean photos, [n, 256]. */
  projected: Uint16Array
  /** Augmented views of each photo, [n, V, 256]. */
  views: Uint16Array
  V: number
}

export type LossName = 'spq' | 'sscq'
export type PairsName = 'neighbours' | 'views'

/** One way to train; what trials are compared by. */
export interface Setting {
  loss: LossName
  /** neighbours: positives are views of graph neighbours too; views: of the photo itself alone. */
  pairs: PairsName
  /** Temperature of the cosines. */
  temperature: number
  /** The share of positives that are a neighbour's (METHOD.md 4.3); 0 for `views`. */
  neighbourShare: number
  /** How near mutual neighbours must be, as a share of the nearest's similarity (METHOD.md 4.3). */
  similarityRatio: number
  steps: number
  /** Photos of a batch come in groups of near ones (METHOD.md 4.5); left out: at random. */
  local?: { groups: number; members: number; near: number }
}

/** How many settings are trained, and for which share of their steps. */
export interface Rung {
  count: number
  share: number
}

/** A setting and its score: the mean over its repeats. */
export interface Trial extends Score {
  setting: Setting
  seconds: number
}

export interface HeadProgress {
  phase: 'graph' | 'training' | 'validation'
  /** Of the phase; of `training`: steps of all trials. */
  done: number
  total: number
  /** From 0; each setting is tried once or more, the last ones are the winner on all photos. */
  trial: number
  trials: number
  /** Of this trial. */
  step: number
  loss?: number
}

export interface LearnHeadOptions {
  data: LearnData
  /** The first quantizer of this projection (linear head): training starts from it. */
  start: Quantizer
  /**
   * What a candidate has to beat, where it has these bits: of the model that serves what was
   * trained without the witnesses, or `start`.
   */
  serving: Quantizer
  /** Whether `serving` has learned from the witnesses, too: no comparison is quite fair then. */
  isServingTrainedOnAll?: boolean
  /** Clean photos as `serving` projects them, [n, 256], where its projection is another one. */
  servingProjected?: Uint16Array
  /** Of the code; where `start` has others, a start of these is fitted to `data.projected`. */
  bits: 16 | 32 | 64 | 128
  loss: LossName
  /** automatic: the trials are compared and the best is chosen without labels. */
  pairs: PairsName | 'automatic'
  /** Left out: chosen. */
  temperature?: number
  /** Left out: by the number of photos. */
  steps?: number
  seed: number
  /**
   * 1 for the witnesses, [n]: photos that no model is trained on that is compared with another,
   * so that they can be asked about any. With fewer than 100 that can be asked nothing is trained.
   */
  witness: Uint8Array
  /** What photos have in common besides what their features say. */
  outside?: OutsideLabels
  /** Pairs of photos that a person said are no kin, [p, 2] rows; left out: none. */
  notKin?: Uint32Array
  /** What runs the training step. */
  provider: Provider
  /** The products of graph and encoding. */
  multiply: Multiply
  /** Instead of the trials that `pairs` and `temperature` stand for. */
  settings?: readonly Setting[]
  /** How the trials are halved; left out: by the steps. */
  rungs?: readonly Rung[]
  /** How often each is tried, and the winner trained on all photos; left out: by the steps. */
  repeats?: number
  /**
   * A checkpoint of a run with the same options and data: the run goes on from there and ends with
   * the very same numbers. One of another run is not used.
   */
  resume?: Uint8Array
  onProgress?: (progress: HeadProgress) => void
  /** Every few seconds and after each trial: what `resume` takes. */
  onCheckpoint?: (bytes: Uint8Array) => void
  /** Called between steps: lets other work of the thread have its turn; rejects to stop. */
  giveWay: () => Promise<void>
  signal?: AbortSignal
}

export interface LearnHeadResult {
  /** Whether `quantizer` is better than `serving` and is to take its place. */
  kept: boolean
  /** The learned model, in the end trained on all photos; null when none was better. */
  quantizer: Quantizer | null
  /** Trained alike without the witnesses: what was judged, and later candidates have to beat. */
  blind: Quantizer | null
  /** Of what the candidate is compared with, on the witnesses. */
  scoreBefore: number
  /** Of the candidate on the same photos; as before, where there is none. */
  scoreAfter: number
  /** What the candidate had to beat last: what serves, or the start of these bits. */
  opponent: 'serving' | 'start'
  /** How the gate judged it. */
  verdict: Verdict
  /** What the witnesses score by what serves and by the candidate, where these have other bits. */
  prices: { bits: number; score: number }[]
  /** Of all trials together. */
  steps: number
  /** Mean time of a step. */
  stepMilliseconds: number
  /** The chosen one; null when none was better. */
  setting: Setting | null
  trials: Trial[]
}
