// Where the pinned Electron cannot be had, `npm start` uses the test runtime and says so; a package
// never has it.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import {
  ROOT,
  electronExecutable,
  openApp,
  temporaryFolder,
  untilIndexed
} from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const run = promisify(execFile)

test('the window says that it runs on the test runtime, whatever it shows', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 12, { seed: 71 })
  const opened = await openApp(t, { folders: [folder], switches: ['--test-runtime'] })
  const { page } = opened
  const band = page.getByTestId('test-runtime')
  await sized(page, 1280, 860)
  assert.match(await band.innerText(), /old Chromium.*not for photos you do not trust/)
  await untilIndexed(page)
  await looks(opened, 'test-runtime')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().click()
  await page.getByTestId('kin-tile').first().waitFor()
  // Nothing lies over it.
  const box = await band.boundingBox()
  const top = await page.evaluate(() =>
    document.elementFromPoint(100, 5)?.getAttribute('data-testid')
  )
  assert.ok(box && box.y === 0 && box.width === 1280)
  assert.equal(top, 'test-runtime')
  await opened.screenshot('test-runtime-photo')
})

/** The command lines of processes whose parent is that one. */
function childrenOf(parent: number | undefined): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== parent) return []
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
    } catch {
      return [] // no process, or it ended while we looked
    }
  })
}

const pinned = existsSync(join(ROOT, 'node_modules/electron/dist/version'))
const skip = pinned ? 'the pinned Electron is here' : false
test('npm start says it in the terminal and lets the window say it', { skip }, async (t) => {
  const home = temporaryFolder(t, 'home')
  const { ELECTRON_OVERRIDE_DIST_PATH: _none, ...env } = process.env
  const started = spawn(process.execPath, [join(ROOT, 'main/setup/start.mjs')], {
    env: { ...env, ELECTRON_MIRROR: 'http://127.0.0.1:9/', XDG_CONFIG_HOME: join(home, 'config') }
  })
  const ended = once(started, 'close')
  let told = ''
  started.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
  let electron: string | undefined
  while (!electron && started.exitCode === null) {
    electron = childrenOf(started.pid).find((line) => line.includes(`${ROOT}\0`))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  started.kill() // which ends the app, too
  await ended
  assert.match(told, /kindred: this is a test runtime with an old Chromium: for trying/)
  assert.match(electron ?? '', /\0--test-runtime\0/)
})

test('without the switch of npm start there is no such line', async (t) => {
  const { page } = await openApp(t)
  await page.getByTestId('first-run').waitFor()
  assert.equal(await page.getByTestId('test-runtime').count(), 0)
})

test('no package is made of another Electron than the pinned one, unless told to', async () => {
  const script = join(ROOT, 'main/setup/package.mjs')
  const named = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(electronExecutable(), '..') }
  const { ELECTRON_OVERRIDE_DIST_PATH: _none, ...own } = process.env
  const unreachable = { ...own, ELECTRON_MIRROR: 'http://127.0.0.1:9/' }
  const remedy = /for people.*npm run package -- --test-runtime/s
  for (const options of [[], ['--release']])
    for (const env of pinned ? [named] : [named, unreachable])
      await assert.rejects(run(process.execPath, [script, ...options], { env }), remedy)
  const both = run(process.execPath, [script, '--release', '--test-runtime'], { env: named })
  await assert.rejects(both, /expected one of them/)
})
