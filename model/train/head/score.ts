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
/** Of the graph whose communities stand for classes, and of near duplicates alone. */
const KIN = 0.85
const TIGHT = 0.95
const QUERIES_AT_ONCE = 50

/** Pseudo-classes [n]: of the kin graph at resolutions 1 and 4, of the tight graph at 4. */
export interface PseudoClasses {
  coarse: Int32Array
  fine: Int32Array
  tight: Int32Array
}

/** The pseudo-classes of photos by their nearest ones; the same for the same seed. */
export function pseudoClasses(nearest: Nearest, seed: number): PseudoClasses {
  const kin = mutualGraph(nearest, KIN)
  return {
    coarse: communitiesOf(kin, 1, seed),
    fine: communitiesOf(kin, 4, seed),
    tight: communitiesOf(mutualGraph(nearest, TIGHT), 4, seed)
  }
}

export interface Scorer {
  /** Rows that query all others. */
  queries: Uint32Array
  projected: Uint16Array // f16 [n, 256]
  classes: PseudoClasses
  multiply: Multiply
  /** Called between queries. */
  breathe: () => Promise<void>
}

/** Codes of all photos, asymmetric search by the queries: mAP@100 against each pseudo-class. */
export async function scoreOf(
  quantizer: Pick<Quantizer, 'head' | 'codebooks'>,
  { queries, projected, classes, multiply, breathe }: Scorer
): Promise<Score> {
  const { descriptors, codes } = await encodeProjected(quantizer, projected, multiply)
  const { codebooks } = quantizer
  const size = codebooks.M * codebooks.L
  const n = descriptors.length / size
  const index = createReferenceIndex(codebooks.M)
  index.append(Uint32Array.from({ length: n }, (_, row) => row), codes)
  const sums = { coarse: 0, fine: 0, tight: 0 }
  for (const [place, row] of queries.entries()) {
    if (place % QUERIES_AT_ONCE === 0) await breathe()
    const descriptor = fromHalves(descriptors.subarray(row * size, (row + 1) * size))
    const { ids } = index.search(distanceTable(descriptor, codebooks), TOP + 1)
    const others = ids.filter((id) => id !== row)
    for (const name of ['coarse', 'fine', 'tight'] as const) {
      const labels = classes[name]
      sums[name] += averagePrecision(others, (other) => labels[other] === labels[row], TOP)
    }
  }
  const comm1 = sums.coarse / queries.length
  const comm4 = sums.fine / queries.length
  return { score: (comm1 + comm4) / 2, comm1, comm4, tight: sums.tight / queries.length }
}
