// The loss of SPQ (Jang and Cho, ICCV 2021, section 3.2; METHOD.md 1.2): cross-quantized
// contrastive. Pure.
import { add, concat, slice } from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { softQuantize } from '../nn/quantization.ts'
import { contrastive } from './pairs.ts'

export interface SpqOptions {
  /** Temperature of the cosines; 0.5 in the paper. */
  temperature?: number
  /** Hardness t of the soft quantization; 5 in the paper's code. */
  hardness?: number
  /**
   * [2B, 2B] of 0 and 1 over the photos of view a, then those of view b, which may be others: pairs
   * to leave out of the negatives (METHOD.md 4.3).
   */
  keep?: Value
}

/**
 * Descriptors of one view against soft-quantized ones of the other: with U = [x_a; z_b] and
 * V = [x_b; z_a], the contrastive loss of U plus that of V.
 * @param xa, xb descriptors of the two views, [B, M*L]
 * @param codebooks [M, K, L]
 */
export function spqLoss(xa: Value, xb: Value, codebooks: Value, options: SpqOptions = {}): Value {
  const { temperature = 0.5, hardness = 5, keep } = options
  const za = softQuantize(xa, codebooks, hardness).z
  const zb = softQuantize(xb, codebooks, hardness).z
  return add(
    contrastive(concat([xa, zb], 0), temperature, keep),
    contrastive(concat([xb, za], 0), temperature, keep && exchanged(exchanged(keep, 0), 1))
  )
}

/** The halves of an axis the other way round: V begins with view b. */
function exchanged(value: Value, axis: number): Value {
  const length = value.shape[axis] ?? 0
  return concat([slice(value, axis, length / 2, length), slice(value, axis, 0, length / 2)], axis)
}
