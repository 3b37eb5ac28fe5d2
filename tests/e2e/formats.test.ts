// Photos of formats that browsers do not show: upright as a tile and large, decoded in the sandbox;
// and pictures whose names lie, in real Electron.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { Locator } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { HEIC_FILES, checkQuarters } from '../support/heic-files.ts'
import { picture, sharedFormats } from '../support/pictures.ts'

/** The picture as it is on the screen, as pixels of a size of `width` x `height`. */
async function shown(locator: Locator, width: number, height: number): Promise<Buffer> {
  const image = sharp(await locator.screenshot()).resize(width, height, { fit: 'fill' })
  return image.removeAlpha().raw().toBuffer()
}

test('HEIC and pictures whose names lie are shown', async (t) => {
  const folder = join(temporaryFolder(t, 'formats'), 'photos')
  mkdirSync(folder)
  const heic = HEIC_FILES.turned
  writeFileSync(join(folder, 'phone.jpg'), Buffer.from(heic.base64, 'base64'))
  writeFileSync(join(folder, 'camera.HEIC'), await picture(300, 200).jpeg().toBuffer())
  writeFileSync(join(folder, 'IMG_0001'), await picture(300, 200, 5).png().toBuffer())
  // A film alone is not read; one of the name of a photo, and its RAW, are told with it.
  for (const name of ['film.mov', 'camera.mov', 'camera.ARW'])
    writeFileSync(join(folder, name), '\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1')
  if (sharedFormats) copyFileSync(join(sharedFormats, 'good/iphone.heic'), join(folder, 'i.heic'))
  const photos = sharedFormats ? 4 : 3
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  await page.getByTestId('tile').nth(photos - 1).waitFor()
  assert.equal(await page.getByTestId('tile').count(), photos)
  const large = page.locator('[data-testid="large-photo"][data-state="photo"]')
  const { width, height } = heic
  let hasSeenHeic = false
  const companions: string[] = []
  const kinds = page.getByTestId('tile-kinds')
  await kinds.first().waitFor()
  assert.deepEqual(await kinds.allInnerTexts(), ['RAW LIVE'])
  await screenshot('formats-tiles')
  for (let i = 0; i < photos; i++) {
    await page.getByTestId('tile').nth(i).click()
    await large.waitFor()
    companions.push(...(await page.getByTestId('viewer-companions').allInnerTexts()))
    await screenshot(`formats-large-${i}`)
    const box = await large.boundingBox()
    assert.ok(box)
    if (Math.abs(box.width / box.height - width / height) < 0.02) {
      const rgb = await shown(large.locator('img.whole'), width, height)
      checkQuarters({ width, height, pixelWidth: width, pixelHeight: height, rgb }, heic, 'large')
      hasSeenHeic = true
    }
    await page.keyboard.press('Escape')
  }
  assert.ok(hasSeenHeic)
  assert.deepEqual(companions, ['With it: camera.ARW, camera.mov'])
})
