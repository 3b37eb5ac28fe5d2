// What the order of the codes does to the time of a search: the nearest first, last, or in runs, as
// a library in the order of time has them. Plain Node.
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { inTurns, timesLine, took, type Plan } from './timing.ts'

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
  const plans = new Map<string, Plan>()
  for (const [name, index] of orders)
    plans.set(name, { engine: () => took(() => index.search(table, k)), each: 5 })
  const medians = await inTurns(plans, rounds, 1)
  const atRandom = medians.get('random')?.busy ?? Number.NaN
  say(`\nOrder of the codes (${n} of 64 bits, one query, k = ${k})`)
  say('ms by the clock, of the CPU, and that over the random order’s; exact distances computed')
  for (const [name, times] of medians) {
    const ratio = (times.busy / atRandom).toFixed(2).padStart(8)
    say(timesLine(name, times, ratio + String(orders.get(name)?.evaluations).padStart(10)))
  }
}
