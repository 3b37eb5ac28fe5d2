// How long a large photo takes until it is sharp: opened, and stepped to, in real Electron.
// Opens photos of twelve megapixels that it makes, one after the other, with kin beside them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import type { Page } from 'playwright-core'
import { openApp, untilIndexed, ROOT } from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'
import { describeMachine } from './machine.ts'

const HELP = `npm run bench -- viewer [options]
  --photos 12        photos that are made, looked at and stepped through
  --dwell 1500       ms on each photo before the step to the next
  --against <folder> the same of another checkout, which was built (npm run build)
Prints medians and the longest, ms from the key to the picture that is no thumbnail any more.`

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '12' },
    dwell: { type: 'string', default: '1500' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false }
  }
})

const [WIDTH, HEIGHT] = [4000, 3000]

// Last registered, first run: an app is closed before its folder goes.
const cleanUps: (() => unknown)[] = []
const t = { after: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp) }

/** Photos as cameras make them: of such a size, with noise in them. */
async function largePhotos(folder: string, count: number): Promise<void> {
  const small = join(folder, 'small')
  const large = join(folder, 'large')
  mkdirSync(large)
  const paths = (await makePhotos(small, count, { seed: 3, size: 800 })).slice(0, count)
  const noise = { type: 'gaussian', mean: 128, sigma: 12 } as const
  const create = { width: WIDTH, height: HEIGHT, channels: 3, background: 'grey', noise } as const
  const grain = await sharp({ create }).png().toBuffer()
  for (const [i, path] of paths.entries())
    await sharp(path)
      .resize(WIDTH, HEIGHT, { fit: 'fill' })
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 92 })
      .toFile(join(large, `${i}.jpg`))
}

/** Presses a key and tells after how many ms the large photo is another, and sharp. */
async function timed(page: Page, key: string): Promise<number> {
  const sharpened = page.evaluate(async (pressed) => {
    const viewer = () => document.querySelector<HTMLElement>('[data-testid="viewer"]')
    const before = viewer()?.dataset['photoId']
    const began = await new Promise<number>((resolve) =>
      addEventListener('keydown', (event) => event.key === pressed && resolve(event.timeStamp), {
        capture: true
      })
    )
    for (;;) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const isOther = viewer() && viewer()?.dataset['photoId'] !== before
      const sharp = document.querySelector<HTMLImageElement>(
        '[data-testid="large-photo"][data-state="photo"] img.whole'
      )
      if (!isOther || !sharp) continue
      // Loaded is not decoded: to draw it elsewhere waits for its pixels.
      new OffscreenCanvas(64, 64).getContext('2d')?.drawImage(sharp, 0, 0, 64, 64)
      return performance.now() - began
    }
  }, key)
  await page.waitForTimeout(50) // it listens by then
  await page.keyboard.press(key)
  return sharpened
}

async function measure(name: string, root: string, folder: string): Promise<void> {
  const { page, close } = await openApp(t, { root, folders: [join(folder, 'large')] })
  await untilIndexed(page)
  const count = Number(options.photos)
  await page.locator('[data-testid="tile"][tabindex="0"]').focus()
  const opened = [await timed(page, 'Enter')]
  const steps: number[] = []
  for (let i = 1; i < count; i++) {
    await page.waitForTimeout(Number(options.dwell))
    steps.push(await timed(page, 'ArrowRight'))
  }
  const jumps: number[] = []
  for (let i = 2; i < count; i += 2) {
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
    // Far from what was made ahead.
    const place = (i * 5) % count
    await page.getByTestId('tile').nth(place).focus()
    jumps.push(await timed(page, 'Enter'))
  }
  const figures = { opened: told(opened), steps: told(steps), jumps: told(jumps) }
  console.log(name, JSON.stringify(figures))
  await close()
}

function told(times: number[]): { median: number; longest: number; n: number } {
  const sorted = [...times].sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 0
  return { median: Math.round(median), longest: Math.round(sorted.at(-1) ?? 0), n: sorted.length }
}

async function main(): Promise<void> {
  if (options.help) return console.log(HELP)
  console.log(JSON.stringify(describeMachine()))
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bench-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }))
  try {
    await largePhotos(folder, Number(options.photos))
    if (options.against) await measure('against', resolve(options.against), folder)
    await measure('this', ROOT, folder)
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
