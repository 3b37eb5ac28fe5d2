// A library of many photos while nothing else goes on: start, clicks, filters, scrolling, memory.
import { setTimeout as sleep } from 'node:timers/promises'
import { openApp } from '../../support/electron.ts'
import type { Ending } from '../../support/endings.ts'
import { fraction, percentiles, tenths } from './figures.ts'
import { clickToResults, filterByYear, firstPicture, scrollFrames, scrollTo } from './in-page.ts'
import { memoryOf } from './memory.ts'
import type { ProcessMemory } from './memory.ts'

const REST = 10_000 // ms
const UNUSED = 75_000 // ms; after 60 s compute ends
const SCROLLED = 8 // seconds at each speed
const SPEEDS = [15, 60, 240] // pixels a frame

/**
 * Starts the app on a library and does what a person does: looks, clicks, narrows down, scrolls.
 * Times in ms, memory in MB.
 */
export async function browse(
  t: Ending,
  home: string,
  { clicks: clicked, filters: narrowed }: { clicks: number; filters: number }
) {
  const began = performance.now()
  const { app, page } = await openApp(t, { home })
  await page.evaluate(firstPicture)
  const firstThumbnails = performance.now() - began
  await sleep(REST)
  const idle = await memoryOf(app)
  const clicks: number[] = []
  for (let click = 0; click < clicked; click++) {
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
  for (let place = 1; place <= narrowed; place++) {
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
  await sleep(UNUSED)
  const unused = await memoryOf(app)
  return {
    firstThumbnails: Math.round(firstThumbnails),
    clickToResults: percentiles(clicks),
    filter: percentiles(filters),
    worstFrame: tenths(Math.max(...scrolls.map((one) => one.worstFrame))),
    memoryMegabytes: totalOf(idle),
    worstFrames: scrolls.map((one) => tenths(one.worstFrame)),
    blankTile: tenths(Math.max(...scrolls.map((one) => one.blank))),
    memoryAfterUse: totalOf(used),
    memoryUnused: totalOf(unused),
    processes: idle.map(({ name, megabytes }) => [name, Math.round(megabytes)])
  }
}

function totalOf(memory: readonly ProcessMemory[]): number {
  return Math.round(memory.reduce((sum, { megabytes }) => sum + megabytes, 0))
}
