// A damaged catalogue in the real app: photos and favourites are back by themselves, and a line at
// the top of the window says what happened until it was read. The same when it is damaged at work.
import assert from 'node:assert/strict'
import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { copiesOf } from '../../main/catalogue/copies.ts'
import { damageAtWork } from '../support/damage.ts'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { until } from '../support/until.ts'

const PHOTOS = 24
const FAVOURITE = '[data-testid="tile"][aria-label*="favourite"]'

/** A library of photos, closed, one of which is a favourite; a copy of it was made. */
async function made(t: TestContext): Promise<{ home: string; library: string }> {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, PHOTOS, { seed: 51, size: 240 })
  const library = join(home, 'config/Kindred/library')
  const first = await openApp(t, { home, folders: [folder] })
  await untilIndexed(first.page)
  assert.equal(await first.page.getByTestId('rebuilt').count(), 0)
  await first.page.getByTestId('tile').first().focus()
  await first.page.keyboard.press('f')
  await first.page.locator(FAVOURITE).waitFor()
  await first.page.reload() // it is shown before it is kept: this page is told what is kept
  await first.page.locator(FAVOURITE).waitFor()
  await first.close()
  const second = await openApp(t, { home }) // at its start there is something to be copied
  await untilIndexed(second.page)
  await until('a copy is made', () => copiesOf(library).length > 0)
  await second.close()
  assert.equal(readdirSync(join(library, 'copies')).length, 1)
  return { home, library }
}

/** All photos and the favourite are there, and the band says what happened. */
async function untilBack(page: Page): Promise<void> {
  await page
    .getByTestId('rebuilt')
    .getByText('The catalogue was damaged: your folders and favourites are back')
    .waitFor()
  await page.getByTestId('tile').nth(11).waitFor()
  await untilIndexed(page)
  await page.getByTestId('nav-photos').getByText(`${PHOTOS}`).waitFor()
  await page.locator(FAVOURITE).waitFor()
}

test('a damaged catalogue is replaced, and the page says so once', async (t) => {
  const { home, library } = await made(t)
  truncateSync(join(library, 'kindred.sqlite'), 10_000)
  const opened = await openApp(t, { home })
  const { page } = opened
  await sized(page, 1280, 860)
  const band = page.getByTestId('rebuilt')
  await untilBack(page)
  await looks(opened, 'rebuilt')
  await assertAccessible(page)
  const [kept = ''] = readdirSync(library).filter((name) => name.startsWith('kindred-damaged-'))
  assert.match(await band.innerText(), new RegExp(kept.replace(/-(wal|shm)$/, '')))
  await page.getByTestId('hide-rebuilt').click()
  await band.waitFor({ state: 'detached' })
  await opened.close()

  const last = await openApp(t, { home })
  await last.page.getByTestId('tile').nth(11).waitFor()
  assert.equal(await last.page.getByTestId('rebuilt').count(), 0)
  await last.close()
})

test('damage that is met at work: the app starts its engine again, and says so', async (t) => {
  const { home, library } = await made(t)
  const opened = await openApp(t, { home })
  const { page } = opened
  await untilIndexed(page)
  const { engine } = await opened.pids()
  damageAtWork(join(library, 'kindred.sqlite'))
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('rescan').click() // it reads the catalogue
  await page.getByTestId('rebuilt').waitFor()
  await page.getByTestId('nav-photos').click()
  await untilBack(page)
  assert.ok(engine && (await opened.pids()).engine !== engine)
  await sized(page, 1280, 860)
  await looks(opened, 'rebuilt-at-work')
  const kept = readdirSync(library).filter((name) => /^kindred-damaged-.*\.sqlite$/.test(name))
  assert.equal(kept.length, 1)
})
