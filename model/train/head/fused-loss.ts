// SPQ's loss with its gradient written out: the same numbers as spq-loss.ts at half the time of the
// [2B, 2B] matrices of pairs, which are most of a head's step. Pure.
import { normalize } from '../../graph/composites.ts'
import {
  add,
  concat,
  divide,
  exp,
  log,
  matmul,
  maximum,
  multiply,
  reduceMean,
  reduceSum,
  slice,
  stopGradient,
  subtract,
  transpose
} from '../../graph/functions.ts'
import type { Value } from '../../graph/ops.ts'

/** A sum of exponentials is at least this: with temperatures near 0 all may vanish in f32. */
const LEAST_SUM = 1e-30

/** `value` as a function of x whose gradient is the one given, [shape of x]. */
function withGradient(value: Value, x: Value, gradient: Value): Value {
  const along = reduceSum(multiply(x, stopGradient(gradient)))
  return add(stopGradient(value), subtract(along, stopGradient(along)))
}

/** Rows B .. 2B before rows 0 .. B. */
function swapped(rows: Value): Value {
  const n = rows.shape[0] ?? 0
  return concat([slice(rows, 0, n / 2, n), slice(rows, 0, 0, n / 2)], 0)
}

/**
 * `contrastive` of pairs.ts with a symmetric mask. With u the rows of length 1, E =
 * exp((u u' - 1) / T) without the pairs left out, Z its row sums and p the positives, the loss is
 * the mean of log Z
 * - (u.p - 1) / T and its gradient in u is (E (1/Z_i + 1/Z_j) u - 2 p) / (2B T).
 * @param rows [2B, D]: view a of each photo, then view b
 * @param bias [2B, 2B], symmetric: -1 / T for a pair that counts, else MASKED_LOGIT
 */
export function fusedContrastive(rows: Value, temperature: number, bias: Value): Value {
  const n = rows.shape[0] ?? 0
  const unit = normalize(rows)
  const u = multiply(stopGradient(unit), 1 / Math.sqrt(temperature))
  const positives = swapped(u)
  const exponentials = exp(add(matmul(u, u, { transposeB: true }), bias))
  const sums = maximum(reduceSum(exponentials, [1], true), LEAST_SUM)
  const inverse = divide(1, sums)
  const shares = multiply(exponentials, add(inverse, transpose(inverse)))
  const pulls = subtract(matmul(shares, u), multiply(positives, 2))
  const chosen = subtract(reduceSum(multiply(u, positives), [1], true), 1 / temperature)
  const value = reduceMean(subtract(log(sums), chosen))
  return withGradient(value, unit, multiply(pulls, 1 / (n * Math.sqrt(temperature))))
}

/**
 * SPQ's loss of descriptors and their soft-quantized twins. U = [x_a; z_b] as in the paper; V is
 * taken as [z_a; x_b], so that the rows of both are the same photos and one mask fits both.
 * @param x, z [2B, M*L]: view a of each photo, then view b
 * @param bias as in `fusedContrastive`
 */
export function fusedSpqLoss(x: Value, z: Value, temperature: number, bias: Value): Value {
  const n = x.shape[0] ?? 0
  const first = (rows: Value): Value => slice(rows, 0, 0, n / 2)
  const second = (rows: Value): Value => slice(rows, 0, n / 2, n)
  return add(
    fusedContrastive(concat([first(x), second(z)], 0), temperature, bias),
    fusedContrastive(concat([first(z), second(x)], 0), temperature, bias)
  )
}
