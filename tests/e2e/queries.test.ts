// Asking for more than the kin of one photo, in the real app: several photos, like and unlike, a
// dropped or pasted picture, a part of a photo by mouse and by keys; going back through them; and
// keeping what is asked as an album.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { showAllKin } from '../support/kin-list.ts'
import { assertAccessible, bring, looks, sized } from '../support/looks.ts'
import { KINDS, makePhotos } from '../support/photos.ts'

const PHOTOS = 60

/** The file of the first kin, once there are any. */
async function firstKin(page: Page): Promise<string> {
  await page.locator('[data-testid="kin"][data-status="ready"]').waitFor()
  return (await page.getByTestId('kin-tile').first().getAttribute('title')) ?? ''
}

async function untilFirstKin(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (sought) => document.querySelector('[data-testid="kin-tile"]')?.getAttribute('title') === sought,
    name
  )
}

/** Keeps what is asked for as an album, by keys. */
async function keepAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Shift+A')
  await page.locator('[data-testid="album-name"]:focus').waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Enter')
  await page.getByTestId('notice').getByText(`Kept as “${name}”.`).waitFor()
  await page.getByTestId('albums').waitFor({ state: 'detached' })
}

test('several pictures, outside pictures and parts of pictures have kin', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const paths = await makePhotos(folder, PHOTOS, { seed: 41, size: 320 })
  const jpegs = paths.filter((path) => path.endsWith('.jpg'))
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)

  await t.test('a dropped picture: a copy of a photo has that photo as its first kin', async () => {
    const [path = ''] = jpegs
    const outside = { name: 'outside.jpg', type: 'image/jpeg', bytes: readFileSync(path) }
    await bring(page, 'dragover', [outside])
    await page.getByTestId('drop-here').waitFor()
    await bring(page, 'drop', [outside])
    await page.locator('[data-testid="file-picture"][data-shown="yes"]').first().waitFor()
    assert.equal(await firstKin(page), basename(path))
    await looks(opened, 'dropped')
    await assertAccessible(page)
    await sized(page, 1280, 860)
  })

  await t.test('unlike one of the kin, then without it again, then back', async () => {
    const first = await firstKin(page)
    await page.getByTestId('kin-tile').first().focus()
    await page.keyboard.press('-')
    await page.locator('[data-testid="chip"][data-weight="-1"]').waitFor()
    await page.waitForFunction(
      (unlike) =>
        ![unlike, undefined].includes(
          document.querySelector('[data-testid="kin-tile"]')?.getAttribute('title') ?? undefined
        ),
      first
    )
    await looks(opened, 'unlike')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.getByTestId('chip-remove').click()
    await untilFirstKin(page, first)
    await page.getByTestId('viewer-back').click()
    await page.getByTestId('chip').nth(1).waitFor()
    await page.keyboard.press('Escape')
  })

  await t.test('a pasted picture, and one that is none', async () => {
    const [, path = ''] = jpegs
    const pasted = { name: 'image.png', type: 'image/png', bytes: readFileSync(path) }
    await bring(page, 'paste', [pasted])
    await untilFirstKin(page, basename(path))
    const bytes = new TextEncoder().encode('no picture at all')
    await bring(page, 'paste', [{ name: 'letter.png', type: 'image/png', bytes }])
    await page.getByTestId('kin-error').waitFor()
    assert.match(await page.getByTestId('kin-error').innerText(), /damaged, or it is no photo/)
    await looks(opened, 'no-picture')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.getByTestId('viewer-back').click()
    await untilFirstKin(page, basename(path))
    await page.keyboard.press('Escape')
  })

  await t.test('several selected photos: by mark, by key and with shift', async () => {
    const tiles = page.getByTestId('tile')
    await tiles.nth(0).hover()
    await tiles.nth(0).locator('[data-select]').click()
    await tiles.nth(2).click({ modifiers: ['Shift'] })
    await page.keyboard.press('Escape')
    await page.getByTestId('selection-bar').waitFor({ state: 'detached' })
    await page.locator('[data-testid="tile"][tabindex="0"]').focus()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('x')
    await page.getByTestId('selection-bar').getByText('2 photos selected').waitFor()
    await looks(opened, 'selected')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.getByTestId('selection-kin').click()
    await page.getByTestId('mosaic').waitFor()
    await page.getByTestId('kin-tile').first().waitFor()
    assert.equal(await page.getByTestId('chip').count(), 2)
    await showAllKin(page) // the first rows come a frame before the others
    await page.getByTestId('kin-tile').nth(PHOTOS - 3).waitFor()
    assert.equal(await page.getByTestId('kin-tile').count(), PHOTOS - 2)
    await looks(opened, 'several')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  await t.test('a part of a photo: by keys, by mouse, and the whole again', async () => {
    await page.getByTestId('tile').nth(4).click()
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    await page.keyboard.press('r')
    await page.locator('[data-testid="region"]:focus').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    const moved = '50 % wide and 52 % high, 27 % from the left'
    await page.locator(`[data-testid="region"][aria-label*="${moved}"]`).waitFor()
    await looks(opened, 'choosing')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.keyboard.press('Enter')
    await page.getByTestId('whole-photo').waitFor()
    await page.getByTestId('kin-tile').nth(KINDS).waitFor()
    await looks(opened, 'part')
    await assertAccessible(page)
    await sized(page, 1280, 860)

    const box = await page.getByTestId('region-layer').boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.05)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2, { steps: 4 })
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.65, { steps: 4 })
    await page.mouse.up()
    await page.getByTestId('region').and(page.locator('[aria-label*="40 % wide"]')).waitFor()
    await page.getByTestId('kin-tile').first().waitFor()
    await page.getByTestId('whole-photo').click()
    await page.getByTestId('whole-photo').waitFor({ state: 'detached' })
    await page.getByTestId('region').waitFor({ state: 'detached' })
    for (let i = 0; i < 3; i++) await page.getByTestId('viewer-back').click()
    await page.locator('[data-testid="viewer-back"]:disabled').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
  })

  await t.test('what is asked is kept as an album, and asked anew by keys', async () => {
    await page.getByTestId('tile').nth(1).click()
    const first = await firstKin(page)
    await keepAs(page, 'Alike')
    await page.getByTestId('kin').getByText('“Alike”').waitFor()
    await page.getByTestId('kin-tile').first().focus()
    await page.keyboard.press('-')
    await page.getByText('“Alike”', { exact: true }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await page.locator('[data-testid="album-open"]:focus').waitFor()
    await page.keyboard.press('Enter')
    await untilFirstKin(page, first)
    await page.getByTestId('kin').getByText('“Alike”').waitFor()
    await page.keyboard.press('Escape')
  })

  await t.test('one of a picture from outside; it is renamed, removed and put back', async () => {
    const [path = ''] = jpegs
    const outside = { name: 'outside.jpg', type: 'image/jpeg', bytes: readFileSync(path) }
    await bring(page, 'drop', [outside])
    await untilFirstKin(page, basename(path))
    await keepAs(page, 'From elsewhere')
    await page.keyboard.press('Escape')
    await page.getByTestId('albums-open').click()
    await page.getByTestId('album').nth(1).waitFor()
    await looks(opened, 'albums')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.getByTestId('album-open').nth(1).click()
    await untilFirstKin(page, basename(path))
    await page.getByTestId('kin').getByText('“From elsewhere”').waitFor()

    await page.keyboard.press('a')
    await page.getByTestId('album-rename').nth(0).click()
    await page.getByTestId('album-rename-name').fill('Zebras')
    await page.keyboard.press('Enter')
    await page.getByTestId('album').nth(1).getByText('Zebras').waitFor()
    await page.getByTestId('album-remove').nth(1).click()
    await page.locator('[data-testid="album-undo"]:focus').waitFor()
    await page.getByTestId('album').nth(1).waitFor({ state: 'detached' })
    await looks(opened, 'album-removed')
    await assertAccessible(page)
    await sized(page, 1280, 860)
    await page.keyboard.press('Enter')
    await page.getByTestId('album').nth(1).waitFor()
    await page.getByTestId('album-remove').nth(0).click()
    await page.getByTestId('album').nth(1).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByTestId('albums').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await page.getByTestId('notice').getByText('The album “From elsewhere” is back.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
  })

  await t.test('a filter alone is an album of all that passes it', async () => {
    await page.getByTestId('filter-toggle').click()
    await page.getByTestId('filter-favourites').click()
    await page.getByTestId('library-none-within').waitFor()
    await keepAs(page, 'Loved')
    await page.getByTestId('filter-clear').click()
    await page.getByTestId('tile').first().waitFor()
    await page.keyboard.press('a')
    await page.getByTestId('album-open').filter({ hasText: 'Loved' }).click()
    await page.getByTestId('library-none-within').waitFor()
    await page.getByTestId('filter-count').getByText('“Loved”: 0 of').waitFor()
    await page.getByTestId('none-within-clear').click()
    await page.getByTestId('tile').first().waitFor()
  })
})
