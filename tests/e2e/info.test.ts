// What is known of a photo in the real app: its info beside it, the library and the kin narrowed by
// camera, kind, shape and place, chips that take each away, and the trail that keeps them.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { showAllKin } from '../support/kin-list.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const PHOTOS = 24
const CAMERAS = [
  { Make: 'Canon', Model: 'Canon EOS 5D Mark II' },
  { Make: 'NIKON CORPORATION', Model: 'NIKON D70' }
] as const
const TAKEN = {
  LensModel: 'EF24-105mm f/4L IS USM',
  ExposureTime: '1/250',
  FNumber: '56/10',
  ISOSpeedRatings: '400',
  FocalLength: '50/1'
}
const GPS = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '48/1 8/1 15/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '11/1 34/1 30/1',
  GPSAltitudeRef: '0',
  GPSAltitude: '519/1'
}

/** Half by each camera; those of the first have a place; every third is upright. */
async function makeLibrary(folder: string): Promise<void> {
  for (const [i, path] of (await makePhotos(folder, PHOTOS, { seed: 47, size: 240 })).entries()) {
    const drawn = readFileSync(path)
    rmSync(path)
    const exif = {
      IFD0: CAMERAS[i % 2]!,
      IFD2: { ...TAKEN, DateTimeOriginal: `2019:07:21 18:${10 + i}:00` }, // of no one moment
      ...(i % 2 === 0 && { IFD3: GPS })
    }
    const [width, height] = i % 3 === 0 ? [180, 240] : [240, 180]
    const photo = sharp(drawn).resize(width, height, { fit: 'cover' }).withExif(exif)
    writeFileSync(join(folder, `${i}.jpg`), await photo.jpeg().toBuffer())
  }
}

async function untilCounted(page: Page, of: number): Promise<void> {
  const words = `${of} of ${PHOTOS} photos`
  await page.getByTestId('filter-count').getByText(words, { exact: true }).waitFor()
}

test('info tells of a photo; camera, shape and place narrow library and kin', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makeLibrary(folder)
  const opened = await openApp(t, { folders: [folder] })
  const { page, screenshot } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)

  // The library: the choice stays open, chips tell what was chosen, a click takes one away.
  await page.getByTestId('filter-toggle').click()
  await page.getByTestId('filter-more').click()
  const camera = page.getByTestId('filter-camera')
  await camera.getByText('Nikon D70').waitFor()
  assert.deepEqual((await camera.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')).sort(), [
    'Canon EOS 5D Mark II 12',
    'Nikon D70 12'
  ])
  await looks(opened, 'filter-more')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await camera.getByText('Nikon D70').click()
  await untilCounted(page, 12)
  await page.getByTestId('filter-portrait').click()
  await untilCounted(page, 4)
  await page.getByTestId('filter-placed').click()
  await page.getByTestId('library-none-within').waitFor()
  await page.keyboard.press('Escape')
  const none = page.getByTestId('library-none-within')
  await none.getByText('portrait, with a place, Nikon D70').waitFor()
  await looks(opened, 'filter-none')
  await assertAccessible(page)
  await sized(page, 900, 600)
  await screenshot('filter-none-900')
  const chip = (trait: string) => page.locator(`[data-testid="filter-chip"][data-trait="${trait}"]`)
  await chip('placed').click()
  await untilCounted(page, 4)
  await page.getByTestId('filter-clear').click()
  await page.getByTestId('tile').nth(5).waitFor()
  assert.equal(await page.getByTestId('filter-chip').count(), 0)

  // Info, by key; from its place and camera one narrows the kin.
  await page.getByTestId('filter-more').click()
  await page.getByTestId('filter-placed').click()
  await untilCounted(page, 12)
  await page.keyboard.press('Escape')
  await page.getByTestId('tile').first().click()
  await showAllKin(page)
  await page.getByTestId('kin').getByTestId('filter-clear').click()
  await page.keyboard.press('i')
  const told = async (what: string): Promise<string> =>
    (await page.getByTestId(`info-${what}`).innerText()).replace(/\s+/g, ' ')
  await page.getByTestId('info').waitFor()
  assert.equal(await told('camera'), 'Canon EOS 5D Mark II')
  assert.equal(await told('lens'), 'EF24-105mm f/4L IS USM')
  assert.equal(await told('exposure'), '1/250 s, f/5.6, ISO 400, 50 mm')
  assert.match(await told('place'), /^48\.138° N, 11\.575° E 519 m above the sea/)
  assert.match(await told('date'), /from the photo$/)
  assert.match(await told('file'), /^JPEG \d/)
  await looks(opened, 'info')
  await sized(page, 900, 600)
  await screenshot('info-900')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('info-near-10').click()
  const kin = page.getByTestId('kin')
  await kin.locator('[data-trait="near"]').waitFor()
  await page.getByTestId('kin-tile').nth(11).waitFor({ state: 'detached' })
  await page.getByTestId('kin-tile').nth(10).waitFor() // all with a place but this one
  await page.getByTestId('info-pick-camera').click()
  await kin.locator('[data-trait="camera"]').waitFor()
  await looks(opened, 'info-within')
  await assertAccessible(page)
  await sized(page, 1280, 860)

  // The trail keeps what narrowed each visit.
  const first = await page.getByTestId('viewer').getAttribute('data-photo-id')
  await page.getByTestId('kin-tile').first().click()
  await page.waitForFunction(
    (id) => document.querySelector('[data-testid="viewer"]')?.getAttribute('data-photo-id') !== id,
    first
  )
  await kin.getByTestId('filter-clear').click()
  await kin.locator('[data-trait="camera"]').waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+ArrowLeft')
  await kin.locator('[data-trait="camera"]').waitFor()
  await kin.locator('[data-trait="near"]').waitFor()
  await page.keyboard.press('Alt+ArrowRight')
  await kin.locator('[data-trait="camera"]').waitFor({ state: 'detached' })
  await page.keyboard.press('i')
  await page.getByTestId('info').waitFor({ state: 'detached' })
  await page.getByTestId('viewer-date').waitFor()
})
