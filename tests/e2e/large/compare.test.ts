// Photos side by side, and the photo that fills the screen, in real Electron and by keyboard alone:
// zoomed and moved together, rated, taken out, thrown away and taken back. Real files go to the
// system's own trash.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import type { OpenedApp } from '../../support/electron.ts'
import { answering, filesIn, idOf, said, tiles, untilPhotos } from '../../support/file-hands.ts'
import { assertAccessible, sized } from '../../support/looks.ts'
import { drawPicture } from '../../support/pictures.ts'

const PHOTOS: Readonly<Record<string, readonly [number, number, number]>> = {
  'broad.jpg': [3000, 900, 0], // pixels, and a hue in degrees
  'lying.jpg': [2400, 1600, 60],
  'small.jpg': [1200, 800, 130],
  'standing.jpg': [1600, 2400, 200],
  'twin.jpg': [2400, 1600, 290]
}

async function photosIn(folder: string): Promise<void> {
  mkdirSync(folder)
  for (const [name, [width, height, hue]] of Object.entries(PHOTOS))
    await sharp(drawPicture(width, height), { raw: { width, height, channels: 3 } })
      .modulate({ hue })
      .jpeg()
      .toFile(join(folder, name))
}

const compared = (page: Page) => page.getByTestId('compared')
const selected = (page: Page, words: string) => page.getByTestId('selection-bar').getByText(words)

/** Waits until so many are compared, each of them sharp. */
async function untilCompared(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const photos = document.querySelectorAll('[data-testid="compared"]')
    const sharp = document.querySelectorAll(
      '[data-testid="compared"] [data-testid="large-photo"][data-state="photo"]'
    )
    return photos.length === wanted && sharp.length === wanted
  }, count)
}

/** Waits until all that are compared show so many percent. */
async function untilPercent(page: Page, percent: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll<HTMLElement>('[data-testid="zoom-field"]')].every(
        (field) => field.dataset['percent'] === wanted
      ),
    String(percent)
  )
}

/** Where the compared photos lie in their fields, CSS pixels from the left. */
const places = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="large-photo"]')].map(
      (photo) =>
        photo.getBoundingClientRect().left - photo.parentElement!.getBoundingClientRect().left
    )
  )

/** Waits until the focus is in something of the page. */
async function untilFocused(page: Page, selector: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.closest(wanted), selector)
}

