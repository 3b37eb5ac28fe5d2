// The large picture in real Electron: zoom to pixels by keys, wheel, double click and drag; what is
// shown is made by the decoder, of formats that browsers do not know and of very large photos, too.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import { dngOf } from '../../support/dng-files.ts'
import { assertAccessible, sized, untilPainted } from '../../support/looks.ts'
import { drawPicture, sharedFormats } from '../../support/pictures.ts'

/** Stripes two pixels wide, which are an even grey in anything smaller. */
function stripes(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      pixels.fill(x & 2 ? 255 : 0, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return pixels
}

/** How far the pixels in the middle of the field differ from each other, of 255. */
async function contrast(page: Page): Promise<number> {
  const box = await page.getByTestId('zoom-field').boundingBox()
  assert.ok(box)
  const [x, y] = [Math.round(box.x + box.width / 2 - 40), Math.round(box.y + box.height / 2 - 40)]
  const shot = await page.screenshot({ clip: { x, y, width: 80, height: 80 } })
  return (await sharp(shot).greyscale().stats()).channels[0]!.stdev
}

/**
 * Waits until every tile that is asked for is drawn, and what is seen of the photo is covered by
 * them: after a move those of before are there for a moment yet.
 */
async function untilSharp(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const tiles = [...document.querySelectorAll<HTMLImageElement>('[data-testid="zoom-tile"]')]
    const boxOf = (id: string) =>
      document.querySelector(`[data-testid="${id}"]`)!.getBoundingClientRect()
    const [field, photo] = [boxOf('zoom-field'), boxOf('large-photo')]
    const xs = [Math.max(field.left, photo.left) + 2, Math.min(field.right, photo.right) - 2]
    const ys = [Math.max(field.top, photo.top) + 2, Math.min(field.bottom, photo.bottom) - 2]
    const isCovered = (x: number, y: number): boolean =>
      tiles.some((tile) => {
        const { left, top, right, bottom } = tile.getBoundingClientRect()
        return x >= left && x <= right && y >= top && y <= bottom
      })
    return (
      tiles.every((tile) => tile.complete && tile.naturalWidth > 0) &&
      xs.every((x) => ys.every((y) => isCovered(x, y)))
    )
  })
  await untilPainted(page, '[data-testid="zoom-tile"]')
}

/** Waits until so many percent are shown. */
async function untilPercent(page: Page, percent: number): Promise<void> {
  await page.locator(`[data-testid="zoom-field"][data-percent="${percent}"]`).waitFor()
}

async function open(page: Page, name: string): Promise<void> {
  await page.locator(`[data-testid="tile"][aria-label*="${name}"]`).click()
  await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
}

async function shut(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByTestId('viewer').waitFor({ state: 'detached' })
}

