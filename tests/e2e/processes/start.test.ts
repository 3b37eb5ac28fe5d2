// Starts that fail and errors that nobody caught, in the real app: what is given up is told in the
// window and can be tried again; a process that such an error ends is started anew.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import {
  copyOfApp,
  openApp,
  temporaryFolder,
  untilIndexed,
  type OpenedApp
} from '../../support/electron.ts'
import { assertAccessible, looks, sized } from '../../support/looks.ts'
import { makePhotos } from '../../support/photos.ts'

const FIRST = 12
const MORE = 5

/** The process id of one that runs and is not the former. */
async function untilAnother(
  opened: OpenedApp,
  name: 'engine' | 'compute',
  former?: number
): Promise<number> {
  for (;;) {
    const pid = (await opened.pids())[name]
    if (pid !== undefined && pid !== former) return pid
    await opened.page.waitForTimeout(50)
  }
}

/** To be awaited: app has told the page once more that a process stays down. */
async function nextRefusal(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => {
    const state = globalThis as { refusals?: number }
    state.refusals = 0
    addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
      if (data.type === 'stopped') state.refusals = (state.refusals ?? 0) + 1
    })
  })
  return () =>
    page.waitForFunction(() => ((globalThis as { refusals?: number }).refusals ?? 0) > 0)
}

test('an engine that fails at every start is given up, which is told, and tried again', async (t) => {
  const root = copyOfApp(t)
  const engine = join(root, 'out/main/engine.js')
  const whole = readFileSync(engine)
  writeFileSync(engine, 'throw new Error("made to fail by a test")')
  const opened = await openApp(t, { root })
  const { page } = opened
  await page.getByTestId('stopped').waitFor()
  const words = await page.getByTestId('stopped').innerText()
  assert.match(words, /ended 5 times while starting/)
  assert.ok(words.includes(join(opened.home, 'config/Kindred/logs')), words)
  await looks(opened, 'stopped')
  await assertAccessible(page)
  await sized(page, 1280, 860)

  await page.reload() // who loads the page again is told again
  await page.getByTestId('start-again').waitFor()
  const failsAgain = await nextRefusal(page)
  await page.getByTestId('start-again').click()
  await failsAgain()
  writeFileSync(engine, whole)
  await page.getByTestId('start-again').click()
  await page.getByTestId('first-run').waitFor()
})

test('a compute that fails at every start is told; photos are shown and found', async (t) => {
  const [root, home] = [copyOfApp(t), temporaryFolder(t, 'home')]
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, FIRST, { seed: 31 })
  const before = await openApp(t, { root, home, folders: [folder] })
  await untilIndexed(before.page)
  await before.close()

  await makePhotos(folder, MORE, { seed: 32 })
  const compute = join(root, 'out/main/compute.js')
  const whole = readFileSync(compute)
  writeFileSync(compute, 'throw new Error("made to fail by a test")')
  const opened = await openApp(t, { root, home })
  const { page } = opened
  const bar = page.getByTestId('without-compute')
  await bar.waitFor()
  const words = await bar.innerText()
  assert.match(words, /ended 5 times while starting.*install Kindred again/s)
  assert.ok(words.includes(join(home, 'config/Kindred/logs')), words)
  await page.getByTestId('tile').nth(FIRST - 1).waitFor()
  await looks(opened, 'without-compute')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().click()
  await page.getByTestId('kin-tile').first().waitFor()
  await opened.screenshot('without-compute-photo')
  await page.keyboard.press('Escape')

  await page.reload() // who loads the page again is told again
  await bar.waitFor()
  const failsAgain = await nextRefusal(page)
  await page.getByTestId('start-compute').click()
  await failsAgain()
  await bar.waitFor()
  writeFileSync(compute, whole)
  await page.getByTestId('start-compute').click()
  await page.getByTestId('nav-photos').getByText(`${FIRST + MORE}`).waitFor()
  await untilIndexed(page)
  assert.equal(await bar.count(), 0)
  assert.equal(await page.getByTestId('wait-bar').count(), 0)
})

test('an error that nobody caught ends engine and compute, and they come back', async (t) => {
  const root = copyOfApp(t)
  // As Electron does from version 37 on: a rejection that nobody handles is a warning.
  const warn = "process.on('unhandledRejection', () => console.error('a warning'))"
  const reject = "Promise.reject(new Error('made by a test'))"
  for (const name of ['engine', 'compute'])
    writeFileSync(
      join(root, `out/main/${name}.js`),
      `${warn}\n${readFileSync(join(root, `out/main/${name}.js`), 'utf8')}
      process.parentPort.on('message', () => setTimeout(() => ${reject}, 1000))`
    )
  const opened = await openApp(t, { root })
  const [engine, compute] = await Promise.all([
    untilAnother(opened, 'engine'),
    untilAnother(opened, 'compute')
  ])
  await Promise.all([
    untilAnother(opened, 'engine', engine),
    untilAnother(opened, 'compute', compute)
  ])
})

test('a decoder that ends at every start is told, and no photo is to blame', async (t) => {
  const root = copyOfApp(t)
  const flag = join(root, 'the-decoder-ends')
  writeFileSync(flag, '')
  const app = join(root, 'out/main/app.js')
  const ending = `require('electron').app.on('web-contents-created', (_event, contents) =>
    contents.on('did-start-navigation', ({ url }) => {
      if (url.includes('decode') && require('fs').existsSync(${JSON.stringify(flag)}))
        contents.forcefullyCrashRenderer()
    }))\n`
  writeFileSync(app, `${ending}${readFileSync(app, 'utf8')}`)
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, FIRST, { seed: 33 })
  const opened = await openApp(t, { root, folders: [folder] })
  const { page } = opened
  const bar = page.getByTestId('wait-bar')
  await bar.getByText('ended 5 times while starting').waitFor()
  await looks(opened, 'without-decoder')
  rmSync(flag)
  await page.getByTestId('try-now').click()
  await page.getByTestId('tile').nth(FIRST - 1).waitFor()
  await untilIndexed(page)
})

test('a decoder that never loads is ended, and once it loads photos are read', async (t) => {
  const root = copyOfApp(t)
  const app = join(root, 'out/main/app.js')
  const limit = /LOADING_MILLISECONDS = 6e4\b/
  const bundle = readFileSync(app, 'utf8')
  assert.match(bundle, limit)
  writeFileSync(app, bundle.replace(limit, 'LOADING_MILLISECONDS = 4000'))
  const assets = join(root, 'out/pages/assets')
  const script = join(assets, readdirSync(assets).find((name) => name.startsWith('decoder-')) ?? '')
  const whole = readFileSync(script, 'utf8')
  writeFileSync(script, `for (;;);\n${whole}`)
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, FIRST, { seed: 34 })
  const { page } = await openApp(t, { root, folders: [folder] })
  const bar = page.getByTestId('wait-bar')
  await bar.getByText('ended 5 times while starting').waitFor()
  writeFileSync(script, whole)
  await page.getByTestId('try-now').click()
  await page.getByTestId('tile').nth(FIRST - 1).waitFor()
  await untilIndexed(page)
})
