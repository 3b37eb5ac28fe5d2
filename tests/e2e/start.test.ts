// Starts that fail and errors that nobody caught, in the real app: what is given up is told in the
// window and can be tried again; a process that such an error ends is started anew.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { copyOfApp, openApp, type OpenedApp } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'

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
  await page.getByTestId('start-again').click()
  await page.getByTestId('starting').waitFor()
  await page.getByTestId('stopped').waitFor() // it still fails
  writeFileSync(engine, whole)
  await page.getByTestId('start-again').click()
  await page.getByTestId('first-run').waitFor()
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
