// How the two papers train on CIFAR-10 (METHOD.md 1 and 2): their losses, rates and views. Pure.
import { PAPER_VIEWS } from '../../image/augment.ts'
import type { AugmentationSettings } from '../../image/augment.ts'
import type { Value } from '../../graph/ops.ts'
import type { Schedule } from '../schedule.ts'
import { spqLoss } from '../spq-loss.ts'
import { sscqLoss } from '../sscq-loss.ts'

export const METHODS = ['spq', 'sscq'] as const
export type Method = (typeof METHODS)[number]

/** Bits a code; M = bits / 4 codebooks of 16 codewords. */
export const BITS = [16, 32, 64] as const
export type Bits = (typeof BITS)[number]

/** Codewords of a codebook, and numbers of a codeword. */
export const CODEWORDS = 16
export const CODEWORD_LENGTH = 16

export interface Recipe {
  /** Epochs of the published result. */
  readonly epochs: number
  readonly rate: number
  /** Where the warm-up begins and the cosine ends. */
  readonly from: number
  readonly to: number
  /** L2, added to the gradient. */
  readonly decay: number
  readonly views: AugmentationSettings
  /** Descriptors of two views [B, M*L] and codebooks [M, K, L] to the loss. */
  loss(xa: Value, xb: Value, codebooks: Value): Value
}

/** Epochs of warm-up, in a run of ten times as many or more; a tenth of a shorter one. */
const WARM_UP_EPOCHS = 10

export const RECIPES: Readonly<Record<Method, Recipe>> = {
  spq: {
    epochs: 2000,
    rate: 3e-4,
    from: 0,
    to: 0,
    decay: 1e-5,
    views: PAPER_VIEWS,
    loss: spqLoss
  },
  sscq: {
    epochs: 800,
    rate: 5e-4,
    from: 1e-5,
    to: 5e-5,
    decay: 0,
    views: { ...PAPER_VIEWS, blur: { ...PAPER_VIEWS.blur, probability: 1 } },
    loss: (xa, xb, codebooks) => sscqLoss(xa, xb, codebooks).total
  }
}

/**
 * One warm-up and one cosine over the whole run. (SPQ's published code steps its cosine once an
 * epoch with a period counted in batches, so that it swings; see METHOD.md 1.3.)
 */
export function scheduleOf(recipe: Recipe, epochs: number, stepsPerEpoch: number): Schedule {
  const { rate, from, to } = recipe
  const warmUp = Math.round(Math.min(WARM_UP_EPOCHS, epochs / 10) * stepsPerEpoch)
  return { rate, from, to, warmUp, steps: epochs * stepsPerEpoch }
}
