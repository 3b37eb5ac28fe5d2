// Pseudo-classes: communities of the neighbour graph by Louvain's method (Blondel et al. 2008), at
// a resolution (METHOD.md 4.6). The only file that knows graphology. Pure; seeded.
import { UndirectedGraph } from 'graphology'
import louvain from 'graphology-communities-louvain'
import { seededRandom } from '../../quant/random.ts'
import type { NeighbourGraph } from './neighbour-graph.ts'

/** The least weight of an edge: the method knows no edges below 0. */
const LEAST_WEIGHT = 1e-3

/** The community [n] of each photo; a higher resolution makes smaller ones. */
export function communitiesOf(
  { n, offsets, indices, similarities }: NeighbourGraph,
  resolution: number,
  seed: number
): Int32Array {
  const graph = new UndirectedGraph<object, { weight: number }>()
  for (let i = 0; i < n; i++) graph.addNode(i)
  for (let i = 0; i < n; i++)
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      const j = indices[at]!
      if (i < j) graph.addEdge(i, j, { weight: Math.max(similarities[at]!, LEAST_WEIGHT) })
    }
  if (graph.size === 0) return Int32Array.from({ length: n }, (_, i) => i)
  const found = louvain(graph, { resolution, rng: seededRandom(seed), getEdgeWeight: 'weight' })
  return Int32Array.from({ length: n }, (_, i) => found[i] ?? -1)
}
