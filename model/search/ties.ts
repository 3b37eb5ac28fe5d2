// What a scan hands to the exact order, ties included. Codes of 2 bytes have 65,536 values, so many
// photos are equally far at the place where the list would be cut; the cut goes by ids, so it would
// always leave out the newest. Pure.
import type { CodeIndex, Matches, SearchOptions } from './code-index.ts'

/** Photos that are taken at most because they tie: each is read from the catalogue. */
export const MOST_TIED = 3000

/**
 * The k nearest by a table (see CodeIndex.search), and all that are exactly as far as the last of
 * them; no more than k or MOST_TIED, whichever is more.
 */
export function searchWithTies(
  index: Pick<CodeIndex, 'search'>,
  table: Float32Array,
  k: number,
  options: SearchOptions = {}
): Matches {
  if (k === 0) return index.search(table, k, options)
  const most = Math.max(k, MOST_TIED)
  for (let asked = Math.min(k + 1, most); ; asked = Math.min(2 * asked, most)) {
    const found = index.search(table, asked, options)
    const last = found.distances[k - 1]
    const isWhole = found.ids.length < asked || asked === most
    if (!isWhole && found.distances.at(-1) === last) continue
    const count = last === undefined ? found.ids.length : countUpTo(found.distances, last, k)
    return { ids: found.ids.slice(0, count), distances: found.distances.slice(0, count) }
  }
}

/** How many of the distances, which rise, are not above `last`, which the first `k` are not. */
function countUpTo(distances: Float32Array, last: number, k: number): number {
  let count = k
  while (count < distances.length && distances[count] === last) count++
  return count
}
