// Thumbnails that were lost under the running app: they come back on their tiles by themselves,
// from the photos' files; where a photo's file is away its tile stays calm, and has its picture
// again when the file is back. Large tiles get sharp pictures once they are looked at.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { makePhotos } from '../support/photos.ts'

/** Many more than a window shows: pictures that it has shown once are not asked for again. */
const PHOTOS = 90

/** Scrolls to a share of the grid's height, and waits until its tiles stand there. */
async function scrollTo(page: Page, share: number): Promise<void> {
  await page.getByTestId('grid').evaluate(async (grid, place) => {
    grid.scrollTop = place * (grid.scrollHeight - grid.clientHeight)
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  }, share)
}

/**
 * Waits until no tile in view is empty: each shows its picture or, where there is none, a drawing;
 * how many of each. Only pictures will do where `all` is said.
 */
async function untilShown(page: Page, all?: 'all'): Promise<{ pictures: number; drawings: number }> {
  const shown = await page.waitForFunction(
    (onlyPictures) => {
      const view = document.querySelector('[data-testid="grid"]')?.getBoundingClientRect()
      const tiles = [...document.querySelectorAll('[data-testid="tile"]')].filter((tile) => {
        const { top, bottom } = tile.getBoundingClientRect()
        return view && bottom > view.top && top < view.bottom
      })
      const images = tiles.map((tile) => tile.querySelector('img'))
      const pictures = images.filter((image) => image?.complete && image.naturalWidth > 0).length
      const drawings = tiles.filter((tile) => tile.querySelector(':scope > svg')).length
      if (tiles.length === 0 || pictures + drawings < tiles.length) return false
      return drawings > 0 && onlyPictures ? false : { pictures, drawings }
    },
    all
  )
  const counts = await shown.jsonValue()
  assert.ok(counts)
  return counts
}

test('lost thumbnails come back on their tiles', async (t) => {
  const outside = temporaryFolder(t, 'photos')
  const folder = join(outside, 'photos')
  await makePhotos(folder, PHOTOS, { size: 300 })
  const first = await openApp(t, { folders: [folder] })
  await untilIndexed(first.page)
  await first.close()
  // Another window, since the first may have shown any photo while they came in.
  const { page, home, screenshot } = await openApp(t, { home: first.home })
  const thumbnails = join(home, 'config/Kindred/library/thumbnails')
  const files = (): string[] =>
    readdirSync(thumbnails, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jpg'))
      .map((name) => join(thumbnails, name))
  await untilShown(page, 'all')
  assert.equal(files().length, PHOTOS)

  await t.test('from the photos, those that are gone and those that are cut off', async () => {
    for (const [i, file] of files().entries()) {
      if (i % 2 === 0) rmSync(file)
      else truncateSync(file, 30)
    }
    await scrollTo(page, 1)
    await untilShown(page, 'all')
    const whole = files().filter((file) => statSync(file).size > 30)
    assert.ok(whole.length > 10 && whole.length < PHOTOS, `${whole.length} were looked at`)
  })

  await t.test('not those of files that are away, until the files are back', async () => {
    // Out of its parent: a folder that is only renamed there is found by itself.
    const away = join(temporaryFolder(t, 'away'), 'photos')
    renameSync(folder, away)
    // In one step, since some may be made just now.
    renameSync(thumbnails, join(outside, 'thumbnails'))
    await scrollTo(page, 0.5)
    const { drawings } = await untilShown(page)
    assert.ok(drawings >= 5, `${drawings} tiles without a picture`)
    await screenshot('thumbnails-away')
    renameSync(away, folder)
    await untilShown(page, 'all')
    await screenshot('thumbnails-back')
  })
})

test('a large tile that is looked at gets a sharp picture, which is kept', async (t) => {
  const folder = join(temporaryFolder(t, 'photos'), 'photos')
  await makePhotos(folder, 30, { size: 1400 })
  const { page, home, screenshot } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  await untilShown(page, 'all')
  const tiles = join(home, 'config/Kindred/library/tiles')
  assert.equal(existsSync(tiles), false, 'none is made before it is needed')
  await page.getByTestId('size').fill('5')
  const sharp = page.getByTestId('sharp')
  await sharp.first().waitFor()
  const first = await page.waitForFunction(() => {
    const image = document.querySelector<HTMLImageElement>('[data-testid="sharp"].loaded')
    return image && Math.min(image.naturalWidth, image.naturalHeight)
  })
  assert.equal(await first.jsonValue(), 768)
  await screenshot('sharp-tiles')
  const kept = readdirSync(tiles, { recursive: true, encoding: 'utf8' })
  const made = kept.filter((name) => name.endsWith('.jpg')).length
  assert.ok(made >= 1 && made < 30, `${made}: only what is in view`)
})
