// The map in the real app: its photos lead to their kin and back, arrow keys go from one to the
// next, a line around them selects them, and the time line beneath leaves those of some months.
import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { filesIn } from '../support/real-files.ts'
import { makeScenes } from '../support/scenes.ts'

const PHOTOS = 30

/** Waits until a photo of the map has the focus. */
async function untilFocused(page: Page, id: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.activeElement?.getAttribute('data-photo-id') === wanted,
    id
  )
}

/** Draws a line around all of the field, with Shift. */
async function lasso(page: Page): Promise<void> {
  const box = await page.getByTestId('map-field').boundingBox()
  assert.ok(box)
  const [right, bottom] = [box.x + box.width - 4, box.y + box.height - 4]
  await page.keyboard.down('Shift')
  await page.mouse.move(box.x + 4, box.y + 4)
  await page.mouse.down()
  await page.mouse.move(right, box.y + 4, { steps: 4 })
  await page.mouse.move(right, bottom, { steps: 4 })
  await page.mouse.move(box.x + 4, bottom, { steps: 4 })
  await page.mouse.up()
  await page.keyboard.up('Shift')
}

test('photos of the map lead to kin and back, and a line selects them', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makeScenes(folder, PHOTOS)
  // One a month.
  for (const [i, name] of filesIn(folder).entries())
    utimesSync(join(folder, name), 0, Date.UTC(2021, i, 15) / 1000)
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1400, 900)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)

  await page.getByTestId('nav-map').click()
  const pictures = page.getByTestId('map-photo')
  await pictures.first().waitFor()
  await looks(opened, 'map')
  await sized(page, 1400, 900)
  await assertAccessible(page)

  // What is like no other is no cluster.
  for (const words of await page.getByTestId('map-list-toggle').allInnerTexts())
    assert.ok(2 * parseInt(words, 10) <= PHOTOS, words)

  const clicked = await pictures.first().getAttribute('data-photo-id')
  assert.ok(clicked)
  await page.locator(`[data-testid="map-photo"][data-photo-id="${clicked}"]`).click()
  await page.getByTestId('kin').first().waitFor()
  await page.keyboard.press('Escape')
  await untilFocused(page, clicked)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await opened.screenshot('map-focused')

  await lasso(page)
  const bar = page.getByTestId('map').getByTestId('selection-bar')
  await bar.getByText('selected').waitFor()
  await opened.screenshot('map-selected')

  // Escape ends drawing before it takes the selection back.
  const drawing = (isOn: boolean) =>
    page.locator(`[data-testid="map-lasso"][aria-pressed="${isOn}"]`).waitFor()
  await page.keyboard.press('l')
  await drawing(true)
  await page.keyboard.press('Escape')
  await drawing(false)
  await bar.getByText('selected').waitFor()

  // A drag over the time line leaves the photos of that time, keys lead back to all of them.
  const box = await page.getByTestId('time-bars').boundingBox()
  assert.ok(box)
  const status = page.getByTestId('map').getByRole('status').first()
  await page.mouse.move(box.x + 2, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 })
  await page.mouse.up()
  await page.getByTestId('time-range').getByText('until').waitFor()
  await status.getByText(new RegExp(`^\\s*([1-9]|[12]\\d) of ${PHOTOS} photos`)).waitFor()
  await looks(opened, 'map-time')
  await sized(page, 1400, 900)
  await assertAccessible(page)
  await page.getByTestId('time-until').focus()
  await page.keyboard.press('End')
  await page.getByTestId('time-range').waitFor({ state: 'detached' })
  await status.getByText(new RegExp(`^\\s*${PHOTOS} photos`)).waitFor()
})
