// Closing the app and starting it again at once: no start is lost, nothing is used that was
// destroyed, and stderr stays clean.
import test from 'node:test'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import type { OpenedApp } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

/** Lines of Chromium, of the test's inspector and of ONNX Runtime, which looks for a GPU. */
const NOT_OURS = [
  /^\[\d+:\d+\/[\d.]+:(ERROR|WARNING|INFO):/,
  /^(Debugger|DevTools) (listening|ending|attached)|^Waiting for the debugger|^For help, see/,
  /vkCreateInstance|\/vulkan\//,
  /^$/
]

/** All that the app itself writes to stderr from now on. */
function stderrOf({ app }: OpenedApp): () => string[] {
  let text = ''
  app.process().stderr?.on('data', (part: Buffer) => (text += part.toString()))
  return () => text.split('\n').filter((line) => !NOT_OURS.some((pattern) => pattern.test(line)))
}

/** Closes the page's window as a person does; does not wait for the end. */
function closeWindow({ app }: OpenedApp): void {
  void app
    .evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.webContents.getURL().startsWith('app://kindred/')) window.close()
    })
    .catch(() => undefined) // it may end before it answers
}

/** Closes the app's window and starts it again at once; what runs then. */
async function restart(t: TestContext, opened: OpenedApp): Promise<OpenedApp> {
  const lines = stderrOf(opened)
  const ended = once(opened.app.process(), 'exit')
  closeWindow(opened)
  const next = await openApp(t, { home: opened.home })
  assert.deepEqual(await ended, [0, null])
  assert.deepEqual(lines(), [])
  await next.page.getByTestId('tile').nth(11).waitFor()
  return next
}

/** The process id of compute, which soon ends where nobody acts: so somebody does. */
async function actedCompute({ page, pids }: OpenedApp): Promise<number> {
  await page.keyboard.press('Shift')
  for (;;) {
    const { compute } = await pids()
    if (compute !== undefined) return compute
    await page.waitForTimeout(50)
  }
}

test('closed and started again at once, again and again', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 12)
  let opened = await openApp(t, { home, folders: [folder] })
  await untilIndexed(opened.page)
  for (let round = 0; round < 2; round++) opened = await restart(t, opened)

  // A process that does not obey makes closing take long: starts meanwhile wait for its end.
  const compute = await actedCompute(opened)
  process.kill(compute, 'SIGSTOP')
  opened = await restart(t, opened)
  await opened.close()
})
