// What the order of the codes does to the time of a search: the nearest first, last, or in runs, as
// a library in the order of time has them; without a filter, and within one that allows a run of
// the codes (a folder, a span of time). Plain Node.
import type { SearchOptions } from '../../../model/search/code-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { inTurns, timesLine, took, type Plan } from './timing.ts'

/** Of the codes, what a filter allows. */
const SHARES = [0.02, 0.1, 0.3]

/** Prints a line for each order of n codes of 64 bits. */
export async function compareOrders(
  kernels: Kernels,
  n: number,
  k: number,
  rounds: number,
  say: (line: string) => void
): Promise<void> {
  const { codebooks, codes, queries } = galleryOf(n, 16, 1)
  const table = distanceTable(queries, codebooks)
  const width = codebooks.M / 2
  const ids = idsUpTo(n)
  function indexOf(placeOf: ((rank: number) => number) | undefined): FlatIndex {
    const index = new FlatIndex(kernels, codebooks.M)
    const placed = placeOf ? new Uint8Array(codes.length) : codes
    if (placeOf)
      nearest.forEach((id, rank) =>
        placed.set(codes.subarray((id - 1) * width, id * width), placeOf(rank) * width)
      )
    index.append(ids, placed)
    return index
  }
  const random = indexOf(undefined)
  const nearest = random.search(table, n).ids
  const runs = 64
  const run = Math.floor(n / runs)
  const orders = new Map<string, FlatIndex>([
    ['random', random],
    ['nearest first', indexOf((rank) => rank)],
    ['nearest last', indexOf((rank) => n - 1 - rank)],
    [
      'nearest last in 64 runs',
      indexOf((rank) =>
        rank < runs * run ? (rank % runs) * run + run - 1 - Math.floor(rank / runs) : rank
      )
    ]
  ])
  say(`\nOrder of the codes (${n} of 64 bits, one query, k = ${k})`)
  say('ms by the clock, of the CPU, and that over the random order’s; exact distances computed')
  await timeOrders(orders, {})
  for (const share of SHARES) {
    const filter = new Uint8Array(Math.ceil((n + 1) / 8))
    const from = Math.floor(filter.length * 0.5 * (1 - share))
    filter.fill(255, from, from + Math.ceil(filter.length * share))
    const allowed = random.search(table, n, { filter }).ids // nearest first
    const places = allowed.slice().sort().reverse()
    const placed = codes.slice()
    allowed.forEach((id, rank) =>
      placed.set(codes.subarray((id - 1) * width, id * width), (places[rank]! - 1) * width)
    )
    const nearestLast = new FlatIndex(kernels, codebooks.M)
    nearestLast.append(ids, placed)
    say(`within a filter that allows ${share * 100} % side by side`)
    await timeOrders(
      new Map([
        ['random', random],
        ['nearest last', nearestLast]
      ]),
      { filter }
    )
  }

  async function timeOrders(
    compared: ReadonlyMap<string, FlatIndex>,
    options: SearchOptions
  ): Promise<void> {
    const plans = new Map<string, Plan>()
    for (const [name, index] of compared)
      plans.set(name, { engine: () => took(() => index.search(table, k, options)), each: 5 })
    const medians = await inTurns(plans, rounds, 1)
    const atRandom = medians.get('random')?.busy ?? Number.NaN
    for (const [name, times] of medians) {
      const ratio = (times.busy / atRandom).toFixed(2).padStart(8)
      say(timesLine(name, times, ratio + String(compared.get(name)?.evaluations).padStart(10)))
    }
  }
}
