// A library of many photos while a folder of real files is scanned and indexed and while it is
// learned from: clicks and pictures, beside those of the same start before.
import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { openApp } from '../../support/electron.ts'
import type { Ending } from '../../support/endings.ts'
import { fraction, percentiles } from './figures.ts'
import type { Percentiles } from './figures.ts'
import { busyWith, clickToResults, firstPicture, jumpTo } from './in-page.ts'
import type { Work } from './in-page.ts'

/** So long nothing goes on before that state is measured. */
const REST = 5000 // ms
const LOOK_EVERY = 200 // ms
/** Nothing that is waited for takes longer, on a machine that does nothing else. */
const PATIENCE = 300_000 // ms
/** Photos that are indexed and learned from before the rest of them come. */
const BEFOREHAND = 2000
/** Looks that are not counted. */
const WARM = 10

export interface BusyOptions {
  /** The folder of the app. */
  root: string
  /** Settings and library lie below it. */
  home: string
  /** Two folders of real files: what is learned from first, and what comes then. */
  files: { first: string; rest: string }
  /** Clicks in each state. */
  clicks: number
  /** From one click to the next, at least, ms. */
  pace: number
}

export interface BusyFigures {
  clicks: Figures
  /** From a jump to pictures in all tiles that are seen. */
  pictures: Figures
}

/** Of each state, and how many times those of `nothing` its 95th percentile is. */
export type Figures = Record<Work, Percentiles & { n: number; ratio: number }>

interface Times {
  clicks: number[]
  pictures: number[]
}

/** How many files are to be made for the first folder, of so many in all. */
export function beforehand(count: number): number {
  return Math.min(BEFOREHAND, count >> 1)
}

/**
 * Clicks while real photos are learned from, while others are scanned and indexed, and while all
 * that is paused; ms. The first real photos are there at the start: simulated ones alone cannot be
 * learned from, and the run that finds that out is not tried again for a while.
 */
export async function busy(
  t: Ending,
  { root, home, files, clicks, pace }: BusyOptions
): Promise<BusyFigures> {
  const folder = join(home, 'photos')
  mkdirSync(folder)
  renameSync(files.first, join(folder, 'first'))
  const { page, close } = await openApp(t, { root, home, folders: [folder] })
  await page.evaluate(firstPicture)
  const times: Record<Work, Times> = {
    nothing: { clicks: [], pictures: [] },
    indexing: { clicks: [], pictures: [] },
    learning: { clicks: [], pictures: [] }
  }
  let turn = 0
  /** Counts where the app was busy with the same before and after. */
  async function look(): Promise<void> {
    const next = sleep(pace)
    const work = await page.evaluate(busyWith)
    const pictures = await page.evaluate(jumpTo, fraction(++turn))
    const click = await page.evaluate(clickToResults)
    await page.keyboard.press('Escape')
    await page.getByTestId('grid').waitFor()
    const isSame = (await page.evaluate(busyWith)) === work
    await next
    if (!isSame || turn <= WARM) return
    times[work].pictures.push(pictures)
    times[work].clicks.push(click)
  }
  /** Until there are enough, or the work has ended. */
  async function lookDuring(work: Work): Promise<void> {
    while (times[work].clicks.length < clicks && (await page.evaluate(busyWith)) === work)
      await look()
  }

  await untilBusyWith(page, 'learning')
  await lookDuring('learning')
  renameSync(files.rest, join(folder, 'rest'))
  await untilBusyWith(page, 'indexing')
  await lookDuring('indexing')
  while (times.nothing.clicks.length < clicks) {
    await pauseAll(page)
    await lookDuring('nothing')
  }
  await close()
  return { clicks: figuresOf(times, 'clicks'), pictures: figuresOf(times, 'pictures') }
}

/** Learning goes on when indexing is paused, and is paused then. */
async function pauseAll(page: Page): Promise<void> {
  const pause = page.getByTestId('pause')
  if (await pause.isVisible()) await pause.click()
  for (let quietSince = performance.now(); performance.now() - quietSince < REST;) {
    const work = await page.evaluate(busyWith)
    if (work === 'learning') await page.getByTestId('learning-bar-pause').click()
    if (work !== 'nothing') quietSince = performance.now()
    await sleep(LOOK_EVERY)
  }
}

async function untilBusyWith(page: Page, work: Work): Promise<void> {
  const began = performance.now()
  for (;;) {
    const now = await page.evaluate(busyWith)
    if (now === work) return
    if (performance.now() - began > PATIENCE)
      throw new Error(`expected the app to be busy with ${work} within 5 minutes, got ${now}`)
    await sleep(LOOK_EVERY)
  }
}

function figuresOf(times: Record<Work, Times>, what: keyof Times): Figures {
  const idle = percentiles(times.nothing[what]).p95
  const of = ({ [what]: all }: Times): Figures[Work] => {
    const found = percentiles(all)
    return { ...found, n: all.length, ratio: Math.round((100 * found.p95) / idle) / 100 }
  }
  return {
    nothing: of(times.nothing),
    indexing: of(times.indexing),
    learning: of(times.learning)
  }
}

/** Where the rest of the files is to be made, so that it can be moved in at once. */
export function filesBeside(home: string): BusyOptions['files'] {
  return { first: join(dirname(home), 'first'), rest: join(dirname(home), 'rest') }
}
