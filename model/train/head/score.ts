// The score without labels (METHOD.md 4.6): how well codes bring the communities of the frozen
// graph together, and the encoder that ranks as the app does. Runs in compute.
import { encodeProjected } from '../../quant/encode.ts'
import { fromHalves } from '../../quant/float16.ts'
import type { Multiply } from '../../quant/multiply.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { averagePrecision } from '../../search/metrics.ts'
import { createReferenceIndex } from '../../search/reference-index.ts'
import { distanceTable } from '../../search/table.ts'
import { communitiesOf } from './communities.ts'
import type { Score } from './head-contract.ts'
import { mutualGraph } from './neighbour-graph.ts'
import type { Nearest } from './neighbour-graph.ts'

const TOP = 100
/** Similarity ratios: of the graph whose communities stand for classes, and of near duplicates. */
const NEIGHBOUR_RATIO = 0.85
const DUPLICATE_RATIO = 0.95
const QUERIES_AT_ONCE = 50

/** Communities of the neighbour graph as pseudo-classes [n], at resolutions 1, 4 and 4. */
export interface PseudoClasses {
  coarse: Int32Array
  fine: Int32Array
  nearDuplicates: Int32Array
}

/** The pseudo-classes of photos by their nearest ones; the same for the same seed. */
export function pseudoClasses(nearest: Nearest, seed: number): PseudoClasses {
  const neighbours = mutualGraph(nearest, NEIGHBOUR_RATIO)
  return {
    coarse: communitiesOf(neighbours, 1, seed),
    fine: communitiesOf(neighbours, 4, seed),
    nearDuplicates: communitiesOf(mutualGraph(nearest, DUPLICATE_RATIO), 4, seed)
  }
}

export interface Scorer {
  /** Rows that query all others. */
  queries: Uint32Array
  projected: Uint16Array // f16 [n, 256]
  classes: PseudoClasses
  multiply: Multiply
  /** Called between queries. */
  giveWay: () => Promise<void>
}

/** Codes of all photos, asymmetric search by the queries: mAP@100 against each pseudo-class. */
export async function scoreOf(
  quantizer: Pick<Quantizer, 'head' | 'codebooks'>,
  { queries, projected, classes, multiply, giveWay }: Scorer
): Promise<Score> {
  const { descriptors, codes } = await encodeProjected(quantizer, projected, multiply)
  const { codebooks } = quantizer
  const size = codebooks.M * codebooks.L
  const n = descriptors.length / size
  const index = createReferenceIndex(codebooks.M)
  index.append(Uint32Array.from({ length: n }, (_, row) => row), codes)
  const sums = { coarse: 0, fine: 0, nearDuplicates: 0 }
  for (const [place, row] of queries.entries()) {
    if (place % QUERIES_AT_ONCE === 0) await giveWay()
    const descriptor = fromHalves(descriptors.subarray(row * size, (row + 1) * size))
    const { ids } = index.search(distanceTable(descriptor, codebooks), TOP + 1)
    const others = ids.filter((id) => id !== row)
    for (const name of ['coarse', 'fine', 'nearDuplicates'] as const) {
      const labels = classes[name]
      sums[name] += averagePrecision(others, (other) => labels[other] === labels[row], TOP)
    }
  }
  const coarse = sums.coarse / queries.length
  const fine = sums.fine / queries.length
  const nearDuplicates = sums.nearDuplicates / queries.length
  return { score: (coarse + fine) / 2, coarse, fine, nearDuplicates }
}
