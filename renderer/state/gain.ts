// Where the parts of a gain stand on their scale. Pure; runs in the page.
import type { Interval } from '../../main/wire/learning-contract.ts'

/** Free room at both ends of the scale, for the words below it. */
const MARGIN = 16

/** Places in percent of the width, from the left: of no gain, the gain and its bounds. */
export function gainSpan({ mean, low, high }: Pick<Interval, 'mean' | 'low' | 'high'>) {
  const [least, most] = [Math.min(low, 0), Math.max(high, 0)]
  const width = most - least || 1
  const place = (value: number): number => MARGIN + ((value - least) / width) * (100 - 2 * MARGIN)
  return { zero: place(0), mean: place(mean), low: place(low), high: place(high) }
}
