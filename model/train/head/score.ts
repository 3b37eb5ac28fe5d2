// The score without labels (METHOD.md 4.6): how well codes, and what people see of them, bring the
// communities of the frozen graph together. Photos are ranked as the app ranks them: codes, then
// the exact order of the best. Runs in compute.
import { fromHalves } from '../../quant/float16.ts'
import type { Multiply } from '../../quant/multiply.ts'
import { createCodeIndex } from '../../search/create-index.ts'
import { rerankedOf } from '../../search/kin.ts'
import { averagePrecision } from '../../search/metrics.ts'
import { createCodeEncoder } from '../../search/simd/encoder.ts'
import { ownKernels } from '../../search/simd/own-kernels.ts'
import { distanceTable } from '../../search/table.ts'
import { FROM_OUTSIDE } from '../judge/evidence.ts'
import type { Evidence, Labels, Precisions } from '../judge/evidence.ts'
import { encodeLibrary } from './averaged.ts'
import type { Averaging } from './averaged.ts'
import { communitiesOf } from './communities.ts'
import { mutualGraph } from './neighbour-graph.ts'
import type { Nearest } from './neighbour-graph.ts'
import { notKinOf } from './not-kin.ts'
import type { NotKin } from './not-kin.ts'
import { createSeenOrder } from './seen-order.ts'

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

/** What photos have in common besides what the features say; of some nothing is known. */
export type OutsideLabels = Partial<Record<(typeof FROM_OUTSIDE)[number], Labels>>

export interface Scorer {
  /** Rows that query all others. */
  queries: Uint32Array
  projected: Uint16Array // f16 [n, 256]
  classes: PseudoClasses
  outside?: OutsideLabels
  /** Photos that a person said are no kin: whatever else is known, none counts for the other. */
  notKin?: NotKin
  multiply: Multiply
  /** Called between queries. */
  giveWay: () => Promise<void>
}

/**
 * AP@100 of each query by each evidence: the mean of that by codes alone and of that after the
 * exact order of their best, which people see. In a small library these are most of it, and
 * would hide what codes are worth once it has grown.
 */
export async function evidenceOf(
  quantizer: Averaging,
  { queries, projected, classes, outside = {}, multiply, giveWay, ...rest }: Scorer
): Promise<Evidence> {
  const kernels = await ownKernels()
  const encodeCodes = kernels && createCodeEncoder(kernels)
  const { notKin = notKinOf() } = rest
  const encoding = { multiply, encodeCodes, notKin }
  const { descriptors, codes } = await encodeLibrary(quantizer, projected, encoding)
  const { codebooks } = quantizer
  const size = codebooks.M * codebooks.L
  const n = descriptors.length / size
  const index = createCodeIndex({ M: codebooks.M, kernels })
  index.append(Uint32Array.from({ length: n }, (_, row) => row), codes)
  const inSeenOrder = createSeenOrder(descriptors, size, projected)
  const column = (labels: Labels): Column => ({
    labels,
    sizes: sizesOf(labels),
    precisions: new Float32Array(queries.length)
  })
  const coarse = column(classes.coarse)
  const fine = column(classes.fine)
  const nearDuplicates = column(classes.nearDuplicates)
  const known = FROM_OUTSIDE.flatMap((name) => {
    const labels = outside[name]
    return labels ? [{ name, ...column(labels) }] : []
  })
  for (const [place, row] of queries.entries()) {
    if (place % QUERIES_AT_ONCE === 0) await giveWay()
    const descriptor = fromHalves(descriptors.subarray(row * size, (row + 1) * size))
    const ids = index
      .search(distanceTable(descriptor, codebooks), rerankedOf(n) + 1)
      .ids.filter((id) => id !== row)
    const seen = inSeenOrder(row, ids, TOP)
    const others = notKin.of(row)
    for (const { labels, sizes, precisions } of [coarse, fine, nearDuplicates, ...known]) {
      const label = labels[row]!
      const left = others.filter((other) => labels[other] === label).length
      const isKnown = label >= 0 && sizes.get(label)! - left > 1
      const isRelevant = (other: number): boolean =>
        labels[other] === label && !notKin.has(row, other)
      precisions[place] = isKnown
        ? (averagePrecision(ids, isRelevant, TOP) + averagePrecision(seen, isRelevant, TOP)) / 2
        : NaN
    }
  }
  return {
    coarse: coarse.precisions,
    fine: fine.precisions,
    nearDuplicates: nearDuplicates.precisions,
    ...Object.fromEntries(known.map(({ name, precisions }) => [name, precisions]))
  }
}

/** One kind of evidence while queries are asked. */
interface Column {
  labels: Labels
  sizes: Map<number, number>
  precisions: Precisions
}

/** How many photos have each label. */
function sizesOf(labels: Labels): Map<number, number> {
  const sizes = new Map<number, number>()
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  return sizes
}
