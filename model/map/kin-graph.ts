// Which photos draw each other near in UMAP, and how much: its fuzzy simplicial set, section 3 of
// the paper. The library builds it of maps by strings, some ten of them one after the other, which
// takes half a minute for 8,000 photos without a pause; this takes a fraction of a second and gives
// the very same. Pure.

/** How near the bisection has to come to its goal, and how often it halves. */
const NEAR_ENOUGH = 1e-5
const HALVINGS = 64
/** Scales are at least so much of a photo's mean distance. */
const LEAST_SCALE = 1e-3

/** Nearest of each photo, itself first at distance 0, as the library takes them. */
export interface Kin {
  places: readonly (readonly number[])[]
  distances: readonly (readonly number[])[]
}

/** One photo draws another. */
export interface Edge {
  row: number
  col: number
  value: number
}

/** As much of the library's sparse matrix as it asks for when it begins to lay out. */
class KinGraph {
  readonly nRows: number
  readonly nCols: number
  readonly #edges: readonly Edge[]

  /** @param edges in order of row, then column */
  constructor(photos: number, edges: readonly Edge[]) {
    this.nRows = this.nCols = photos
    this.#edges = edges
  }

  getAll(): readonly Edge[] {
    return this.#edges
  }

  getValues(): number[] {
    return this.#edges.map(({ value }) => value)
  }

  map(changed: (value: number) => number): KinGraph {
    const edges = this.#edges.map(({ row, col, value }) => ({ row, col, value: changed(value) }))
    return new KinGraph(this.nRows, edges)
  }
}

/** The graph of some photos: a draws b as much as b draws a. */
export function kinGraph({ places, distances }: Kin): KinGraph {
  const drawn = places.map((row, i) => {
    const strengths = strengthsOf(distances[i]!)
    return new Map(row.map((place, at) => [place, place === i ? 0 : strengths[at]!]))
  })
  const all = drawn.map((row) => new Set(row.keys()))
  places.forEach((row, i) => row.forEach((place) => all[place]!.add(i)))
  const edges = all.flatMap((others, row) =>
    [...others]
      .sort((a, b) => a - b)
      .map((col) => {
        const [there, back] = [drawn[row]!.get(col) ?? 0, drawn[col]!.get(row) ?? 0]
        return { row, col, value: there + back - there * back }
      })
  )
  return new KinGraph(places.length, edges)
}

/** How much its nearest draw a photo: the first wholly, all together by log2 of their number. */
function strengthsOf(distances: readonly number[]): number[] {
  const nearest = distances.find((distance) => distance > 0) ?? 0
  const scale = scaleOf(distances, nearest)
  return distances.map((distance) =>
    distance <= nearest ? 1 : Math.exp(-((distance - nearest) / scale))
  )
}

function scaleOf(distances: readonly number[], nearest: number): number {
  const goal = Math.log(distances.length) / Math.log(2)
  let [low, high, scale] = [0, Infinity, 1]
  for (let halving = 0; halving < HALVINGS; halving++) {
    let sum = 0
    for (const distance of distances.slice(1))
      sum += distance > nearest ? Math.exp(-((distance - nearest) / scale)) : 1
    if (Math.abs(sum - goal) < NEAR_ENOUGH) break
    if (sum > goal) high = scale
    else low = scale
    scale = high === Infinity ? 2 * scale : (low + high) / 2
  }
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  return Math.max(scale, LEAST_SCALE * mean)
}
