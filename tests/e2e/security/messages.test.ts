// Checklist 17, 20: what the page is given, who may ask app, and with what.
import test from 'node:test'
import assert from 'node:assert/strict'
import type { ElectronApplication } from 'playwright-core'
import { openApp, temporaryFolder } from '../../support/electron.ts'

/**
 * Asks app over raw channels from a window of the test's own, which has Node and so may say
 * anything: for each message, whether app answered or refused.
 * @param inFrame asks from a frame inside that window.
 */
function askAs(
  app: ElectronApplication,
  address: string,
  messages: unknown[][],
  { inFrame = false } = {}
): Promise<string[]> {
  return app.evaluate(
    async ({ BrowserWindow }, [to, list, inside]) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: {
          sandbox: false,
          contextIsolation: false,
          nodeIntegration: true,
          nodeIntegrationInSubFrames: true
        }
      })
      await window.loadURL(to)
      const main = window.webContents.mainFrame
      if (inside)
        await main.executeJavaScript(`new Promise((resolve) => {
          const frame = document.createElement('iframe')
          frame.srcdoc = 'hello'
          frame.onload = () => resolve()
          document.body.append(frame)
        })`)
      const frame = inside ? main.frames[0] : main
      const answers = (await frame?.executeJavaScript(`(async () => {
        const { ipcRenderer } = require('electron')
        const answers = []
        for (const message of ${JSON.stringify(list)})
          answers.push(await ipcRenderer.invoke(...message).then(() => 'answered', () => 'refused'))
        return answers
      })()`)) as string[]
      window.destroy()
      return answers
    },
    [address, messages, inFrame] as const
  )
}

/** Makes the dialogs answer by themselves, the question with yes, and counts those opened. */
async function answerDialog(
  app: ElectronApplication,
  filePaths: string[]
): Promise<() => Promise<number>> {
  await app.evaluate(({ dialog }, paths) => {
    let opened = 0
    Object.assign(globalThis, { dialogs: () => opened })
    dialog.showOpenDialog = async () => {
      opened += 1
      return { canceled: paths.length === 0, filePaths: paths }
    }
    dialog.showMessageBox = async () => {
      opened += 1
      return { response: paths.length === 0 ? 1 : 0, checkboxChecked: false }
    }
  }, filePaths)
  return () => app.evaluate(() => (globalThis as { dialogs?: () => number }).dialogs?.() ?? -1)
}

test('the page is given these functions and nothing else', async (t) => {
  const { page } = await openApp(t)
  const given = await page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'kindred') as Record<string, unknown>
    return Object.entries(bridge).map(([name, value]) => [name, typeof value])
  })
  assert.deepEqual(given, [
    ['chooseFolder', 'function'],
    ['locateFolder', 'function'],
    ['droppedFolder', 'function'],
    ['startAgain', 'function'],
    ['setFullScreen', 'function'],
    ['rests', 'function'],
    ['withFiles', 'function'],
    ['dragFiles', 'function'],
    ['copyPicture', 'function'],
    ['undoFiles', 'function'],
    ['retryFiles', 'function'],
    ['stopFiles', 'function']
  ])
  const raw = await page.evaluate(() =>
    ['ipcRenderer', 'electron', 'webUtils', 'webFrame'].filter((name) => name in globalThis)
  )
  assert.deepEqual(raw, [])
})

test('the page asks for a folder, a person chooses, and only the outcome comes back', async (t) => {
  const { app, page } = await openApp(t)
  const folder = temporaryFolder(t, 'chosen')
  const dialogs = await answerDialog(app, [folder])
  assert.deepEqual(await page.evaluate(() => window.kindred?.chooseFolder()), { outcome: 'added' })
  await answerDialog(app, [])
  assert.deepEqual(await page.evaluate(() => window.kindred?.chooseFolder()), {
    outcome: 'cancelled'
  })
  await answerDialog(app, ['/no/such/folder'])
  const refused = await page.evaluate(() => window.kindred?.chooseFolder())
  assert.equal(refused?.outcome, 'refused')
  assert.equal(await dialogs(), 1)
})

