// What a filter does to the time of a search: a folder or a span of time (ids side by side), and
// favourites (ids anywhere), from few to nearly all. Plain Node.
import { seededRandom } from '../../../model/quant/random.ts'
import { createCodeIndex } from '../../../model/search/create-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { inTurns, median, timesLine, took, type Plan, type Took } from './timing.ts'

const SHARES = [0.0001, 0.001, 0.003, 0.01, 0.1, 0.5, 0.99]

/** Prints a line for each filter over n codes of so many bits. */
export async function compareFilters(
  kernels: Kernels,
  n: number,
  bits: number,
  k: number,
  rounds: number,
  say: (line: string) => void
): Promise<void> {
  const { codebooks, codes, queries } = galleryOf(n, bits / 4, 20)
  const approximate = { codebooks, from: Infinity } // as the engine makes it, without lists
  const index = createCodeIndex({ M: codebooks.M, kernels, approximate })
  index.append(idsUpTo(n), codes)
  const size = codebooks.M * codebooks.L
  const random = seededRandom(3)
  const filters = new Map<string, Uint8Array | undefined>([['none', undefined]])
  function time(query: number, filter?: Uint8Array): Took {
    const descriptor = queries.subarray(query * size, (query + 1) * size)
    return took(() =>
      index.search(distanceTable(descriptor, codebooks), k, filter ? { filter } : {})
    )
  }
  for (const share of SHARES) {
    const side = new Uint8Array(Math.ceil((n + 1) / 8))
    const from = Math.floor(side.length * 0.3 * (1 - share))
    side.fill(255, from, from + Math.ceil(side.length * share))
    filters.set(`${share * 100} % side by side`, side)
    const anywhere = new Uint8Array(side.length)
    for (let id = 1; id <= n; id++) if (random() < share) anywhere[id >> 3]! |= 1 << (id & 7)
    filters.set(`${share * 100} % anywhere`, anywhere)
  }
  const plans = new Map<string, Plan>()
  for (const [name, filter] of filters)
    plans.set(name, { engine: (query) => time(query, filter), each: 10 })
  const medians = await inTurns(plans, rounds, 20)
  const whole = medians.get('none')?.busy ?? Number.NaN
  say(`\nFilters (${n} codes of ${bits} bits): ms by the clock, of the CPU, and that over the time`)
  say('without a filter; ms of the CPU of the first search within it, and of the second')
  for (const [name, times] of medians) {
    const filter = filters.get(name)
    const early = filter ? firstTwo(time, filter) : []
    const cells = [times.busy / whole, ...early].map((cell) => cell.toFixed(2).padStart(8))
    say(timesLine(name, times, cells.join('')))
  }
}

/** Medians of the first two searches within a filter that is not known yet. */
function firstTwo(
  time: (query: number, filter: Uint8Array) => Took,
  filter: Uint8Array
): [number, number] {
  const pairs = Array.from({ length: 9 }, (_, query) => {
    const fresh = filter.slice()
    return [time(query, fresh).busy, time(query, fresh).busy] as const
  })
  return [median(pairs.map(([first]) => first)), median(pairs.map(([, second]) => second))]
}
