// Checklist 1-4, 6, 8-12: every window of the built app is isolated, sandboxed and without Node.
import test, { type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import {
  decoderOf,
  openApp,
  temporaryFolder,
  untilIndexed,
  type OpenedApp
} from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

// What each window's preferences must be, as Electron itself tells them (tests/style reads the rest
// in the source).
const REQUIRED = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false
}

// Names that Node would put into the page.
const NODE_NAMES = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname']

/** Opens the app with a photo, so that its decoder window is there too. */
async function openBoth(t: TestContext): Promise<OpenedApp & { decoder: Page }> {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 1)
  const opened = await openApp(t, { folders: [folder] })
  return { ...opened, decoder: await decoderOf(opened.app) }
}

test('every window of the app is locked down, and none has Node', async (t) => {
  const { app } = await openBoth(t)
  const windows = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => ({
      address: contents.getURL(),
      // Not in the documentation, so not in the types.
      preferences: (
        contents as typeof contents & { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences()
    }))
  )
  assert.deepEqual(windows.map(({ address }) => new URL(address).host).sort(), [
    'decoder',
    'kindred'
  ])
  for (const { address, preferences } of windows) {
    const found = Object.fromEntries(Object.keys(REQUIRED).map((name) => [name, preferences[name]]))
    assert.deepEqual(found, REQUIRED, address)
    assert.equal(preferences.enableBlinkFeatures ?? '', '', address)
    assert.equal(preferences.disableBlinkFeatures ?? '', '', address)
  }
  for (const window of app.windows()) {
    const present = await window.evaluate(
      (names) => names.filter((name) => name in globalThis),
      NODE_NAMES
    )
    assert.deepEqual(present, [], window.url())
  }
})

test('the decoder window has no bridge, and a session without photo://', async (t) => {
  const { app, decoder } = await openBoth(t)
  assert.equal(await decoder.evaluate(() => 'kindred' in globalThis), false)
  const handled = await app.evaluate(({ session }) => {
    const schemesOf = (each: Electron.Session): boolean[] =>
      ['app', 'photo'].map((scheme) => each.protocol.isProtocolHandled(scheme))
    return [schemesOf(session.defaultSession), schemesOf(session.fromPartition('decoder'))]
  })
  assert.deepEqual(handled, [
    [true, true],
    [true, false]
  ])
})

test('the page and the decoder run in processes of their own', async (t) => {
  const { pids } = await openBoth(t)
  const { page, decoder } = await pids()
  assert.ok(page && decoder && page !== decoder)
})

test('the decoder is there for what is to be decoded, and no longer', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const { app, page, pids } = await openApp(t, { folders: [folder] })
  await page.waitForTimeout(2000)
  assert.equal((await pids()).decoder, undefined, 'nothing to decode')
  await makePhotos(folder, 1)
  const decoder = await decoderOf(app)
  await untilIndexed(page)
  if (!decoder.isClosed()) await decoder.waitForEvent('close')
  assert.equal((await pids()).decoder, undefined)
  await makePhotos(folder, 1, { seed: 2 })
  await page.getByTestId('tile').nth(1).waitFor()
  assert.ok((await pids()).decoder, 'and again')
  const restarting = page.getByTestId('indexing-bar').filter({ hasText: 'starting again' })
  assert.equal(await restarting.count(), 0, 'nobody is told of it')
})
