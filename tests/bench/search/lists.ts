// Inverted lists against the flat scan: time, and how many of the exact nearest they find, for a
// number of lists that are scanned (made of all codes at once, as the engine loads them); and
// buckets of 16-bit codes, which find all. Plain Node.
import type { Matches } from '../../../model/search/code-index.ts'
import { BucketIndex } from '../../../model/search/simd/bucket-index.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import { InvertedIndex } from '../../../model/search/simd/inverted-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { distanceTable } from '../../../model/search/table.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { inTurns, timesLine, took, type Plan } from './timing.ts'

const PROBES = [4, 8, 16, 32, 64]
const QUERIES = 50

/** Prints a line for the flat scan and for each number of lists scanned. */
export async function compareLists(
  kernels: Kernels,
  n: number,
  bits: number,
  k: number,
  rounds: number,
  say: (line: string) => void
): Promise<void> {
  const { codebooks, codes, queries } = galleryOf(n, bits / 4, QUERIES)
  const size = codebooks.M * codebooks.L
  const tableOf = (query: number): Float32Array =>
    distanceTable(queries.subarray(query * size, (query + 1) * size), codebooks)
  const flat = new FlatIndex(kernels, codebooks.M)
  type Search = (table: Float32Array) => Matches
  const searches = new Map<string, Search>([['all codes', (table) => flat.search(table, k)]])
  flat.append(idsUpTo(n), codes)
  const start = performance.now()
  if (bits === 16) {
    const buckets = new BucketIndex(kernels, 0)
    buckets.append(idsUpTo(n), codes)
    buckets.search(tableOf(0), k)
    searches.set('65536 buckets', (table) => buckets.search(table, k))
  } else {
    const inverted = new InvertedIndex(kernels, codebooks, { from: n })
    inverted.append(idsUpTo(n), codes)
    await inverted.settled()
    for (const probes of PROBES)
      searches.set(`${probes} lists`, (table) => {
        inverted.probes = probes
        return inverted.search(table, k)
      })
  }
  const seconds = (performance.now() - start) / 1000
  const plans = new Map<string, Plan>()
  for (const [name, search] of searches)
    plans.set(name, { engine: (query) => took(() => search(tableOf(query))), each: 10 })
  const medians = await inTurns(plans, rounds, QUERIES)
  say(`\nLists (${n} codes of ${bits} bits, made in ${seconds.toFixed(1)} s)`)
  say(`ms by the clock, of the CPU; share of the exact ${k} found`)
  for (const [name, times] of medians) {
    const search = searches.get(name)
    let found = 0
    for (let query = 0; query < QUERIES; query++) {
      const exact = new Set(flat.search(tableOf(query), k).ids)
      const ids = search?.(tableOf(query)).ids ?? new Uint32Array(0)
      found += ids.filter((id) => exact.has(id)).length / exact.size
    }
    say(timesLine(name, times, (found / QUERIES).toFixed(3)))
  }
}
