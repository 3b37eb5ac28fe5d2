// Queries of more than one photo as one table: sums of distances are sums of table entries, so
// several photos, an outside file, pasted pixels or a crop, each with a weight, cost one scan.
// Pure.

/** One part of a query: its table of distances [M, 16] and its weight; below 0: unlike this. */
export interface WeightedTable {
  table: Float32Array
  weight: number
}

/**
 * The table of a query of several parts: for every code, the sum of the parts' distances times
 * their weights. Entries are summed in f64 and rounded once, so the table is that of the sum to
 * f32, and the scan of it is as exact as of any other. With squared distances and weights w_i of
 * q_i that sum to W > 0, the order is that of the squared distance to sum(w_i q_i) / W (completing
 * the square). Throws RangeError for no parts, tables of unlike sizes, or an entry that is not
 * finite.
 */
export function combineTables(parts: readonly WeightedTable[]): Float32Array {
  const size = parts[0]?.table.length
  if (size === undefined) throw new RangeError('parts: expected one or more tables, got none')
  for (const { table, weight } of parts) {
    if (table.length !== size)
      throw new RangeError(`table: expected ${size} numbers as in the first, got ${table.length}`)
    if (!Number.isFinite(weight))
      throw new RangeError(`weight: expected a finite number, got ${weight}`)
  }
  const combined = new Float32Array(size)
  for (let entry = 0; entry < size; entry++) {
    let sum = 0
    for (const { table, weight } of parts) sum += weight * table[entry]!
    combined[entry] = sum
  }
  const wrong = combined.find((entry) => !Number.isFinite(entry))
  if (wrong !== undefined) throw new RangeError(`table: expected finite entries, got ${wrong}`)
  return combined
}

/**
 * Photos liked and disliked as weighted parts: the liked share a weight of 1, the disliked one of
 * -`aversion`, below 1 so that the sum is still nearest to something (as Rocchio's feedback, 1971).
 * Throws RangeError when none is liked or the aversion is not in 0..1 (1 left out).
 */
export function likeAndUnlike(
  liked: readonly Float32Array[],
  disliked: readonly Float32Array[],
  aversion = 0.3
): Float32Array {
  if (liked.length === 0) throw new RangeError('liked: expected one or more tables, got none')
  if (!(aversion >= 0 && aversion < 1))
    throw new RangeError(`aversion: expected a number from 0 to below 1, got ${aversion}`)
  return combineTables([
    ...liked.map((table) => ({ table, weight: 1 / liked.length })),
    ...disliked.map((table) => ({ table, weight: -aversion / disliked.length }))
  ])
}
