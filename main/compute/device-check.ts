// Whether a device computes right: what it gives is held against what the processor gives of the
// same input. Pure.
import { cosine } from './cosine.ts'

/** The least cosine of a picture's features to the processor's. */
export const LEAST_COSINE = 0.9995
/** How far the loss of a step may be from the processor's, as a share of it. */
export const LOSS_TOLERANCE = 0.01

/** What is wrong with the features [n, D] of some pictures; undefined when they are right. */
export function wrongFeatures(
  processors: Float32Array,
  got: Float32Array,
  D: number
): string | undefined {
  if (!got.every(Number.isFinite)) return 'its features are no numbers'
  const cosines: number[] = []
  for (let from = 0; from < processors.length; from += D)
    cosines.push(cosine(processors.subarray(from, from + D), got.subarray(from, from + D)))
  const least = Math.min(...cosines)
  if (least >= LEAST_COSINE) return undefined
  return `its features are not the processor's (cosine ${least.toFixed(4)}, not ${LEAST_COSINE})`
}

/**
 * What is wrong with the losses of the same steps of training; undefined when they fall as the
 * processor's do.
 */
export function wrongLosses(
  processors: readonly number[],
  got: readonly number[]
): string | undefined {
  for (const [at, loss] of processors.entries()) {
    const other = got[at] ?? NaN
    const isNear = Math.abs(other - loss) <= LOSS_TOLERANCE * Math.abs(loss) // never for NaN
    if (!isNear)
      return `the loss of step ${at + 1} is ${rounded(other)}, the processor's ${rounded(loss)}`
  }
  return undefined
}

function rounded(loss: number): string {
  return loss.toPrecision(4)
}
