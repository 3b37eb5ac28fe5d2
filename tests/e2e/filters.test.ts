// Narrowing in the real app: folder, dates and favourites narrow the library and the kin; what is
// left is counted; nothing left says so.
import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { relative } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { showAllKin } from '../support/kin-list.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const PHOTOS = 60

async function untilCounted(page: Page, of: number): Promise<void> {
  const words = `${of} of ${PHOTOS} photos`
  await page.getByTestId('filter-count').getByText(words, { exact: true }).waitFor()
}

async function choosePlace(page: Page, path: string): Promise<void> {
  await page.getByTestId('filter-place').click()
  await page.locator(`[data-testid="filter-directory"][data-path="${path}"]`).click()
}

test('folder, dates and favourites narrow the library and the kin', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const paths = await makePhotos(folder, PHOTOS, { seed: 31, size: 240 })
  // Without a capture date the file's own counts: every third is of 2018, the others of 2021.
  const dates = paths.map((path, i) => {
    const at = new Date(Date.UTC(i % 3 === 0 ? 2018 : 2021, 5, 1 + (i % 28), 12))
    utimesSync(path, at, at)
    return at
  })
  const inSummer = paths.map((path) => relative(folder, path).startsWith('summer'))
  const ofSummer = inSummer.filter(Boolean).length
  const of2018 = dates.filter((at) => at.getUTCFullYear() === 2018).length
  const ofBoth = paths.filter((_, i) => inSummer[i] && dates[i]?.getUTCFullYear() === 2018).length
  assert.ok(ofSummer > 2 && of2018 > 2 && ofBoth > 2)

  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)

  await page.getByTestId('filter-toggle').click()
  await choosePlace(page, 'summer')
  await untilCounted(page, ofSummer)
  await page.getByTestId('filter-dates').click()
  await looks(opened, 'filter-dates')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('filter-year').last().click()
  await untilCounted(page, ofBoth)
  await page.getByTestId('filter-place').click()
  await page.getByTestId('filter-place-search').fill('all')
  await page.getByTestId('filter-place-panel').getByText('No folder is called that.').waitFor()
  await page.keyboard.press('Escape')
  await assertAccessible(page)

  // Kin of a photo within the filter are within it, all of them.
  await page.getByTestId('tile').first().click()
  await showAllKin(page)
  await page.getByTestId('kin-tile').nth(ofBoth - 2).waitFor() // the last are drawn a frame later
  assert.equal(await page.getByTestId('kin-tile').count(), ofBoth - 1)
  await looks(opened, 'kin-within')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('kin').getByTestId('filter-clear').click()
  await page.waitForFunction(
    (within) =>
      document.querySelectorAll('[data-testid="kin-tile"]').length > within ||
      document.querySelector('[data-testid="kin-beyond"]') !== null,
    ofBoth - 1
  )
  await showAllKin(page)
  await page.waitForFunction(
    (all) => document.querySelectorAll('[data-testid="kin-tile"]').length === all,
    PHOTOS - 1
  )
  await page.keyboard.press('Escape')

  // A favourite by key, in the grid and large.
  await page.locator('[data-testid="tile"]:focus').waitFor()
  await page.keyboard.press('f')
  await page.locator('[data-testid="tile"][aria-label*="favourite"]').waitFor()
  await page.getByTestId('filter-favourites').click()
  await untilCounted(page, 1)
  await page.getByTestId('tile').click()
  await page.locator('[data-testid="favourite"][aria-pressed="true"]').waitFor()
  await page.getByTestId('kin-none-within').waitFor()
  await page.keyboard.press('f')
  await page.locator('[data-testid="favourite"][aria-pressed="false"]').waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('library-none-within').waitFor()
  await looks(opened, 'none-within')
  await assertAccessible(page)
  await page.getByTestId('none-within-clear').click()
  await page.getByTestId('tile').nth(5).waitFor()
  assert.equal(await page.getByTestId('filter-clear').count(), 0)
})
