// Which photos a person said are not like each other: they are never positives, nor do they count
// as kin when a model is judged (METHOD.md 4.3, 4.6). Pure.

/** Pairs of photos, by their rows; both ways. */
export interface NotKin {
  /** True for two that are no kin. */
  has(row: number, other: number): boolean
  /** Those that are no kin of one, ascending. */
  of(row: number): readonly number[]
}

/** Of pairs [p, 2]. */
export function notKinOf(pairs: ArrayLike<number> = []): NotKin {
  const found = new Map<number, Set<number>>()
  const add = (row: number, other: number): void => {
    if (row === other) return
    const known = found.get(row)
    if (known) known.add(other)
    else found.set(row, new Set([other]))
  }
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    add(pairs[at]!, pairs[at + 1]!)
    add(pairs[at + 1]!, pairs[at]!)
  }
  const lists = new Map([...found].map(([row, all]) => [row, [...all].sort((a, b) => a - b)]))
  return {
    has: (row, other) => found.get(row)?.has(other) ?? false,
    of: (row) => lists.get(row) ?? []
  }
}

/**
 * The pairs among some of the photos, by their places in `rows`. A photo that is none of these is
 * where the one is that stands for it, if there is one.
 */
export function notKinAmong(
  pairs: ArrayLike<number> = [],
  rows: Uint32Array,
  standsFor: (row: number) => number = (row) => row
): NotKin {
  if (pairs.length === 0) return notKinOf()
  const places = new Map([...rows].map((row, place) => [row, place]))
  const among: number[] = []
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const place = places.get(standsFor(pairs[at]!))
    const other = places.get(standsFor(pairs[at + 1]!))
    if (place !== undefined && other !== undefined) among.push(place, other)
  }
  return notKinOf(among)
}
