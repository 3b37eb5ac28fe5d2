// The learning rate over a run, in float64. Pure.

export interface Schedule {
  /** The highest rate. */
  rate: number
  /** Steps of the run. */
  steps: number
  /** Steps in which the rate rises in a line from `from` to `rate`. */
  warmUp?: number
  from?: number
  /** Rate after the last step, which a half cosine falls to (Loshchilov and Hutter 2017). */
  to?: number
}

/** The rate of step 1, 2, .. `steps`. */
export function rateAt(
  step: number,
  { rate, steps, warmUp = 0, from = 0, to = 0 }: Schedule
): number {
  if (step <= warmUp) return from + ((rate - from) * step) / warmUp
  const part = (step - warmUp - 1) / Math.max(steps - warmUp, 1)
  return to + (rate - to) * 0.5 * (1 + Math.cos(Math.PI * Math.min(part, 1)))
}
