// What a filter does to the time of a search: a folder or a span of time (ids side by side), and
// favourites (ids anywhere), from few to nearly all. Plain Node.
import { seededRandom } from '../../../model/quant/random.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { inTurns, timesLine, took, type Plan } from './timing.ts'

const SHARES = [0.0001, 0.001, 0.003, 0.01, 0.1, 0.5, 0.99]

/** Prints a line for each filter over n codes of 64 bits. */
export async function compareFilters(
  kernels: Kernels,
  n: number,
  k: number,
  rounds: number,
  say: (line: string) => void
): Promise<void> {
  const { codebooks, codes, queries } = galleryOf(n, 16, 20)
  const index = new FlatIndex(kernels, codebooks.M)
  index.append(idsUpTo(n), codes)
  const size = codebooks.M * codebooks.L
  const random = seededRandom(3)
  const plans = new Map<string, Plan>()
  function add(name: string, filter?: Uint8Array): void {
    const engine = (query: number) =>
      took(() => {
        const descriptor = queries.subarray(query * size, (query + 1) * size)
        index.search(distanceTable(descriptor, codebooks), k, filter ? { filter } : {})
      })
    plans.set(name, { engine, each: 5 })
  }
  add('none')
  for (const share of SHARES) {
    const side = new Uint8Array(Math.ceil((n + 1) / 8))
    const from = Math.floor(side.length * 0.3 * (1 - share))
    side.fill(255, from, from + Math.ceil(side.length * share))
    add(`${share * 100} % side by side`, side)
    const anywhere = new Uint8Array(side.length)
    for (let id = 1; id <= n; id++) if (random() < share) anywhere[id >> 3]! |= 1 << (id & 7)
    add(`${share * 100} % anywhere`, anywhere)
  }
  const medians = await inTurns(plans, rounds, 20)
  say(`\nFilters (${n} codes of 64 bits): ms by the clock, of the CPU`)
  for (const [name, times] of medians) say(timesLine(name, times))
}
