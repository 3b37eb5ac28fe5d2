// Indexing files of several kinds by command line: photos a second, processor time, memory.
// `npm run bench -- indexing`; with `--against <checkout>` the same of another build, in turns.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { QUIET_MILLISECONDS, ROOT, openApp, untilIndexed } from '../support/electron.ts'
import { KINDS, WORDS, makeFiles, type Kind } from './indexing/make.ts'
import { indexed, type Run } from './indexing/run.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- indexing [options]
  --kinds ${KINDS.join(',')}
                     which files; all but the first are made of those in ../shared
  --folder <folder>  instead: the files of a folder
  --files 240        of each kind that is made
  --against <folder> the same of another checkout, which was installed (npm ci), in turns
  --turns 1          how often
  --electron         in the app, too: needs a display and ELECTRON_OVERRIDE_DIST_PATH
Photos a second are those of the run, as the command says them; processor time and the most
memory at once are those of all its processes, start and end included.`

const { values: options } = parseArgs({
  options: {
    kinds: { type: 'string', default: KINDS.join(',') },
    folder: { type: 'string' },
    files: { type: 'string', default: '240' },
    against: { type: 'string' },
    turns: { type: 'string', default: '1' },
    electron: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

/** The pause without work that `untilIndexed` waits for, seconds: no part of the time. */
const QUIET = QUIET_MILLISECONDS / 1000

const cleanUps: (() => unknown)[] = []
const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  console.log(JSON.stringify(describeMachine()))
  const place = mkdtempSync(join(tmpdir(), 'kindred-bench-'))
  t.after(() => rmSync(place, { recursive: true, force: true, maxRetries: 20 }))
  try {
    if (options.folder) return await compare(options.folder, resolve(options.folder))
    for (const kind of kindsOf(options.kinds)) {
      const shared = resolve(ROOT, '../shared')
      const folder = await makeFiles(kind, place, Number(options.files), shared)
      await compare(WORDS[kind], folder)
      rmSync(join(place, kind), { recursive: true, force: true })
    }
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

function kindsOf(text: string): Kind[] {
  return text.split(',').map((name) => {
    const kind = KINDS.find((one) => one === name)
    if (!kind) throw new Error(`--kinds: expected some of ${KINDS.join(', ')}, got ${name}`)
    return kind
  })
}

/** Both builds in turns, each time into a new library. */
async function compare(words: string, folder: string): Promise<void> {
  console.log(words)
  const against = options.against && resolve(options.against)
  const runs: { this: Run[]; against: Run[] } = { this: [], against: [] }
  for (let turn = 0; turn < Number(options.turns); turn++) {
    if (against) runs.against.push(tell('  against', await indexed(against, folder)))
    runs.this.push(tell('  this   ', await indexed(ROOT, folder)))
  }
  // A build that does not know a format indexes none of its files: nothing to compare.
  if (against && mean(runs.against, 'indexed') > 0) {
    const times = mean(runs.this, 'photosPerSecond') / mean(runs.against, 'photosPerSecond')
    const memory = mean(runs.this, 'peakMegabytes') / mean(runs.against, 'peakMegabytes')
    console.log(`  ${times.toFixed(2)} times as fast, ${memory.toFixed(2)} times the memory`)
  }
  if (options.electron) await inElectron(folder)
}

function tell(name: string, run: Run): Run {
  console.log(
    `${name} ${run.indexed} indexed, ${run.failed} not, in ${run.seconds.toFixed(1)} s: ` +
      `${run.photosPerSecond.toFixed(1)} a second, backbone busy ${run.computeBusy.toFixed(2)}, ` +
      `${run.processorMilliseconds.toFixed(1)} ms of processor a photo, ` +
      `at most ${run.peakMegabytes.toFixed(0)} MB`
  )
  return run
}

function mean(runs: readonly Run[], what: 'indexed' | 'photosPerSecond' | 'peakMegabytes'): number {
  return runs.reduce((sum, run) => sum + run[what], 0) / runs.length
}

async function inElectron(folder: string): Promise<void> {
  const began = performance.now()
  const { page, close } = await openApp(t, { folders: [folder] })
  await page.getByTestId('tile').first().waitFor()
  const first = (performance.now() - began) / 1000
  await untilIndexed(page)
  const seconds = (performance.now() - began) / 1000 - QUIET
  await close()
  console.log(
    `  the app: first tiles after ${first.toFixed(1)} s, all in ${seconds.toFixed(1)} s from its start`
  )
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
