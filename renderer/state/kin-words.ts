// What the list of kin says of how near they are, and where it ends. Pure; runs in the page.
import type { Kin } from '../../main/wire/engine-records.ts'

/** A photo without kin is shown with so many of the least unlike. */
const FEWEST = 12

/** The place of the first of the kin that is little alike; their number where none is. */
export function firstLittle(kin: readonly Pick<Kin, 'nearness'>[]): number {
  const place = kin.findIndex(({ nearness }) => nearness === 'little' || nearness === 'chance')
  return place < 0 ? kin.length : place
}

/** Where kin end: behind it, all are alike by chance. At least some are shown. */
export function endOfKin(kin: readonly Pick<Kin, 'nearness'>[]): number {
  const end = kin.reduce((last, { nearness }, i) => (nearness === 'chance' ? last : i + 1), 0)
  return Math.min(kin.length, Math.max(FEWEST, end))
}
