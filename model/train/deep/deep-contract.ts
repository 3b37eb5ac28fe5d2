// What deep training takes and gives (METHOD.md 6.2): types alone. For compute and the command
// line, through the door model/learning.ts. Pure.
import type { Card } from '../../image/card.ts'
import type { Size } from '../../image/augment.ts'
import type { Photo } from '../../image/preprocess.ts'
import type { Multiply } from '../../quant/multiply.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import type { Provider } from '../../runtime/onnxruntime.ts'
import type { Setting } from '../head/head-contract.ts'
import type { OutsideLabels } from '../head/score.ts'
import type { Verdict } from '../judge/gate.ts'

export interface TrainDeepOptions {
  /** The ONNX file of the backbone that `quantizer` was fitted on, and its card. */
  backbone: Uint8Array
  card: Card
  /** The learned (or first) model: head and codebooks start from it, its projection stays. */
  quantizer: Quantizer
  /** Photos; as many as `batch` at least, without those held out. */
  n: number
  /** Their projected features by `quantizer`, f16 [n, 256]: who is whose neighbour. */
  projected: Uint16Array
  /** Photos that are not trained on, so that `validateDeep` can ask them; none when left out. */
  heldOut?: Uint32Array
  /**
   * Pixels of photo 0 .. n - 1, short side about 256. Asked for two batches ahead at most; a photo
   * that cannot be read rejects, and ends the run.
   */
  picture: (photo: number) => Promise<Photo>
  /** Loss, temperature, pairs and steps; the head's chosen setting with fewer steps will do. */
  setting: Setting
  /**
   * Layers with weights that are trained, from the end of the backbone, depthwise ones left out; 10
   * when left out.
   */
  layers?: number
  /** Pairs of photos that a person said are no kin, [p, 2] rows; left out: none. */
  notKin?: Uint32Array
  /** Pairs of a step; DEEP_BATCH when left out. */
  batch?: number
  /** Highest rate of head and codebooks (AdamW); 1e-3 when left out. */
  rate?: number
  /** The share of it that the backbone gets, 1e-2 to 1e-3; 1e-2 when left out. */
  backboneShare?: number
  /** Pixels a photo has room in, of longer ones the middle is used; 384 x 384 when left out. */
  canvas?: Size
  seed: number
  provider: Provider
  /** sha-256 of bytes, lower-case hexadecimal. */
  sha256: (bytes: Uint8Array) => string
  /**
   * A checkpoint of a run with the same options: it goes on, and ends with the same numbers where
   * the photos are the same, too. Another run's is not used.
   */
  resume?: Uint8Array
  onProgress?: (progress: DeepProgress) => void
  /** What `resume` takes, some MB: after the first step here, then every half minute or so. */
  onCheckpoint?: (bytes: Uint8Array) => void
  checkpointMilliseconds?: number
  /** Called between steps: lets other work of the thread have its turn; rejects to stop. */
  giveWay: () => Promise<void>
  signal?: AbortSignal
}

export interface DeepProgress {
  step: number
  steps: number
  loss: number
  milliseconds: number
}

/** A candidate: whether it is better is for the score to say, once features were made anew. */
export interface TrainDeepResult {
  /** The whole tuned backbone as an ONNX file, for use in place of the one that was given. */
  backbone: Uint8Array
  card: Card
  /** Head and codebooks for the features of the tuned backbone. */
  quantizer: Quantizer
  /** Of each step; with a resumed run, of the steps since. */
  losses: number[]
  stepMilliseconds: number
}

/** A model and the library by it. */
export interface Described {
  quantizer: Quantizer
  /** f16 [n, 256], by its projection of its backbone's features. */
  projected: Uint16Array
}

export interface ValidateDeepOptions {
  /** What deep training began with, and what it gave. */
  before: Described
  after: Described
  /**
   * What serves, where it is not what was begun with: it has seen all photos, so it is compared on
   * some that both have learned from, and `after` must not be worse there.
   */
  serving?: Described
  /** Photos that ask: those that `trainDeep` left out; a few hundred will do. */
  heldOut: Uint32Array
  /** What photos have in common besides what their features say. */
  outside?: OutsideLabels
  /** Pairs of photos that a person said are no kin, [p, 2] rows; left out: none. */
  notKin?: Uint32Array
  seed: number
  multiply: Multiply
  giveWay: () => Promise<void>
}

export interface DeepValidation {
  /** Whether `after` is better on those held out, and no worse than what serves on the others. */
  kept: boolean
  scoreBefore: number
  scoreAfter: number
  /** How the gate judged it. */
  verdict: Verdict
}
