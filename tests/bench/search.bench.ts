// The scan of codes: the reference and the SIMD index, and faiss's FastScan beside them if asked.
// Run as `npm run bench -- search`; a query is the table of a descriptor and the search, one
// thread.
import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import type { Matches } from '../../model/search/code-index.ts'
import { createCodeIndex } from '../../model/search/create-index.ts'
import { createReferenceIndex } from '../../model/search/reference-index.ts'
import { loadKernels, type Kernels } from '../../model/search/simd/kernel.ts'
import { scanKernels } from '../../model/search/simd/kernels.mjs'
import { distanceTable } from '../../model/search/table.ts'
import { describeMachine } from './machine.ts'
import { timeChanges } from './search/changes.ts'
import { galleryOf, idsUpTo } from './search/data.ts'
import { faissMissing, startFaiss, type Faiss } from './search/faiss.ts'
import { compareFilters } from './search/filters.ts'
import { compareLists } from './search/lists.ts'
import { compareOrders } from './search/orders.ts'
import { inTurns, took, type Plan, type Took } from './search/timing.ts'

const HELP = `npm run bench -- search [options]
  --codes 1000000,10000000   sizes
  --bits 16,32,64,128        bits a code, four a codebook
  --k 100                    results a query
  --rounds 10                turns of each engine
  --against faiss            with faiss-cpu's FastScan, where Python has it
  --flavour plain|relaxed    SIMD; by default the best that this runtime takes
  --also orders,filters,lists,changes   further tables (the default without --json), or none
  --json                     {machine, rows} on stdout, the rest on stderr`

const { values: options } = parseArgs({
  options: {
    codes: { type: 'string', default: '1000000,10000000' },
    bits: { type: 'string', default: '16,32,64,128' },
    k: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '10' },
    against: { type: 'string' },
    flavour: { type: 'string' },
    also: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const QUERIES = 50
const ENGINES = ['reference', 'simd', 'faiss'] as const
type Engine = (typeof ENGINES)[number]

interface Row {
  engine: Engine
  codes: number
  bits: number
  k: number
  milliseconds: number
}

const say = options.json ? console.error : console.log

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const machine = describeMachine()
  const { flavour } = options
  // Electron has it at once; Node 20 has it behind this flag.
  if (flavour === 'relaxed') setFlagsFromString('--experimental-wasm-relaxed-simd')
  const asked = flavour === 'plain' || flavour === 'relaxed' ? flavour : undefined
  const kernels = loadKernels(await scanKernels(), asked)
  if (!kernels) throw new Error('search bench: this runtime does not take these kernels')
  const missing = options.against === 'faiss' ? faissMissing() : undefined
  if (missing) say(missing)
  const withFaiss = options.against === 'faiss' && !missing
  say(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.platform}`)
  say(`Node ${machine.node}, SIMD ${kernels.flavour}, one thread; load before ${machine.load}`)
  say(`Medians of a query, k = ${options.k}, in ms by the clock (and of the CPU alone)\n`)
  say(line(['codes', 'bits', ...ENGINES, 'ref/simd', 'faiss/simd', 'faiss finds']))
  const rows: Row[] = []
  for (const codes of numbers(options.codes))
    for (const bits of numbers(options.bits))
      rows.push(...(await compare(codes, bits, Number(options.k), kernels, withFaiss)))
  await further(kernels)
  const ours = rows.filter(({ engine }) => engine !== 'faiss')
  if (options.json) console.log(JSON.stringify({ machine, rows: ours }))
}

/** The tables beside the main one, at its sizes. */
async function further(kernels: Kernels): Promise<void> {
  const asked = options.also ?? (options.json ? 'none' : 'orders,filters,lists,changes')
  const sizes = numbers(options.codes)
  const [n, most] = [sizes[0] ?? 1e6, sizes.at(-1) ?? 1e6]
  const [k, rounds] = [Number(options.k), Number(options.rounds)]
  if (asked.includes('orders')) await compareOrders(kernels, n, k, rounds, say)
  if (asked.includes('filters'))
    for (const bits of [64, 16]) await compareFilters(kernels, n, bits, k, rounds, say)
  if (asked.includes('lists'))
    for (const bits of numbers(options.bits))
      await compareLists(kernels, most, bits, k, rounds, say)
  if (asked.includes('changes')) timeChanges(kernels, n, say)
}

function numbers(list: string): number[] {
  return list.split(',').map(Number)
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(17)).join('')
}

async function compare(
  n: number,
  bits: number,
  k: number,
  kernels: Kernels,
  withFaiss: boolean
): Promise<Row[]> {
  const gallery = galleryOf(n, bits / 4, QUERIES)
  const { codebooks, codes, queries } = gallery
  const size = codebooks.M * codebooks.L
  const indexes = {
    reference: createReferenceIndex(codebooks.M),
    // As the engine makes it, but without lists however many codes there are: those are below.
    simd: createCodeIndex({
      M: codebooks.M,
      kernels,
      approximate: { codebooks, from: Infinity }
    })
  }
  for (const index of Object.values(indexes)) index.append(idsUpTo(n), codes)
  function ask(engine: 'reference' | 'simd', query: number): Matches {
    const descriptor = queries.subarray(query * size, (query + 1) * size)
    return indexes[engine].search(distanceTable(descriptor, codebooks), k)
  }
  for (let query = 0; query < 5; query++)
    assert.deepEqual(ask('simd', query), ask('reference', query), 'results are equal')

  const faiss = withFaiss ? await startFaiss(gallery) : undefined
  const plans = new Map<Engine, Plan>([
    ['reference', { engine: (query) => took(() => ask('reference', query)), each: 1 }],
    ['simd', { engine: (query) => took(() => ask('simd', query)), each: 10 }]
  ])
  if (faiss) plans.set('faiss', { engine: (query) => faiss.ask(query, k), each: 10 })
  const medians = await inTurns(plans, Number(options.rounds), QUERIES)
  const found = faiss ? await shareFound(faiss, k, (query) => ask('simd', query)) : undefined
  await faiss?.close()
  say(resultLine(n, bits, medians, found))
  return [...medians].map(([engine, { wall }]) => ({
    engine,
    codes: n,
    bits,
    k,
    milliseconds: Number(wall.toPrecision(4))
  }))
}

/** Mean share of the exact k nearest that faiss finds, over ten queries. Its ids start at 0. */
async function shareFound(
  faiss: Faiss,
  k: number,
  ask: (query: number) => Matches
): Promise<number> {
  let shared = 0
  for (let query = 0; query < 10; query++) {
    const exact = new Set(ask(query).ids)
    const { ids } = await faiss.ask(query, k)
    shared += ids.filter((id) => exact.has(id + 1)).length / exact.size
  }
  return shared / 10
}

function resultLine(
  n: number,
  bits: number,
  medians: ReadonlyMap<Engine, Took>,
  found: number | undefined
): string {
  const cell = (engine: Engine): string => {
    const took = medians.get(engine)
    return took ? `${took.wall.toPrecision(3)} (${took.busy.toPrecision(3)})` : '-'
  }
  const ratio = (engine: Engine): string => {
    const [theirs, ours] = [medians.get(engine), medians.get('simd')]
    if (!theirs || !ours) return '-'
    return `${(theirs.wall / ours.wall).toFixed(2)} (${(theirs.busy / ours.busy).toFixed(2)})`
  }
  const share = found === undefined ? '-' : found.toFixed(3)
  return line([n, bits, ...ENGINES.map(cell), ratio('reference'), ratio('faiss'), share])
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