test('the large picture', async (t) => {
  const folder = join(temporaryFolder(t, 'viewer'), 'photos')
  mkdirSync(folder)
  const [width, height] = [3000, 2000]
  const raw = { raw: { width, height, channels: 3 } } as const
  await sharp(stripes(width, height), raw).png({ compressionLevel: 1 }).toFile(join(folder, 'stripes.png'))
  // Lying on its side, as phones store what they took upright.
  await sharp(stripes(width, height), raw)
    .rotate(90)
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withMetadata({ orientation: 8 })
    .toFile(join(folder, 'turned.jpg'))
  await sharp(stripes(width, height), raw).tiff().toFile(join(folder, 'scan.tif'))
  const rgb = drawPicture(1200, 800)
  writeFileSync(join(folder, 'sensor.dng'), dngOf({ width: 1200, height: 800, rgb }))
  // More than is held of a photo: 67 megapixels.
  const create = { width: 9000, height: 7500, channels: 3, background: '#4080c0' } as const
  await sharp({ create }).jpeg().toFile(join(folder, 'huge.jpg'))
  if (sharedFormats) {
    copyFileSync(join(sharedFormats, 'good/iphone.heic'), join(folder, 'iphone.heic'))
    copyFileSync(join(sharedFormats, 'good/camera-large.jpg'), join(folder, 'camera.jpg'))
  }
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await sized(page, 1280, 860)
  await untilIndexed(page)

  await t.test('by keys alone: to the pixels, about, and back', async () => {
    await open(page, 'stripes.png')
    assert.ok((await contrast(page)) < 40, 'the whole photo is smaller than its pixels')
    for (let i = 0; i < 2; i++) await page.keyboard.down('z') // held, it does not go back
    await page.keyboard.up('z')
    await untilPercent(page, 100)
    await untilSharp(page)
    assert.ok((await contrast(page)) > 110, 'pixels are seen')
    const left = async (): Promise<number> =>
      (await page.getByTestId('large-photo').boundingBox())?.x ?? 0
    const before = await left()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(
      (from) => document.querySelector('[data-testid="large-photo"]')!.getBoundingClientRect().x < from,
      before
    )
    await untilSharp(page)
    await screenshot('viewer-pixels')
    await page.keyboard.press('+')
    await untilPercent(page, 150)
    await page.keyboard.press('-')
    await untilPercent(page, 100)
    await page.keyboard.press('Alt+0')
    await page.getByTestId('zoom-percent').waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+1')
    await untilPercent(page, 100)
    await page.keyboard.press('z')
    await page.getByTestId('zoom-percent').waitFor({ state: 'detached' })
    const id = await page.getByTestId('viewer').getAttribute('data-photo-id')
    await page.keyboard.press((await page.getByTestId('next').isEnabled()) ? 'ArrowRight' : 'ArrowLeft')
    await page.waitForFunction(
      (former) =>
        document.querySelector<HTMLElement>('[data-testid="viewer"]')?.dataset['photoId'] !== former,
      id
    )
    await shut(page)
  })

  await t.test('by wheel, double click and drag', async () => {
    await open(page, 'stripes.png')
    const box = await page.getByTestId('zoom-field').boundingBox()
    assert.ok(box)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.wheel(0, -480)
    await page.getByTestId('zoom-percent').waitFor()
    await page.mouse.wheel(0, 2000)
    await page.getByTestId('zoom-percent').waitFor({ state: 'detached' })
    await page.mouse.dblclick(x, y)
    await untilPercent(page, 100)
    await untilSharp(page)
    const place = async (): Promise<{ x: number; y: number }> =>
      (await page.getByTestId('large-photo').boundingBox()) ?? { x: 0, y: 0 }
    const before = await place()
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 30, { steps: 3 })
    await page.mouse.up()
    const after = await place()
    assert.deepEqual([after.x - before.x, after.y - before.y], [60, 30])
    await untilSharp(page)
    assert.ok((await contrast(page)) > 110, 'what came into the field is sharp, too')
    await assertAccessible(page)
    await shut(page)
  })

  await t.test('photos that lie on their side, and those that browsers do not know', async () => {
    for (const name of ['turned.jpg', 'scan.tif']) {
      await open(page, name)
      await page.keyboard.press('z')
      await untilPercent(page, 100)
      await untilSharp(page)
      assert.ok((await contrast(page)) > 90, name)
      await shut(page)
    }
    for (const name of ['sensor.dng', ...(sharedFormats ? ['iphone.heic', 'camera.jpg'] : [])]) {
      await open(page, name)
      await page.keyboard.press('z')
      await page.getByTestId('zoom-percent').waitFor()
      await untilSharp(page)
      await screenshot(`viewer-${name}`)
      await shut(page)
    }
  })

  await t.test('a very large photo, made smaller by the decoder', async () => {
    await open(page, 'huge.jpg')
    await page.keyboard.press('z')
    await untilPercent(page, 100)
    await untilSharp(page)
    const tile = page.getByTestId('zoom-tile').first()
    // 7 eighths of it are held, so that a tile of 512 pixels is shown larger than that.
    assert.equal(Math.round((await tile.boundingBox())?.width ?? 0), Math.round((512 * 8) / 7))
    await shut(page)
  })
})
