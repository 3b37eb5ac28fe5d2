// The app as a whole: it quits in good order, remembers, and is there only once.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  NO_SANDBOX,
  ROOT,
  copyOfApp,
  electronExecutable,
  openApp,
  temporaryFolder,
  untilIndexed,
  type OpenedApp
} from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'
import { until } from '../support/until.ts'

function isAlive(pid: number): boolean {
  // A zombie has ended: it only waits to be counted by its parent.
  const status = `/proc/${pid}/status`
  return existsSync(status) && !/^State:\tZ/m.test(readFileSync(status, 'utf8'))
}

/** Quits as by the menu; does not wait for the end. */
function quit({ app }: OpenedApp): void {
  void app.evaluate(({ app: main }) => main.quit()).catch(() => undefined) // it may end before
}

test('it quits in good order and comes back with its library and its window', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 10)
  const first = await openApp(t, { home, folders: [folder] })
  await untilIndexed(first.page)
  const bounds = { x: 40, y: 30, width: 900, height: 700 }
  await first.app.evaluate(({ BrowserWindow }, to) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().startsWith('app://kindred/'))
      ?.setBounds(to)
  }, bounds)
  const pids = Object.values(await first.pids())
  assert.equal(pids.length, 4)
  const main = first.app.process()
  const ended = new Promise((resolve) => main.once('exit', resolve))
  quit(first)
  assert.equal(await ended, 0)
  // A window's process ends by itself once it sees that app has.
  await until('no process is left behind', () => !pids.some(isAlive))
  const library = join(home, 'config/Kindred/library')
  assert.equal(existsSync(join(library, 'kindred.sqlite-wal')), false, 'the catalogue was closed')

  const second = await openApp(t, { home })
  await second.page.getByTestId('tile').nth(9).waitFor()
  const found = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().startsWith('app://kindred/'))
      ?.getBounds()
  )
  assert.deepEqual(found, bounds)
})

test('it quits, too, when none of its processes is left', async (t) => {
  const root = copyOfApp(t)
  const opened = await openApp(t, { root })
  const main = opened.app.process()
  const ended = new Promise((resolve) => main.once('exit', resolve))
  rmSync(root, { recursive: true }) // so that none comes up again
  const isUp = async (): Promise<boolean> => {
    const { engine, compute } = await opened.pids()
    return engine !== undefined || compute !== undefined
  }
  while (await isUp()) {
    await opened.kill('engine')
    await opened.kill('compute')
  }
  quit(opened)
  assert.equal(await ended, 0)
})

test('a second start hands its folders to the first and ends', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 6)
  const { page, home } = await openApp(t)
  await page.getByTestId('first-run').waitFor()
  const second = spawn(electronExecutable(), [ROOT, ...NO_SANDBOX, folder], {
    stdio: 'ignore',
    env: {
      ...process.env,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache')
    }
  })
  assert.equal(await new Promise((resolve) => second.once('exit', resolve)), 0)
  await page.getByTestId('tile').nth(5).waitFor()
})

test('closing the window ends the app', { skip: process.platform === 'darwin' }, async (t) => {
  const { app, page } = await openApp(t)
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()))
  const main = app.process()
  const ended = new Promise((resolve) => main.once('exit', resolve))
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().startsWith('app://kindred/'))
      ?.close()
  })
  assert.equal(await ended, 0)
})

test('a folder of the command line that is not there is told, and the app goes on', async (t) => {
  const { app, page } = await openApp(t)
  const shown = await app.evaluate(async ({ dialog, app: electron }) => {
    const messages: string[] = []
    dialog.showMessageBox = (async (options: { message: string }) => {
      messages.push(options.message)
      return { response: 0, checkboxChecked: false }
    }) as typeof dialog.showMessageBox
    electron.emit('second-instance', {}, [], '', { folders: ['/no/such/folder'] })
    while (messages.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    return messages
  })
  assert.equal(shown.length, 1)
  assert.match(shown[0] ?? '', /no\/such\/folder/)
  await page.getByTestId('first-run').waitFor()
})
