// An idle app keeps no compute: it ends, and its decoder with it, and is there again for a picture
// that is to be decoded. In a copy of the app that waits a shorter while for that. Its page gives
// memory back, and goes on as if it had not.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import {
  copyOfApp,
  openApp,
  temporaryFolder,
  untilIndexed,
  type OpenedApp
} from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

const REST = /COMPUTE_RESTS_AFTER = (6e4|60_?000)/

/** How often the page gave memory back from now on: app is on this line to it for that alone. */
async function countGivenBack({ app }: OpenedApp): Promise<() => Promise<number>> {
  await app.evaluate(({ BrowserWindow }) => {
    const counted = { givenBack: 0 }
    Object.assign(globalThis, counted)
    for (const { webContents } of BrowserWindow.getAllWindows())
      webContents.debugger.on('detach', () => {
        Object.assign(globalThis, { givenBack: ++counted.givenBack })
      })
  })
  return () => app.evaluate(() => Number(Reflect.get(globalThis, 'givenBack')))
}

/** Resolves when neither compute nor decoder runs. */
async function untilAtRest(opened: OpenedApp): Promise<void> {
  for (;;) {
    const { compute, decoder } = await opened.pids()
    if (compute === undefined && decoder === undefined) return
    await opened.page.waitForTimeout(50)
  }
}

test('compute ends while nothing is asked of it, and starts for a large picture', async (t) => {
  const root = copyOfApp(t)
  const file = join(root, 'out/main/engine.js')
  const source = readFileSync(file, 'utf8')
  assert.match(source, REST)
  writeFileSync(file, source.replace(REST, 'COMPUTE_RESTS_AFTER = 1500'))
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 6, { size: 1400 })
  const opened = await openApp(t, { root, folders: [folder] })
  const { page } = opened
  const givenBack = await countGivenBack(opened)
  await untilIndexed(page)
  const restarts: string[] = []
  await page.exposeFunction('noteRestart', (words: string) => restarts.push(words))
  await page.evaluate(() => {
    new MutationObserver(() => {
      const bar = document.querySelector('[data-testid="indexing-bar"]')
      const note = Reflect.get(globalThis, 'noteRestart') as (words: string) => void
      if (bar?.textContent.includes('again')) note(bar.textContent)
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  })
  // Only compute makes large pictures. Not of its neighbour: those are made ahead.
  for (const place of [0, 5]) {
    await untilAtRest(opened)
    await page.getByTestId('tile').nth(place).click()
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    await page.keyboard.press('Escape')
  }
  await untilAtRest(opened)
  await makePhotos(folder, 3, { size: 300, seed: 7 })
  await page.getByTestId('tile').nth(8).waitFor()
  assert.deepEqual(restarts, [], 'nobody is told of a restart')

  while ((await givenBack()) === 0) await page.waitForTimeout(50)
  await page.getByTestId('tile').nth(3).click()
  await page.getByTestId('kin-tile').first().waitFor()
  await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
})
