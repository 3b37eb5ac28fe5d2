// Constant masks over the 2B rows of two stacked views, where row i and row i + B (mod 2B) are
// views of one photo; and the contrastive loss that both papers build on. Pure.
import { normalize } from '../graph/composites.ts'
import {
  add,
  logSoftmax,
  matmul,
  maximum,
  multiply,
  reduceMean,
  reduceSum,
  subtract
} from '../graph/functions.ts'
import { constant } from '../graph/graph.ts'
import { GraphError, specText } from '../graph/ops.ts'
import type { Value } from '../graph/ops.ts'
import { floats } from '../tensor/tensor.ts'

/**
 * Added to a logit that must not count. In f32 its exponential is exactly 0 beside any cosine over
 * a temperature of 0.001 or more, and small enough that the logits it is added to keep their
 * digits.
 */
export const MASKED_LOGIT = -1e5

/** A constant [rows, columns] of 1 where `holds`, else 0. */
export function indicator(
  rows: number,
  columns: number,
  holds: (row: number, column: number) => boolean
): Value {
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (holds(row, column)) data[row * columns + column] = 1
  return constant(floats([rows, columns], data))
}

/** Cosines between all rows of one matrix, over a temperature: [n, D] to [n, n]. */
export function cosinesOver(rows: Value, temperature: number): Value {
  const unit = normalize(rows)
  return multiply(matmul(unit, unit, { transposeB: true }), 1 / temperature)
}

/**
 * The normalised-temperature cross-entropy (NT-Xent; Chen et al. 2020, section 2.1; METHOD.md 1.2)
 * of 2B rows: each row's positive is the row B further on, all others but itself are its negatives;
 * the mean over rows.
 * @param rows [2B, D]: view a of each photo, then view b
 * @param keep optional [2B, 2B]: 0 leaves a pair out of the negatives, 1 keeps it; the positive
 *   always stays (METHOD.md 4.3). All ones give the loss without it, to the bit.
 */
export function contrastive(rows: Value, temperature: number, keep?: Value): Value {
  const n = rows.shape[0] ?? 0
  if (rows.shape.length !== 2 || n % 2 !== 0)
    throw new GraphError(`contrastive: expected [2B,D], got ${specText(rows)}`)
  const positive = indicator(n, n, (row, column) => column === (row + n / 2) % n)
  const self = multiply(
    indicator(n, n, (row, column) => row === column),
    MASKED_LOGIT
  )
  const cosines = add(cosinesOver(rows, temperature), self)
  const logits = keep
    ? add(cosines, multiply(subtract(1, maximum(keep, positive)), MASKED_LOGIT))
    : cosines
  const chosen = reduceSum(multiply(logSoftmax(logits), positive), [1])
  return multiply(reduceMean(chosen), -1)
}
