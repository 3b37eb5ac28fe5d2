// Pseudo-classes: communities of the neighbour graph by Louvain's method (Blondel et al. 2008), at
// a resolution, of 100 photos at most (METHOD.md 4.6). The only file that knows graphology. Pure;
// seeded.
import { UndirectedGraph } from 'graphology'
import louvain from 'graphology-communities-louvain'
import { seededRandom } from '../../quant/random.ts'
import type { NeighbourGraph } from './neighbour-graph.ts'

/** The least weight of an edge: the method knows no edges below 0. */
const LEAST_WEIGHT = 1e-3

/** Larger communities are divided: the metric looks at 100 photos, and finds no fault in more. */
export const MOST_MEMBERS = 100
/** How often the resolution is doubled for that; what still holds together then is left so. */
const DOUBLINGS = 8

/** The community [n] of each photo; a higher resolution makes smaller ones. */
export function communitiesOf(
  neighbours: NeighbourGraph,
  resolution: number,
  seed: number
): Int32Array {
  const { n } = neighbours
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  let count = 0
  const labels = new Int32Array(n)
  const divide = (photos: Uint32Array, at: number, doublings: number): void => {
    for (const part of partsOf(neighbours, photos, at, seed))
      if (part.length <= MOST_MEMBERS || doublings === 0) {
        for (const photo of part) labels[photo] = count
        count++
      } else divide(part, at * 2, doublings - 1)
  }
  divide(all, resolution, DOUBLINGS)
  return labels
}

/** The communities of some photos, by the edges between them alone. */
function partsOf(
  { offsets, indices, similarities }: NeighbourGraph,
  photos: Uint32Array,
  resolution: number,
  seed: number
): Uint32Array[] {
  const graph = new UndirectedGraph<object, { weight: number }>()
  const isIn = new Set(photos)
  for (const i of photos) graph.addNode(i)
  for (const i of photos)
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      const j = indices[at]!
      if (i < j && isIn.has(j))
        graph.addEdge(i, j, { weight: Math.max(similarities[at]!, LEAST_WEIGHT) })
    }
  if (graph.size === 0) return Array.from(photos, (photo) => Uint32Array.of(photo))
  const found = louvain(graph, { resolution, rng: seededRandom(seed), getEdgeWeight: 'weight' })
  const parts = new Map<number, number[]>()
  for (const photo of photos) {
    const part = found[photo] ?? -1
    const members = parts.get(part)
    if (members) members.push(photo)
    else parts.set(part, [photo])
  }
  return [...parts.values()].map((part) => Uint32Array.from(part))
}
