// The papers' measure: how many of the first thousand of a query are of its class (METHOD.md 1.4).
// Pure; it runs where it is called and gives its thread back between queries.
import { encodeDescriptors } from '../../quant/codes.ts'
import type { Codebooks } from '../../quant/codes.ts'
import { averagePrecision } from '../../search/metrics.ts'
import { createReferenceIndex } from '../../search/reference-index.ts'
import { distanceTable } from '../../search/table.ts'

/** Ranks that count. */
export const TOP = 1000

export interface Described {
  readonly descriptors: Float32Array // [n, M*L]
  readonly labels: Uint16Array // [n]
}

/**
 * How codes are ranked: by sums of distances a codebook, as SPQ's code does, or of their squares.
 */
export type Ranking = 'plain' | 'squared'

/** Queries between two turns of the thread. */
const TURN = 50

/**
 * The average precision of each query, 0 where nothing relevant is found: raw descriptors of
 * queries against codes of the gallery.
 * @param between awaited every few queries: progress, or a throw that stops
 */
export async function averagePrecisions(
  gallery: Described,
  queries: Described,
  codebooks: Codebooks,
  ranking: Ranking,
  between: (done: number) => Promise<void>
): Promise<Float64Array> {
  const index = createReferenceIndex(codebooks.M)
  index.append(
    Uint32Array.from(gallery.labels, (_, row) => row),
    encodeDescriptors(gallery.descriptors, codebooks)
  )
  const length = codebooks.M * codebooks.L
  const precisions = new Float64Array(queries.labels.length)
  for (let query = 0; query < precisions.length; query++) {
    const descriptor = queries.descriptors.subarray(query * length, (query + 1) * length)
    const { ids } = index.search(distanceTable(descriptor, codebooks, ranking), TOP)
    const label = queries.labels[query]
    precisions[query] = averagePrecision(ids, (row) => gallery.labels[row] === label, TOP)
    if (query % TURN === TURN - 1) await between(query + 1)
  }
  return precisions
}

/** The mean over some queries; 0 over none. */
export function meanOver(precisions: Float64Array, rows: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < rows.length; i++) sum += precisions[rows[i]!]!
  return rows.length > 0 ? sum / rows.length : 0
}
