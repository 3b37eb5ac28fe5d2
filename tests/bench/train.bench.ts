// Training steps and forward passes: milliseconds, memory, and where the time goes, by provider.
// Run as `npm run bench -- train`; with `--against pytorch` the same steps in PyTorch take turns
// with ours.
import { parseArgs } from 'node:util'
import { PROVIDERS, builtInProviders } from '../../model/runtime/onnxruntime.ts'
import { runsHere } from '../../model/runtime/session.ts'
import type { Provider } from '../../model/runtime/onnxruntime.ts'
import { describeMachine } from './machine.ts'
import { median } from './search/timing.ts'
import { CASES, TITLES, type CaseName } from './train/cases.ts'
import { startEngine, type Engine } from './train/engines.ts'
import { pytorchMissing, startPytorch } from './train/pytorch.ts'

const HELP = `npm run bench -- train [options]
  --cases a,b           of ${Object.keys(CASES).join(', ')}
  --providers a,b       of those that run here (default: all)
  --rounds 5            turns of each engine; a first one is not counted
  --against pytorch     the same steps in PyTorch, where Python has it
  --json                {machine, rows, ratios} on stdout, the rest on stderr`

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: Object.keys(CASES).join() },
    providers: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    against: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

interface Row {
  case: CaseName
  provider: Provider
  milliseconds: number
  imagesPerSecond: number
  /** Shares of the step: in the model, moving data in and out of it, our code. */
  shares: { model: number; moving: number; ours: number }
  peakMegabytes: number
  /** The step when parameters and state are fed and fetched instead of kept; null without any. */
  fedMilliseconds: number | null
  pytorchMilliseconds: number | null
}

const say = options.json ? console.error : console.log
const PROFILED = 2
const COLUMNS = [
  ...['case', 'provider', 'ms', 'images/s', 'model', 'moving', 'ours'],
  ...['peak MB', 'fed ms', 'PyTorch ms']
]
/** Steps that are also timed with everything fed and fetched. */
const FED: readonly CaseName[] = ['resnet18-64', 'head']

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const machine = describeMachine()
  const missing = options.against === 'pytorch' ? pytorchMissing() : undefined
  if (missing) say(missing)
  say(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.platform}`)
  say(`Node ${machine.node}; load before ${machine.load}; medians of ${options.rounds} turns\n`)
  const cases = chosen(options.cases.split(','), Object.keys(CASES) as CaseName[])
  const providers = await runningProviders()
  say(line(COLUMNS))
  const rows: Row[] = []
  for (const name of cases)
    for (const provider of providers) {
      const isOurs = name.endsWith('fed')
      const torch = options.against === 'pytorch' && !missing && provider === 'cpu' && !isOurs
      rows.push(await measure(name, provider, torch))
    }
  const ratios = ratiosOf(rows)
  say('')
  for (const [what, ratio] of Object.entries(ratios)) say(`${what}: ${ratio.toFixed(2)}`)
  if (options.json) console.log(JSON.stringify({ machine, rows, ratios }))
}

async function runningProviders(): Promise<Provider[]> {
  const asked = options.providers ? chosen(options.providers.split(','), PROVIDERS) : PROVIDERS
  const built = await builtInProviders()
  const running: Provider[] = []
  for (const provider of asked.filter((one) => built.includes(one))) {
    const runs = await runsHere(provider)
    if (runs === true) running.push(provider)
    else say(`${provider} is left out: ${runs.message}`)
  }
  return running
}

/** Times one case on one provider, with its variants in turns. */
async function measure(name: CaseName, provider: Provider, against: boolean): Promise<Row> {
  const kept = await startEngine(name, provider, true)
  const fed = FED.includes(name) ? await startEngine(name, provider, false) : undefined
  const torch = against ? await startPytorch(name) : undefined
  if (torch && (torch.images !== kept.images || torch.learned !== kept.learned))
    throw new Error(`${name}: PyTorch's step is another: ${JSON.stringify(torch)}`)
  const times = { kept: [] as number[], fed: [] as number[], torch: [] as number[] }
  const batches: number[] = []
  for (let round = 0; round <= Number(options.rounds); round++) {
    const { total, batch } = await kept.step()
    const others = { fed: (await fed?.step())?.total, torch: await torch?.step() }
    if (round === 0) continue
    times.kept.push(total)
    batches.push(batch / total)
    if (others.fed !== undefined) times.fed.push(others.fed)
    if (others.torch !== undefined) times.torch.push(others.torch)
  }
  const row = await rowOf({ name, provider, kept, times, ours: median(batches) })
  fed?.close()
  await torch?.close()
  tell(row)
  return row
}

async function rowOf(measured: {
  name: CaseName
  provider: Provider
  kept: Engine
  times: { kept: number[]; fed: number[]; torch: number[] }
  ours: number
}): Promise<Row> {
  const { name, provider, kept, times, ours } = measured
  const milliseconds = median(times.kept)
  const { inModel, peak } = await kept.profile(PROFILED)
  kept.close()
  const model = (1 - ours) * inModel
  return {
    case: name,
    provider,
    milliseconds,
    imagesPerSecond: (kept.images * 1000) / milliseconds,
    shares: { model, moving: 1 - ours - model, ours },
    peakMegabytes: Math.round(peak / 2 ** 20),
    fedMilliseconds: times.fed.length > 0 ? median(times.fed) : null,
    pytorchMilliseconds: times.torch.length > 0 ? median(times.torch) : null
  }
}

/** Steps against three forward passes of as many pictures, and against PyTorch. */
function ratiosOf(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {}
  for (const row of rows) {
    const [network, size] = row.case.split('-')
    for (const forward of rows) {
      const isSame = forward.case.startsWith(`forward-${size}`) && forward.provider === row.provider
      const how = forward.case.endsWith('fed') ? ' with weights fed' : ''
      if (network === 'resnet18' && isSame)
        ratios[`${TITLES[row.case]} on ${row.provider} / three forwards${how}`] =
          row.milliseconds / (3 * forward.milliseconds)
    }
    if (row.pytorchMilliseconds !== null)
      ratios[`${TITLES[row.case]} on ${row.provider} / PyTorch`] =
        row.milliseconds / row.pytorchMilliseconds
  }
  return ratios
}

function tell(row: Row): void {
  const { shares, fedMilliseconds, pytorchMilliseconds } = row
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const cells = [row.milliseconds.toPrecision(3), row.imagesPerSecond.toPrecision(3)]
  cells.push(...[shares.model, shares.moving, shares.ours].map(percent), `${row.peakMegabytes}`)
  cells.push(fedMilliseconds?.toPrecision(3) ?? '-')
  cells.push(pytorchMilliseconds ? pytorchMilliseconds.toPrecision(3) : '-')
  say(line([TITLES[row.case], row.provider, ...cells]))
}

function line(cells: readonly string[]): string {
  const [title = '', ...rest] = cells
  return title.padEnd(32) + rest.map((cell) => cell.padStart(12)).join('')
}

function chosen<Name extends string>(given: readonly string[], from: readonly Name[]): Name[] {
  return given.map((name) => {
    const known = from.find((one) => one === name)
    if (known === undefined) throw new Error(`train bench: expected ${from.join(', ')}, got ${name}`)
    return known
  })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
