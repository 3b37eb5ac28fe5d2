// The page in the Chromium that people get, on a real engine: grid, kin, filters, failures,
// learning; large photos, photos side by side, duplicates, the map.
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openPage } from '../support/chromium.ts'
import { temporaryFolder } from '../support/electron.ts'
import { showAllKin } from '../support/kin-list.ts'
import { assertAccessible, bring, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { drawPicture } from '../support/pictures.ts'
import { makeScenes } from '../support/scenes.ts'

const PHOTOS = 60
const SCENES = 16 // a map needs 12

/** What the page complains of from now on. */
function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  return errors
}

test('the page in the Chromium that people get', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const paths = await makePhotos(folder, PHOTOS, { seed: 61, size: 320 })
  writeFileSync(join(folder, 'broken.jpg'), 'no photo at all')
  const opened = await openPage(t)
  const { page, engine } = opened
  const errors = errorsOf(page)
  await sized(page, 1280, 860)

  await t.test('it opens without a folder, and shows what is found', async () => {
    await page.getByTestId('first-run').waitFor()
    await opened.screenshot('first-run')
    await engine.addFolder(folder)
    await engine.idle()
    await page.getByTestId('tile').nth(10).waitFor()
    await page.waitForFunction(() => {
      const pictures = [...document.querySelectorAll<HTMLImageElement>('[data-testid="tile"] img')]
      return pictures.length > 10 && pictures.every((picture) => picture.naturalWidth > 0)
    })
    await opened.screenshot('library')
    await assertAccessible(page)
  })

  await t.test('a click shows a photo and its kin, best first', async () => {
    await page.getByTestId('tile').first().click()
    await showAllKin(page)
    await page.getByTestId('kin-tile').nth(PHOTOS - 2).waitFor()
    const texts = await page.getByTestId('score').allInnerTexts()
    const scores = texts.map((text) => Number(/\d+/.exec(text)?.[0]))
    assert.deepEqual(scores, [...scores].sort((a, b) => b - a))
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    await opened.screenshot('photo')
    await assertAccessible(page)
    await page.keyboard.press('Escape')
  })

  await t.test('a dropped picture goes to the engine byte for byte', async () => {
    const path = paths.find((each) => each.endsWith('.jpg')) ?? ''
    const outside = { name: 'outside.jpg', type: 'image/jpeg', bytes: readFileSync(path) }
    await bring(page, 'drop', [outside])
    await page.getByTestId('kin-tile').first().waitFor()
    // A copy of a photo has that photo as its first kin.
    assert.equal(await page.getByTestId('kin-tile').first().getAttribute('title'), basename(path))
    await page.keyboard.press('Escape')
  })

  await t.test('a folder narrows the library', async () => {
    const inSummer = paths.filter((path) => relative(folder, path).startsWith('summer')).length
    await page.getByTestId('filter-toggle').click()
    await page.getByTestId('filter-place').click()
    await page.locator('[data-testid="filter-directory"][data-path="summer"]').click()
    await page.getByTestId('filter-count').getByText(`${inSummer} of ${PHOTOS} photos`).waitFor()
    await opened.screenshot('filter')
    await assertAccessible(page)
    await page.getByTestId('filter-clear').first().click()
  })

  await t.test('what was not read is listed; how many photos learning lacks is told', async () => {
    await page.getByTestId('nav-failures').click()
    await page.getByTestId('failure').first().waitFor()
    assert.match(await page.getByTestId('failures').innerText(), /broken\.jpg/)
    await opened.screenshot('failures')
    await assertAccessible(page)
    await page.getByTestId('nav-learning').click()
    assert.match(await page.getByTestId('learning-detail').innerText(), /: \d+ more/)
    await opened.screenshot('learning')
    await assertAccessible(page)
  })

  assert.deepEqual(errors, [])
})

test('what is looked at closely, in the Chromium that people get', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makeScenes(folder, SCENES)
  const [width, height] = [2400, 1600]
  const large = sharp(drawPicture(width, height), { raw: { width, height, channels: 3 } })
  await large.jpeg().toFile(join(folder, 'large.jpg'))
  copyFileSync(join(folder, 'large.jpg'), join(folder, 'its copy.jpg'))
  const opened = await openPage(t)
  const { page, engine } = opened
  const errors = errorsOf(page)
  await sized(page, 1280, 860)
  await engine.addFolder(folder)
  await engine.idle()
  await page.getByTestId('tile').nth(SCENES).waitFor()

  await t.test('a large photo is zoomed into, down to its pixels', async () => {
    await page.locator('[data-testid="tile"][aria-label*="large.jpg"]').click()
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    await page.keyboard.press('z')
    await page.locator('[data-testid="zoom-field"][data-percent="100"]').waitFor()
    await page.waitForFunction(() => {
      const parts = [...document.querySelectorAll<HTMLImageElement>('[data-testid="zoom-tile"]')]
      return parts.length > 0 && parts.every((part) => part.complete && part.naturalWidth > 0)
    })
    await opened.screenshot('zoomed')
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
  })

  await t.test('photos are compared side by side', async () => {
    await page.getByTestId('tile').first().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('v')
    const isSharp = '[data-testid="compared"] [data-testid="large-photo"][data-state="photo"]'
    await page.locator(isSharp).nth(1).waitFor()
    await opened.screenshot('compared')
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByTestId('compared').first().waitFor({ state: 'detached' })
  })

  await t.test('equal files are a group of duplicates', async () => {
    await page.keyboard.press('Control+k')
    await page.getByTestId('palette-text').fill('duplicates')
    await page.getByTestId('palette-go-duplicates').click()
    await page.getByTestId('kind-identical').getByText('1 group').waitFor()
    await page.getByTestId('duplicate-card').nth(1).waitFor()
    await opened.screenshot('duplicates')
    await assertAccessible(page)
  })

  await t.test('a photo of the map leads to its kin', async () => {
    await page.getByTestId('nav-map').click()
    await page.getByTestId('map-photo').first().waitFor()
    await opened.screenshot('map')
    await assertAccessible(page)
    await page.getByTestId('map-photo').first().click()
    await page.getByTestId('kin').first().waitFor()
  })

  assert.deepEqual(errors, [])
})
