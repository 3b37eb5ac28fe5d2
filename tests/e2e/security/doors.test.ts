// Checklist 5, 13, 14, 15: permissions, navigation, new windows and the system's opener are shut.
import test from 'node:test'
import assert from 'node:assert/strict'
import type { ElectronApplication } from 'playwright-core'
import { LICENCE_ADDRESS } from '../../../main/app/addresses.ts'
import { openApp } from '../../support/electron.ts'

const HOSTILE = [
  'https://example.org/',
  'http://127.0.0.1:9/',
  'file:///etc/passwd',
  'smb://server/share',
  'javascript:alert(1)',
  'data:text/html,hello',
  'about:blank',
  'app://kindred/renderer/index.html',
  'app://decoder/main/decode/window.html',
  `photo://large/${'0'.repeat(32)}/720`,
  'https://www.apache.org.evil.example/licenses/LICENSE-2.0'
]

/** Puts a recorder in the place of the system's opener. */
async function recordOpener(app: ElectronApplication): Promise<() => Promise<string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (address) => void opened.push(address)
    shell.openPath = async (path) => String(opened.push(path))
  })
  return () => app.evaluate(() => (globalThis as { opened?: string[] }).opened ?? [])
}

test('every permission is refused', async (t) => {
  const switches = ['--use-fake-device-for-media-stream']
  const { page } = await openApp(t, { switches })
  assert.equal(await page.evaluate(() => Notification.requestPermission()), 'denied')
  const refusals = await page.evaluate(async () => {
    const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))
    const media = navigator.mediaDevices
    return {
      camera: await media.getUserMedia({ video: true }).catch(nameOf),
      microphone: await media.getUserMedia({ audio: true }).catch(nameOf),
      screen: await media.getDisplayMedia({ video: true }).catch(nameOf),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(resolve, (error) => resolve(error.code))
      ),
      clipboard: await navigator.clipboard.readText().catch(nameOf)
    }
  })
  assert.deepEqual(refusals, {
    camera: 'NotAllowedError',
    microphone: 'NotAllowedError',
    screen: 'NotAllowedError',
    place: 1, // PERMISSION_DENIED
    clipboard: 'NotAllowedError'
  })
  const names = ['camera', 'microphone', 'notifications', 'geolocation', 'midi'] as const
  for (const name of names)
    assert.equal(
      await page.evaluate(
        async (each) => (await navigator.permissions.query({ name: each as PermissionName })).state,
        name
      ),
      'denied',
      name
    )
})

test('the page can neither leave, nor open a window, nor have the system open anything', async (t) => {
  const { app, page } = await openApp(t)
  const opened = await recordOpener(app)
  const address = page.url()
  const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  for (const target of HOSTILE) {
    const handle = await page.evaluate((to) => window.open(to) === null, target)
    assert.equal(handle, true, `window.open(${target})`)
    await page.evaluate((to) => {
      const link = document.createElement('a')
      link.href = to
      link.target = '_blank'
      document.body.append(link)
      link.click()
      link.remove()
    }, target)
    if (target === address) continue // loading itself again is not leaving
    await page.evaluate((to) => {
      Object.assign(globalThis, { wasHere: true })
      location.href = to
    }, target)
    // about:blank cannot be prevented: app loads the page again.
    if (target === 'about:blank')
      await page.waitForFunction(
        (to) => location.href === to && !('wasHere' in globalThis),
        address
      )
    else await page.waitForTimeout(300)
    await page.waitForLoadState('load')
    const stayed = await page.evaluate(() => 'wasHere' in globalThis)
    assert.equal(stayed, target !== 'about:blank', target)
  }
  assert.equal(await page.evaluate(() => location.href), address)
  assert.equal(
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    windows
  )
  assert.deepEqual(await opened(), [])
})

test('the one listed address goes to the system, and only there', async (t) => {
  const { app, page } = await openApp(t)
  const opened = await recordOpener(app)
  await page.evaluate((to) => window.open(to), LICENCE_ADDRESS)
  while ((await opened()).length === 0) await page.waitForTimeout(20)
  assert.deepEqual(await opened(), [LICENCE_ADDRESS])
  assert.equal(app.windows().length, 1)
})

test('a download is refused', async (t) => {
  const { app, page } = await openApp(t)
  await app.evaluate(({ session }) => {
    Object.assign(globalThis, { items: [] })
    session.defaultSession.on('will-download', (event) => {
      ;(globalThis as { items?: boolean[] }).items?.push(event.defaultPrevented)
    })
  })
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.txt'
    link.click()
  })
  const items = (): Promise<boolean[]> =>
    app.evaluate(() => (globalThis as { items?: boolean[] }).items ?? [])
  while ((await items()).length === 0) await page.waitForTimeout(20)
  assert.deepEqual(await items(), [true])
})

test('a webview tag is nothing special', async (t) => {
  const { app, page } = await openApp(t)
  await page.evaluate(() => {
    const view = document.createElement('webview')
    view.setAttribute('src', 'https://example.org/')
    document.body.append(view)
  })
  await page.waitForTimeout(300)
  const kinds = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getType())
  )
  assert.deepEqual(kinds, ['window'])
})
