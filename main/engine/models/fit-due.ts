// When a first quantizer is due: by the growth of the library since the last fit. Runs in the
// writer. Pure.
import { FEWEST_TO_FIT, MOST_TO_FIT } from '../../../model/retrieval.ts'
import { FAILED_FITS } from '../faults/decision.ts'

/** Growth since the last fit that asks for a new one: during a run of indexing, and at its end. */
const GROWTH_DURING = 1.5
const GROWTH_AT_END = 1.1
/** A fit stops the backbone: during a run fits take at most this share of the time. */
const SHARE = 1 / 50

/** True when a fit on `fittedOn` photos no longer stands for `indexed` ones. */
export function hasOutgrown(
  indexed: number,
  fittedOn: number | undefined,
  ended: boolean
): boolean {
  if (indexed < FEWEST_TO_FIT) return false
  if (fittedOn === undefined) return true
  const usable = Math.min(indexed, MOST_TO_FIT)
  return usable > fittedOn * (ended ? GROWTH_AT_END : GROWTH_DURING)
}

/** How the fits of this life of the engine have gone; the next may be another Kindred. In ms. */
export class FitHistory {
  #failures = 0
  #photos = 0 // when the last fit began
  #ended = -Infinity
  #took = 0

  /** A fit begins, with so many photos indexed. */
  begins(photos: number): void {
    this.#photos = photos
  }

  /** A fit has ended, or what lets its quantizer serve has. */
  ends(how: 'well' | 'badly' | 'stopped', took: number): void {
    this.#ended = performance.now()
    this.#took = took
    if (how === 'badly') this.#failures++
    if (how === 'well') this.#failures = 0
  }

  /** Several have failed in a row, and the library has not grown since. */
  isHopeless(indexed: number): boolean {
    return this.#failures >= FAILED_FITS && indexed < this.#photos * GROWTH_DURING
  }

  /** Another fit would take more of the time than fits may. */
  isTooSoon(): boolean {
    return performance.now() - this.#ended < this.#took / SHARE
  }
}
