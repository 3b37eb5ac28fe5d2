// What a press of the button sets off in the real app: background work steps aside, and the kin of
// the photo are asked for before the button comes up. Read off the page's own line to the engine.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'

// In the page, once `noteCalls` has put it there.
declare const noted: string[]

/** Has the page note each method that it calls, from now on. */
async function noteCalls(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { postMessage } = MessagePort.prototype
    const noted: string[] = []
    Object.assign(globalThis, { noted })
    MessagePort.prototype.postMessage = function note(this: MessagePort, message: unknown) {
      if (typeof message === 'object' && message && 'method' in message)
        noted.push(String(message.method))
      postMessage.call(this, message)
    }
  })
}

/** What it has called since it was asked last. */
function calls(page: Page): Promise<string[]> {
  return page.evaluate(() => noted.splice(0))
}

async function untilCalled(page: Page, method: string): Promise<void> {
  await page.waitForFunction((wanted) => noted.includes(wanted), method)
}

/** Acts that come close together are told as one. */
async function apart(page: Page): Promise<void> {
  await page.waitForTimeout(100)
  await calls(page)
}

test('the button goes down: work steps aside, kin are asked for; a click takes the answer', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 40, { seed: 5, size: 320 })
  const { page } = await openApp(t, { folders: [folder] })
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  await noteCalls(page)

  await page.getByTestId('tile').nth(3).hover()
  assert.deepEqual((await calls(page)).filter((call) => call === 'stepAside'), [], 'it only passes')
  await page.mouse.down()
  await untilCalled(page, 'kin')
  const pressed = await calls(page)
  assert.ok(pressed.indexOf('stepAside') >= 0)
  assert.ok(pressed.indexOf('stepAside') < pressed.indexOf('kin'), 'told first')
  assert.equal(await page.getByTestId('kin').count(), 0, 'nothing is shown before it comes up')
  await page.mouse.up()
  await page.getByTestId('kin-tile').first().waitFor()
  const clicked = await calls(page)
  assert.deepEqual(clicked.filter((call) => call === 'kin'), [], 'it was asked for already')

  await page.getByTestId('kin-tile').nth(2).hover()
  await apart(page)
  await page.mouse.down()
  await untilCalled(page, 'kin')
  await page.mouse.up()

  await apart(page)
  await page.keyboard.press('Escape')
  await untilCalled(page, 'stepAside')
  await page.getByTestId('grid').hover()
  await apart(page)
  await page.mouse.wheel(0, 200)
  await untilCalled(page, 'stepAside')
})