test('a folder that was really dropped is added when asked; a made up file has no path', async (t) => {
  const { app, page } = await openApp(t)
  const forged = await page.evaluate(() =>
    window.kindred?.droppedFolder(new File(['x'], '/etc')).then(
      () => 'answered',
      () => 'refused'
    )
  )
  assert.equal(forged, 'refused')
  const folder = temporaryFolder(t, 'dropped')
  await page.evaluate(() => {
    addEventListener('dragover', (event) => event.preventDefault())
    addEventListener('drop', (event) => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (!file) return
      void window.kindred
        ?.droppedFolder(file)
        .then((answer) => Object.assign(globalThis, { answer }))
    })
  })
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  async function drop(): Promise<unknown> {
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'answer'))
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data })
    await page.waitForFunction(() => 'answer' in globalThis)
    return page.evaluate(() => Reflect.get(globalThis, 'answer'))
  }
  const declined = await answerDialog(app, [])
  assert.deepEqual(await drop(), { outcome: 'cancelled' })
  // The page itself asks too, as it takes drops anywhere: each is a question of its own.
  assert.ok((await declined()) >= 1)
  await answerDialog(app, [folder])
  assert.deepEqual(await drop(), { outcome: 'added' })
})

test('malformed arguments are refused before anything is done', async (t) => {
  const { app } = await openApp(t)
  const dialogs = await answerDialog(app, [])
  // A window of the test's own, at the page's address, whose preload sends whatever it likes.
  const answers = await askAs(app, 'app://kindred/renderer/index.html', [
    ['kindred:choose-folder', 'an argument'],
    ['kindred:choose-folder', null],
    ['kindred:locate-folder'],
    ['kindred:locate-folder', 0],
    ['kindred:locate-folder', '/'],
    ['kindred:locate-folder', 1, '/'],
    ['kindred:dropped-folder'],
    ['kindred:dropped-folder', ''],
    ['kindred:dropped-folder', 7],
    ['kindred:dropped-folder', { path: '/' }],
    ['kindred:dropped-folder', ['/']],
    ['kindred:dropped-folder', '/', '/'],
    ['kindred:full-screen'],
    ['kindred:full-screen', 'yes'],
    ['kindred:full-screen', true, 1],
    ['kindred:rest', 1],
    ['kindred:files'],
    ['kindred:files', 'erase', [1]],
    ['kindred:files', 'trash', []],
    ['kindred:files', 'trash', [0]],
    ['kindred:files', 'trash', ['/etc/passwd']],
    ['kindred:files', 'open', '/etc/passwd'],
    ['kindred:files', 'move', [1], '/tmp'],
    ['kindred:files', 'move', Array(10_001).fill(1)],
    ['kindred:drag-files', ['/etc/passwd']],
    ['kindred:drag-files', Array(501).fill(1)],
    ['kindred:copy-picture', 1],
    ['kindred:copy-picture', -1, 0.5],
    ['kindred:undo-files', 1],
    ['kindred:no-such-channel']
  ])
  assert.deepEqual(answers, Array(answers.length).fill('refused'))
  const fine = await askAs(app, 'app://kindred/renderer/index.html', [['kindred:choose-folder']])
  assert.deepEqual(fine, ['answered'], 'the same way with good arguments is answered')
  assert.equal(await dialogs(), 1)
})

test('a frame inside the page and a foreign origin are refused', async (t) => {
  const { app } = await openApp(t)
  const dialogs = await answerDialog(app, [])
  const ask: [string, ...unknown[]][] = [
    ['kindred:choose-folder'],
    ['kindred:dropped-folder', '/'],
    ['kindred:full-screen', true],
    ['kindred:rest'],
    ['kindred:files', 'trash', [1]],
    ['kindred:files', 'move', [1]],
    ['kindred:drag-files', [1]],
    ['kindred:copy-picture', 1, 1],
    ['kindred:undo-files'],
    ['kindred:retry-files'],
    ['kindred:stop-files']
  ]
  const refused = Array(ask.length).fill('refused')
  const foreign = ['app://decoder/main/decode/window.html', 'about:blank']
  for (const address of foreign)
    assert.deepEqual(await askAs(app, address, ask), refused, address)
  const inside = await askAs(app, 'app://kindred/renderer/index.html', ask, { inFrame: true })
  assert.deepEqual(inside, refused, 'a frame inside the page')
  assert.equal(await dialogs(), 0)
})
