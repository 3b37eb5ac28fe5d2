// The list of kin, in the real app: what each tile offers by mouse and by keys, and where the list
// is scrolled to when one goes on and back.
import assert from 'node:assert/strict'
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { showAllKin, untilDrawn } from '../support/kin-list.ts'
import { assertAccessible, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { VARIANTS, plainPicture } from '../support/variants.ts'

const PHOTOS = 60

const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null)

async function allKin(page: Page): Promise<void> {
  await page.locator('[data-testid="kin"][data-status="ready"]').waitFor()
  await page.getByTestId('kin-tile').nth(PHOTOS - 2).waitFor()
}

test('kin are followed, asked for and scrolled through', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const photos = await makePhotos(folder, PHOTOS, { seed: 43, size: 320 })
  for (const name of ['copy.jpg', 'second copy.jpg']) {
    copyFileSync(photos[30] ?? '', join(folder, name))
    utimesSync(join(folder, name), 1e9, 1e9) // the last of the library, not its first tile
  }
  const { picture, size } = await plainPicture(photos[20] ?? '')
  for (const name of ['saved', 'mirrored']) {
    writeFileSync(join(folder, `${name}.jpg`), await VARIANTS[name]!(picture, size))
    utimesSync(join(folder, `${name}.jpg`), 1e9, 1e9)
  }
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  await page.mouse.move(5, 5)
  await page.getByTestId('tile').first().click()
  await page.mouse.move(5, 5)
  // The list says where kin are little alike, and ends where they are so by chance.
  await page.getByTestId('kin-little').waitFor()
  await page.getByTestId('kin-beyond').waitFor()
  await untilDrawn(page)
  const texts = await page.getByTestId('score').allInnerTexts()
  assert.ok(texts.length >= 12 && texts.length < PHOTOS / 2, `${texts.length} are shown`)
  assert.match(texts.join(), /the same kind.*little alike/s)
  await showAllKin(page)
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
    await untilDrawn(page)
    const left = await scrollTop()
    assert.ok(left > 0)
    await further.click()
    await allKin(page)
    assert.equal(await scrollTop(), 0)
    await page.getByTestId('viewer-back').click()
    await allKin(page)
    assert.equal(await scrollTop(), left)
  })

  await t.test('what is not like it leaves, and comes back by keys, menu and list', async () => {
    const tiles = page.getByTestId('kin-tile')
    const idAt = (place: number): Promise<string | null> =>
      tiles.nth(place).getAttribute('data-photo-id')
    const allBut = (gone: number) => tiles.nth(PHOTOS - 2 - gone).waitFor()
    const there = async (id: string | null, count: number): Promise<void> => {
      const found = page.locator(`[data-testid="kin-tile"][data-photo-id="${id}"]`)
      await found.waitFor({ state: count === 0 ? 'detached' : 'attached' })
      await allBut(1 - count)
    }
    const [third, fourth] = [await idAt(2), await idAt(3)]
    await tiles.nth(2).focus()
    await page.keyboard.press('n')
    await there(third, 0)
    await page.waitForFunction(
      (id) => document.activeElement?.getAttribute('data-photo-id') === id,
      fourth
    )
    await page.getByTestId('put-away').getByText('1 put away').waitFor()
    await page.keyboard.press('Control+z')
    await there(third, 1)
    await page.getByTestId('put-away').waitFor({ state: 'detached' })
    await tiles.nth(2).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Not like this one' }).click()
    await there(third, 0)
    await page.getByTestId('put-away').click()
    const panel = page.locator('[data-testid="put-away-panel"]:popover-open')
    await panel.locator('img.loaded').waitFor()
    await assertAccessible(page)
    await opened.screenshot('put-away')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    assert.ok(await page.getByTestId('put-away').isVisible(), 'the photo stays')
    await page.getByTestId('put-away').click()
    await panel.getByTestId('put-away-photo').click()
    await there(third, 1)
  })

  await t.test('equal files are one of the kin, and all their places are told', async () => {
    const copies = page.getByTestId('kin-copies')
    assert.equal(await page.getByTestId('kin-tile').count(), PHOTOS - 1)
    const [tile] = await copies.all()
    assert.ok(tile)
    assert.equal(await copies.count(), 2, 'equal files, and the same picture in several')
    assert.match((await tile.textContent()) ?? '', /^\s*3\s*$/)
    const equal = page.locator('[title="3 equal files"]')
    const copied = page.locator('[data-testid="kin-list"] > li', { has: equal })
    assert.match((await copied.getByTestId('kin-tile').getAttribute('aria-label')) ?? '', /3 equal/)
    await copied.scrollIntoViewIfNeeded()
    await opened.screenshot('kin-copies-tile')
    await copied.getByTestId('kin-group').click()
    const beside = page.locator('[data-testid="kin-group-panel"]:popover-open')
    await beside.locator('img.loaded').nth(1).waitFor()
    assert.equal(await beside.getByTestId('kin-group-photo').count(), 2)
    await assertAccessible(page)
    await opened.screenshot('kin-group')
    await beside.getByTestId('kin-group-photo').first().click()
    await allKin(page)
    await page.getByTestId('copies').waitFor() // it is one of three
    await page.getByTestId('viewer-back').click()
    await allKin(page)
    await copied.getByTestId('kin-tile').click()
    await allKin(page)
    await page.getByTestId('copies').click()
    const places = page.getByTestId('copy-place')
    await places.nth(1).waitFor()
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid="copy-place"] span')].every((name) => name.textContent)
    )
    await assertAccessible(page)
    await opened.screenshot('kin-copies')
    const name = (await places.nth(1).locator('.place > span').textContent()) ?? 'none'
    await places.nth(1).click()
    await allKin(page)
    assert.ok((await page.getByTestId('viewer-details').textContent())?.includes(name))
    await page.getByTestId('copies').waitFor()
  })

  await t.test('the same picture is shown once, unless each is to be shown', async () => {
    await page.getByTestId('viewer-back').click()
    await page.getByTestId('viewer-back').click()
    await allKin(page)
    const same = page.locator('[title="2 more of the same picture"]')
    assert.equal(await same.count(), 1)
    const switcher = page.getByTestId('kin-fold')
    assert.equal(await switcher.getAttribute('aria-pressed'), 'true')
    await page.getByTestId('kin').evaluate((panel) => panel.scrollTo({ top: 0 }))
    await opened.screenshot('kin-folded')
    await switcher.click()
    await page.getByTestId('kin-tile').nth(PHOTOS).waitFor()
    assert.equal(await page.getByTestId('kin-tile').count(), PHOTOS + 1)
    assert.equal(await same.count(), 0)
    assert.equal(await switcher.getAttribute('aria-pressed'), 'false')
    await assertAccessible(page)
    await switcher.click()
    await page.waitForFunction(
      (tiles) => document.querySelectorAll('[data-testid="kin-tile"]').length === tiles,
      PHOTOS - 1
    )
  })

  await t.test('the library below is out of reach while a photo is open', async () => {
    await page.locator('.page[inert]').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.locator('.page:not([inert])').waitFor()
    await page.waitForFunction(() => document.activeElement?.matches('[data-testid="tile"]'))
  })
})
