// Lays photos out in the plane by UMAP (McInnes, Healy and Melville, "UMAP: uniform manifold
// approximation and projection", 2018), with neighbours that are found elsewhere: the library's own
// search looks at trees of random planes, which takes minutes of what a scan of codes takes a
// second. The only file that knows umap-js. Pure; seeded.
import { UMAP } from 'umap-js'
import { seededRandom } from '../quant/random.ts'
import { kinGraph } from './kin-graph.ts'
import type { Kin } from './kin-graph.ts'
import { countOf, rowAt } from './near-rows.ts'
import type { Nearest, Rows } from './near-rows.ts'

/** How many nearest of each photo draw it near, itself not counted. */
export const NEIGHBOURS = 15
/** Fewer photos than this are not laid out: they stay where they begin. */
const FEWEST = 6
/** Nearer than this no two are, so that equal descriptors are no special case. */
const LEAST_DISTANCE = 1e-4
/** How close photos may come, of the distance at which they hardly draw each other any more. */
const CLOSEST = 0.15
/** Rounds of a layout from the beginning, and of one that goes on from places that were good. */
const ROUNDS = 300
const ROUNDS_AGAIN = 120
/** How far photos go at first: a layout that goes on keeps what there was, on the whole. */
const REACH = 1
const REACH_AGAIN = 0.25

export interface LayOutOptions {
  /** Places [n, 2] to begin with. */
  start: Float32Array
  /** They are of a map that was good: it is kept as far as it can be. */
  again: boolean
  seed: number
  /** Told the share of the work that is done, often; what it throws ends the work. */
  tick(share: number): void
}

/** Places [n, 2] of rows, kin near kin. */
export function layOut(
  rows: Rows,
  nearest: Nearest,
  { start, again, seed, tick }: LayOutOptions
): Float32Array {
  const n = countOf(rows)
  if (n < FEWEST) return start
  const found = neighboursOf(rows, nearest, Math.min(NEIGHBOURS, n - 2), tick)
  const umap = new UMAP({
    nNeighbors: found.count,
    nEpochs: again ? ROUNDS_AGAIN : ROUNDS,
    minDist: CLOSEST,
    learningRate: again ? REACH_AGAIN : REACH,
    random: seededRandom(seed)
  })
  umap.setPrecomputedKNN(found.places, found.distances)
  // Its own are slow: see kin-graph.ts. What it would find later photos by is not asked for.
  const quicker = { fuzzySimplicialSet: () => kinGraph(found), makeSearchGraph: () => undefined }
  Object.assign(umap, quicker)
  const rounds = umap.initializeFit(Array.from({ length: n }, () => [])) // only their number counts
  tick(0.25)
  const places = umap.getEmbedding() // the array itself, which it works on
  places.forEach((place, i) => {
    place[0] = start[2 * i]!
    place[1] = start[2 * i + 1]!
  })
  for (let round = 0; round < rounds; round++) {
    umap.step()
    tick(0.25 + (0.75 * round) / rounds)
  }
  return Float32Array.from(places.flat())
}

/** As the library takes them: each photo is the nearest of itself, at 0. */
function neighboursOf(
  rows: Rows,
  nearest: Nearest,
  count: number,
  tick: (share: number) => void
): Kin & { count: number; places: number[][]; distances: number[][] } {
  const n = countOf(rows)
  const places: number[][] = []
  const distances: number[][] = []
  for (let i = 0; i < n; i++) {
    const found = nearest(rowAt(rows, i), count + 1)
    const others = [...found.places.keys()].filter((at) => found.places[at] !== i).slice(0, count)
    places.push([i, ...others.map((at) => found.places[at]!)])
    distances.push([0, ...others.map((at) => Math.max(LEAST_DISTANCE, found.distances[at]!))])
    if (i % 64 === 0) tick((0.2 * i) / n)
  }
  return { count: count + 1, places, distances }
}
