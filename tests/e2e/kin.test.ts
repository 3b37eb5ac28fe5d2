// The list of kin, in the real app: what each tile offers by mouse and by keys, and where the list
// is scrolled to when one goes on and back.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const PHOTOS = 60

const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null)

async function allKin(page: Page): Promise<void> {
  await page.locator('[data-testid="kin"][data-status="ready"]').waitFor()
  await page.getByTestId('kin-tile').nth(PHOTOS - 2).waitFor()
}

test('kin are followed, asked for and scrolled through', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, PHOTOS, { seed: 43, size: 320 })
  const { page } = await openApp(t, { folders: [folder] })
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  await page.mouse.move(5, 5)
  await page.getByTestId('tile').first().click()
  await page.mouse.move(5, 5)
  await allKin(page)

  await t.test('what a tile offers is made where it can be reached', async () => {
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="kin-like"]').length < 2)
    assert.equal(await page.getByTestId('kin-like').count(), 1, 'on the tile that Tab leads to')
    const third = page.locator('[data-testid="kin-list"] > li').nth(2)
    await third.hover()
    await third.getByTestId('kin-like').waitFor()
    await page.mouse.move(5, 5)
    await page.getByTestId('kin-tile').first().focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await focused(page), 'kin-tile')
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'kin-like')
    await page.keyboard.press('Tab')
    assert.equal(await focused(page), 'kin-unlike')
    await page.keyboard.press('Enter')
    await page.locator('[data-testid="chip"][data-weight="-1"]').waitFor()
    await page.getByTestId('viewer-back').click()
    await allKin(page)
    await assertAccessible(page)
  })

  await t.test('a new list begins at its top, one comes back to where one left', async () => {
    await page.mouse.move(5, 5)
    const scrollTop = (): Promise<number> =>
      page.getByTestId('kin').evaluate((panel) => Math.round(panel.scrollTop))
    await page.getByTestId('kin').evaluate((panel) => panel.scrollTo({ top: 600 }))
    const further = page.getByTestId('kin-tile').nth(20)
    await further.scrollIntoViewIfNeeded() // as a click does
    await page.waitForTimeout(100)
    const left = await scrollTop()
    assert.ok(left > 0)
    await further.click()
    await allKin(page)
    assert.equal(await scrollTop(), 0)
    await page.getByTestId('viewer-back').click()
    await allKin(page)
    assert.equal(await scrollTop(), left)
  })

  await t.test('the library below is out of reach while a photo is open', async () => {
    await page.locator('.page[inert]').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.locator('.page:not([inert])').waitFor()
    await page.waitForFunction(() => document.activeElement?.matches('[data-testid="tile"]'))
  })
})