async function looksOf(opened: OpenedApp, name: string): Promise<void> {
  const { page } = opened
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [width, height] of [[900, 600], [1400, 900]] as const) {
      await sized(page, width, height)
      await opened.screenshot(`${name}-${width}-${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: null })
}

/** Selects the first photos of the grid, so many, and compares them. */
async function compareFirst(page: Page, count: number): Promise<void> {
  await tiles(page).first().focus()
  await page.keyboard.press('Home')
  for (let i = 1; i < count; i++) await page.keyboard.press('Shift+ArrowRight')
  await selected(page, `${count} photos selected`).waitFor()
  await page.keyboard.press('v')
  await untilCompared(page, count)
}

test('photos side by side', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = join(temporaryFolder(t, 'compared'), 'photos')
  await photosIn(folder)
  const data = join(home, 'data')
  mkdirSync(data)
  const opened = await openApp(t, { folders: [folder], home, env: { XDG_DATA_HOME: data } })
  const { page } = opened
  await sized(page, 1400, 900)
  await untilIndexed(page)
  await untilPhotos(page, Object.keys(PHOTOS).length)
  const [first, second] = [await idOf(page, 0), await idOf(page, 1)]

  await t.test('two are zoomed and moved together, and one alone', async () => {
    await compareFirst(page, 2)
    await untilFocused(page, `[data-testid="compared"][data-photo-id="${first}"]`)
    await assertAccessible(page)
    await looksOf(opened, 'compare-two')
    await page.keyboard.press('Alt+1')
    await untilPercent(page, 100)
    await page.keyboard.press('+')
    await untilPercent(page, 150)
    const before = await places(page)
    await page.keyboard.press('Control+ArrowRight')
    await page.waitForFunction(
      (from) => {
        const photos = [...document.querySelectorAll('[data-testid="large-photo"]')]
        return photos.every(
          (photo, i) =>
            photo.getBoundingClientRect().left -
              photo.parentElement!.getBoundingClientRect().left <
            from[i]!
        )
      },
      before
    )
    const together = await places(page)
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await page.waitForFunction(
      (from) => {
        const photo = document.querySelector('[data-testid="large-photo"]')!
        const field = photo.parentElement!.getBoundingClientRect()
        return photo.getBoundingClientRect().left - field.left > from
      },
      together[0]!
    )
    assert.equal((await places(page))[1], together[1], 'the other stayed')
    await assertAccessible(page)
    await looksOf(opened, 'compare-pixels')
    await page.keyboard.press('Alt+0')
    await page.getByTestId('zoom-percent').first().waitFor({ state: 'detached' })
    assert.equal(await page.getByTestId('zoom-percent').count(), 0)
  })

  await t.test('marks are for the one that has the focus', async () => {
    await page.keyboard.press('ArrowRight')
    await untilFocused(page, `[data-testid="compared"][data-photo-id="${second}"]`)
    await page.keyboard.press('4')
    await page.keyboard.press('f')
    const rated = compared(page).nth(1)
    await rated.locator('[data-testid="rating"][data-value="4"]').waitFor()
    await rated.locator('[data-testid="favourite"][aria-pressed="true"]').waitFor()
    await page.getByRole('group', { name: /2 of 2, 4 stars, favourite$/ }).waitFor()
    assert.equal(await compared(page).nth(0).getByTestId('rating').getAttribute('data-value'), '0')
  })

  await t.test('full screen is left before the comparison, and that with the selection', async () => {
    await page.getByTestId('full-screen').click()
    await page.getByTestId('compare-close').waitFor({ state: 'detached' })
    await untilFocused(page, `[data-testid="compared"][data-photo-id="${second}"]`)
    await page.waitForTimeout(300)
    await opened.screenshot('compare-full-screen')
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByTestId('compare-close').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('compare').waitFor({ state: 'detached' })
    await selected(page, '2 photos selected').waitFor()
    await untilFocused(page, '[data-testid="tile"]')
  })

  await t.test('four: one is taken out, one thrown away and taken back', async () => {
    await page.keyboard.press('Control+a')
    await selected(page, '5 photos selected').waitFor()
    await page.keyboard.press('v')
    await page.getByTestId('notice').getByText('Up to 4 photos can be compared at once.').waitFor()
    await page.keyboard.press('Escape')
    await compareFirst(page, 4)
    await assertAccessible(page)
    await looksOf(opened, 'compare-four')
    await page.keyboard.press('x')
    await untilCompared(page, 3)
    await looksOf(opened, 'compare-three')
    const [gone] = await compared(page).evaluateAll((all) =>
      all.map((one) => (one as HTMLElement).dataset['photoId'])
    )
    await untilFocused(page, `[data-testid="compared"][data-photo-id="${gone}"]`)
    await answering(opened, folder)
    await page.keyboard.press('Delete')
    await said(page, '1 photo was moved to the trash.')
    await untilCompared(page, 2)
    assert.equal(filesIn(folder).length, 4)
    await page.keyboard.press('Control+z')
    await said(page, '1 photo was put back.')
    await untilCompared(page, 3)
    await untilFocused(page, `[data-testid="compared"][data-photo-id="${gone}"]`)
    assert.deepEqual(filesIn(folder), Object.keys(PHOTOS))
    await page.keyboard.press('Enter')
    await page.getByTestId('viewer').waitFor()
    await page.getByTestId('compare').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
    await selected(page, '3 photos selected').waitFor()
    await page.keyboard.press('Escape')
    await untilPhotos(page, 5)
  })

  await t.test('a photo and one of its kin; the focus returns to it', async () => {
    await tiles(page).first().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const kin = page.getByTestId('kin-tile').first()
    await kin.focus()
    await page.keyboard.press('v')
    await untilCompared(page, 2)
    await page.keyboard.press('Escape')
    await page.getByTestId('compare').waitFor({ state: 'detached' })
    await untilFocused(page, '[data-testid="kin-tile"]')
  })

  await t.test('the large photo fills the screen, is rated, and the next as closely seen', async () => {
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    await page.keyboard.press('F11')
    await page.getByTestId('viewer-close').waitFor({ state: 'hidden' })
    await untilFocused(page, '[data-testid="viewer"]')
    await assertAccessible(page)
    await looksOf(opened, 'full-screen')
    await page.keyboard.press('3')
    await page.locator('[data-testid="rating"][data-value="3"]').waitFor({ state: 'attached' })
    await page.keyboard.press('Alt+1')
    await untilPercent(page, 100)
    const id = await page.getByTestId('viewer').getAttribute('data-photo-id')
    await page.keyboard.press('PageDown')
    await page.locator(`[data-testid="viewer"]:not([data-photo-id="${id}"])`).waitFor()
    await page.getByTestId('zoom-percent').getByText('100 %').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer-close').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').waitFor()
    await looksOf(opened, 'compare-shortcuts')
  })
})
