// The same photos' kin by the former model and by the one that serves, for a look at what learning
// has changed. Runs in the writer; both models' codes are kept, so nothing is computed anew.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { COMPARED } from '../../wire/learning-contract.ts'
import type { KinComparison } from '../../wire/learning-contract.ts'
import { fromHalves, orderByCosine } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import type { Comparisons } from './learner-api.ts'
import { spread } from '../models/sample.ts'

/** Photos that are asked for their kin. */
const CANDIDATES = 60

interface Descriptors {
  ids: Uint32Array
  size: number
  rows: Uint16Array // f16 [n, size]
}

/**
 * Of a sample of photos, the first whose `top` kin are not the same by both models, with their kin
 * by both: neither the best nor the worst. The same library gives the same answer.
 */
export function compareModels(
  { catalogue, reader }: Context,
  photos: number,
  top: number
): Comparisons {
  const after = reader.serving()?.id ?? null
  const before = formerOf(catalogue)
  if (before === null || after === null) return { before: null, after, comparisons: [] }
  const sample = spread(catalogue.vectors.featureIds(reader.serving()!.record.backbone), COMPARED)
  const [old, now] = [
    descriptorsOf(catalogue, sample, before),
    descriptorsOf(catalogue, sample, after)
  ]
  const known = new Set(old.ids)
  const both = [...now.ids].filter((id) => known.has(id))
  const comparisons: KinComparison[] = []
  for (const query of spread(Uint32Array.from(both), CANDIDATES)) {
    const comparison = { query, before: kinOf(old, query, top), after: kinOf(now, query, top) }
    const former = new Set(comparison.before.map(({ id }) => id))
    if (comparison.after.some(({ id }) => !former.has(id))) comparisons.push(comparison)
    if (comparisons.length === photos) break
  }
  return { before, after, comparisons }
}

/** The model that served before the one that serves. */
function formerOf(catalogue: Catalogue): number | null {
  let former: { id: number; until: number } | undefined
  for (const { id, servedUntil } of catalogue.models.list())
    if (servedUntil !== null && servedUntil > (former?.until ?? 0))
      former = { id, until: servedUntil }
  return former?.id ?? null
}

function descriptorsOf(
  catalogue: Catalogue,
  sample: Uint32Array,
  model: number
): Descriptors {
  const ids: number[] = []
  const rows: Uint16Array[] = []
  for (const id of sample) {
    const row = catalogue.vectors.descriptor(id, model)
    if (!row) continue
    ids.push(id)
    rows.push(row)
  }
  const size = rows[0]?.length ?? 0
  const all = new Uint16Array(rows.length * size)
  rows.forEach((row, i) => all.set(row, i * size))
  return { ids: Uint32Array.from(ids), size, rows: all }
}

function kinOf({ ids, size, rows }: Descriptors, query: number, top: number) {
  const place = ids.indexOf(query)
  const own = fromHalves(rows.subarray(place * size, (place + 1) * size))
  const found = orderByCosine(own, ids, rows, top + 1)
  return [...found.ids]
    .map((id, i) => ({ id, score: found.scores[i] ?? 0 }))
    .filter(({ id }) => id !== query)
    .slice(0, top)
}
