// How well learned codes find kin: the app's own choice against a grid, as table and plot.
// `npm run bench -- accuracy [options]`, see --help. Labelled folders; ../shared/photos unless
// given. Takes hours for everything on two cores; what was done is kept and not done again.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, freemem, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { sourcesIn } from '../style/sources.ts'
import { Grid } from './accuracy/jobs.ts'
import type { Folder, Job, Outcome } from './accuracy/jobs.ts'
import { photoSet } from './accuracy/photos.ts'
import { GRIDS, jobsOf } from './accuracy/plan.ts'
import { runAll } from './accuracy/pool.ts'
import { acceptance, libraryOf, markdown, nameOf, plot, rowsOf } from './accuracy/report.ts'
import type { Done } from './accuracy/report.ts'
import { describeMachine } from './machine.ts'

/** Memory that a worker takes at most, with features of some 5,000 photos. */
const WORKER_BYTES = 1.5e9
const PHOTOS = fileURLToPath(new URL('../../../shared/photos', import.meta.url))
const HELP = `npm run bench -- accuracy [options]
  --folders <folder:top,..>  labelled folders, ranks that count; ../shared/photos unless given
  --bits <16,32,64,128>      64,32,16 unless given
  --seeds <1,2,3>
  --grid <${Object.keys(GRIDS).join(' | ')} | file.json>  what is compared with the app's own choice
  --libraries <name,..>      only these: a folder's name, or mixed
  --trains <name,..>         only these: start, automatic, names of the grid
  --workers <n>              processes; by cores and free memory unless given
  --out <folder>             where table, plot and results go`

const { values: given } = parseArgs({
  options: {
    folders: {
      type: 'string',
      default: ['objects:100', 'same-thing:4', 'few-kinds:100']
        .map((each) => join(PHOTOS, each))
        .join()
    },
    bits: { type: 'string', default: '64,32,16' },
    seeds: { type: 'string', default: '1,2,3' },
    grid: { type: 'string', default: 'small' },
    libraries: { type: 'string' },
    trains: { type: 'string' },
    workers: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'kindred-bench-accuracy', 'report') },
    help: { type: 'boolean', default: false }
  }
})

function folderOf(text: string): Folder {
  const [, path = text, top = '100'] = /^(.*):(\d+)$/.exec(text) ?? []
  return { path: resolve(path), top: Number(top) }
}

function gridOf(name: string): readonly Grid[] {
  const known = GRIDS[name]
  return known ?? v.parse(v.array(Grid), JSON.parse(readFileSync(name, 'utf8')))
}

const Bits = v.picklist([16, 32, 64, 128])

/** Results of other sources than now are none: a change of the learning measures anew. */
function sourcesKey(): string {
  const key = createHash('sha256')
  for (const { path, text } of sourcesIn(['model/train/head', 'model/quant'], ['.ts']))
    key.update(path).update(text)
  return key.digest('hex').slice(0, 12)
}

async function main(): Promise<void> {
  if (given.help) return console.log(HELP)
  const folders = given.folders.split(',').map(folderOf)
  const missing = folders.filter(({ path }) => !existsSync(path))
  if (missing.length > 0)
    return console.log(`left out: no folder ${missing.map(({ path }) => path).join(', ')}`)
  console.log(JSON.stringify(describeMachine()))
  for (const { path } of folders) {
    const set = await photoSet(path, (done, total) => {
      if (done % 400 === 0) console.log(`features and views: ${done} of ${total}`)
    })
    console.log(`${set.name}: ${set.n} photos, views made in ${set.seconds.toFixed(0)} s`)
  }
  const wanted = jobsOf({
    folders,
    bits: given.bits.split(',').map((text) => v.parse(Bits, Number(text))),
    seeds: given.seeds.split(',').map(Number),
    grid: gridOf(given.grid)
  })
    .filter((job) => !given.libraries || given.libraries.split(',').includes(libraryOf(job)))
    .filter((job) => !given.trains || given.trains.split(',').includes(nameOf(job.train)))
  mkdirSync(given.out, { recursive: true })
  const file = join(given.out, `results-${sourcesKey()}.jsonl`)
  const done = new Map<string, Done>()
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const one = JSON.parse(line) as Done
      done.set(JSON.stringify(one.job), one)
    }
  const waiting = new Map<string, Job[]>()
  for (const job of wanted) {
    if (done.has(JSON.stringify(job))) continue
    const key = JSON.stringify([job.folders, job.bits, job.seed])
    waiting.set(key, [...(waiting.get(key) ?? []), job])
  }
  const workers = given.workers
    ? Number(given.workers)
    : Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / WORKER_BYTES)))
  await runAll([...waiting.values()], workers, (job, outcome) => {
    done.set(JSON.stringify(job), { job, outcome })
    appendFileSync(file, `${JSON.stringify({ job, outcome })}\n`)
    console.log(line(job, outcome))
  })
  const all = wanted.flatMap((job) => done.get(JSON.stringify(job)) ?? [])
  const rows = rowsOf(all)
  writeFileSync(join(given.out, 'table.md'), markdown(rows, all))
  writeFileSync(join(given.out, 'table.json'), JSON.stringify({ rows, done: all }, null, 1))
  writeFileSync(join(given.out, 'plot.svg'), plot(rows))
  console.log([markdown(rows, all), ...acceptance(rows), `written to ${given.out}`].join('\n'))
}

function line(job: Job, outcome: Outcome): string {
  const sets = Object.entries(outcome.sets).map(
    ([set, { codes, reranked }]) => `${set} ${codes.toFixed(4)} reranked ${reranked.toFixed(4)}`
  )
  return [
    `${libraryOf(job)} ${job.bits / 8} bytes seed ${job.seed} ${nameOf(job.train)}:`,
    sets.join(', '),
    outcome.chosen ? `chose ${outcome.chosen}` : '',
    `${outcome.seconds.toFixed(1)} s, ${outcome.stepMilliseconds.toFixed(1)} ms a step`
  ].join(' ')
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
