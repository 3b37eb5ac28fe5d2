// Figures of a bench: percentiles, and places spread over a whole library. Pure.

export interface Percentiles {
  p50: number
  p95: number
}

/** The 50th and 95th percentile, to tenths. */
export function percentiles(times: readonly number[]): Percentiles {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  const place = Math.min(sorted.length - 1, Math.floor(share * sorted.length))
  return tenths(sorted[place] ?? Number.NaN)
}

/** Rounded to tenths. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

/** Places spread over the whole library: multiples of the golden ratio. */
export function fraction(turn: number): number {
  return (turn * 0.6180339887498949) % 1
}
