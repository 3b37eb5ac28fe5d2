// A library of many photos in real Electron: start, a click to its results, filters, scrolling,
// memory. `npm run bench -- library` makes the library first (bench simulate) and brings its own
// display.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { openApp } from '../support/electron.ts'
import { kindred, simulate } from '../support/kindred.ts'
import {
  clickToResults,
  filterByYear,
  firstPicture,
  scrollFrames,
  scrollTo
} from './library/in-page.ts'
import { memoryOf } from './library/memory.ts'
import type { ProcessMemory } from './library/memory.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- library [options]
  --photos 100000    photos of the library
  --keep <folder>    where the library is kept for the next time, and taken from if it is there
  --clicks 40        photos that are clicked, all over the library
  --filters 20       years that the grid is narrowed to, one after the other, at most
  --json             {photos, firstThumbnails, clickToResults, filter, worstFrame, memoryMegabytes}
Times in ms; memory in MB of all processes, idle for 10 s after the start (and after use).`

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '100000' },
    keep: { type: 'string' },
    clicks: { type: 'string', default: '40' },
    filters: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const REST = 10_000 // ms
const SCROLLED = 8 // seconds at each speed
const SPEEDS = [15, 60, 240] // pixels a frame

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  const machine = describeMachine()
  const photos = Number(options.photos)
  const home = resolve(options.keep ?? mkdtempSync(join(tmpdir(), 'kindred-bench-')))
  const cleanUps: (() => unknown)[] = []
  // Last registered, first run: the app is closed before its folder goes.
  const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }
  if (!options.keep) t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 20 }))
  try {
    await makeLibrary(join(home, 'config/Kindred/library'), photos)
    const figures = await measure(t, home)
    if (options.json) return console.log(JSON.stringify({ photos, ...figures }))
    console.log(JSON.stringify(machine))
    for (const [name, value] of Object.entries({ photos, ...figures }))
      console.log(`${name.padEnd(18)}${JSON.stringify(value)}`)
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

async function makeLibrary(library: string, photos: number): Promise<void> {
  if (existsSync(join(library, 'kindred.sqlite'))) {
    const status = await kindred('status', '--library', library, '--json')
    const kept = v.parse(v.object({ photos: v.number() }), JSON.parse(status.stdout)).photos
    if (kept !== photos) throw new Error(`${library}: expected ${photos} photos, got ${kept}`)
    return
  }
  mkdirSync(library, { recursive: true })
  const ran = await simulate('--photos', String(photos), '--library', library)
  if (ran.code !== 0) throw new Error(ran.stderr)
}

async function measure(t: Parameters<typeof openApp>[0], home: string) {
  const began = performance.now()
  const { app, page } = await openApp(t, { home })
  await page.evaluate(firstPicture)
  const firstThumbnails = performance.now() - began
  await sleep(REST)
  const idle = await memoryOf(app)
  const clicks: number[] = []
  for (let click = 0; click < Number(options.clicks); click++) {
    await page.evaluate(scrollTo, fraction(click))
    clicks.push(await page.evaluate(clickToResults))
    await page.getByTestId('kin-tile').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('grid').waitFor()
  }
  const filters: number[] = []
  await page.evaluate(scrollTo, 0)
  await page.getByTestId('filter-toggle').click()
  // Each year once, so that no filter is one that was kept.
  for (let place = 1; place <= Number(options.filters); place++) {
    await page.getByTestId('filter-dates').click()
    await page.getByTestId('filter-year').first().waitFor()
    if ((await page.getByTestId('filter-year').count()) <= place) break
    filters.push(await page.evaluate(filterByYear, place))
    await sleep(500)
  }
  await page.keyboard.press('Escape')
  await page.getByTestId('filter-clear').click()
  const scrolls: { worstFrame: number; blank: number }[] = []
  for (const speed of SPEEDS) {
    await page.evaluate(scrollTo, 0.3)
    scrolls.push(await page.evaluate(scrollFrames, { seconds: SCROLLED, speed }))
  }
  await page.evaluate(scrollTo, 0)
  await sleep(REST)
  const used = await memoryOf(app)
  return {
    firstThumbnails: Math.round(firstThumbnails),
    clickToResults: percentiles(clicks),
    filter: percentiles(filters),
    worstFrame: tenths(Math.max(...scrolls.map((one) => one.worstFrame))),
    memoryMegabytes: totalOf(idle),
    worstFrames: scrolls.map((one) => tenths(one.worstFrame)),
    blankTile: tenths(Math.max(...scrolls.map((one) => one.blank))),
    memoryAfterUse: totalOf(used),
    processes: idle.map(({ name, megabytes }) => [name, Math.round(megabytes)])
  }
}

function totalOf(memory: readonly ProcessMemory[]): number {
  return Math.round(memory.reduce((sum, { megabytes }) => sum + megabytes, 0))
}

/** Places spread over the whole library: multiples of the golden ratio. */
function fraction(turn: number): number {
  return (turn * 0.6180339887498949) % 1
}

function percentiles(times: readonly number[]): { p50: number; p95: number } {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): number =>
    tenths(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95) }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
