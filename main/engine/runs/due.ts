// When learning is due. Pure.
import type { LearnedUntil } from '../../catalogue/settings-table.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'

/** New photos that start the next run, as a share of those that were there at the last. */
const GROWTH = 0.1

/** How many new photos start the next run by themselves. */
export function newPhotosNeeded(until: LearnedUntil | undefined): number {
  return until ? Math.floor(until.photos * GROWTH) + 1 : FEWEST_TO_FIT
}

/** True when so many indexed photos, so many of them new, ask for a run. */
export function isDue(
  indexed: number,
  newPhotos: number,
  until: LearnedUntil | undefined
): boolean {
  return indexed >= FEWEST_TO_FIT && newPhotos >= newPhotosNeeded(until)
}
