// Photos of formats that browsers do not show: upright as a tile and large, decoded in the sandbox;
// and pictures whose names lie, in real Electron.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { Locator } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { bmpCases } from '../support/bmp-files.ts'
import { HEIC_FILES, checkQuarters, type Quarters } from '../support/heic-files.ts'
import { JXL_FILES } from '../support/jxl-files.ts'
import { movingCases } from '../support/moving-files.ts'
import { picture, sharedEveryPhoto, sharedFormats } from '../support/pictures.ts'
import { quarteredPsd } from '../support/psd-files.ts'
import { quarteredTiff } from '../support/tiff-files.ts'

/** The picture as it is on the screen, as pixels of a size of `width` x `height`. */
async function shown(locator: Locator, width: number, height: number): Promise<Buffer> {
  const image = sharp(await locator.screenshot()).resize(width, height, { fit: 'fill' })
  return image.removeAlpha().raw().toBuffer()
}

test('photos of every format are shown, whatever their names say', async (t) => {
  const folder = join(temporaryFolder(t, 'formats'), 'photos')
  mkdirSync(folder)
  const jxl = JXL_FILES.turned
  const upright: Record<string, Quarters & { file: Buffer }> = {
    'phone.jpg': { ...HEIC_FILES.turned, file: Buffer.from(HEIC_FILES.turned.base64, 'base64') },
    'scan.tif': quarteredTiff(),
    'export.jxl': { ...jxl, file: Buffer.from(jxl.base64, 'base64') },
    'work.psd': quarteredPsd()
  }
  const others = {
    'camera.HEIC': await picture(300, 200).jpeg().toBuffer(),
    IMG_0001: await picture(300, 200, 5).png().toBuffer(),
    'old.bmp': (await bmpCases())['24 bits']!.file,
    'moving.gif': (await movingCases())['GIF']!.file
  }
  for (const [name, { file }] of Object.entries(upright)) writeFileSync(join(folder, name), file)
  for (const [name, file] of Object.entries(others)) writeFileSync(join(folder, name), file)
  // A film alone is not read; one of the name of a photo, and its RAW, are told with it.
  for (const name of ['film.mov', 'camera.mov', 'camera.ARW'])
    writeFileSync(join(folder, name), '\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1')
  const real = [
    ...(sharedFormats ? [join(sharedFormats, 'good/iphone.heic')] : []),
    ...(sharedEveryPhoto ? ['8bit.jxl', 'lzw.tiff', 'cielab.tiff'].map(inGood) : [])
  ]
  for (const path of real) copyFileSync(path, join(folder, `real-${basename(path)}`))
  const photos = Object.keys(upright).length + Object.keys(others).length + real.length
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  await page.getByTestId('tile').nth(photos - 1).waitFor()
  assert.equal(await page.getByTestId('tile').count(), photos)
  const large = page.locator('[data-testid="large-photo"][data-state="photo"]')
  const seen: string[] = []
  const companions: string[] = []
  const kinds = page.getByTestId('tile-kinds')
  await kinds.first().waitFor()
  assert.deepEqual(await kinds.allInnerTexts(), ['RAW LIVE'])
  await screenshot('formats-tiles')
  for (let i = 0; i < photos; i++) {
    await page.getByTestId('tile').nth(i).click()
    await large.waitFor()
    if (i === 0) await page.keyboard.press('i')
    await page.getByTestId('info-file').waitFor()
    const whole = large.locator('img.whole:not([alt="The photo"])')
    const name = (await whole.getAttribute('alt')) ?? ''
    companions.push(...(await page.getByTestId('info-companions').allInnerTexts()))
    await screenshot(`formats-large-${name}`)
    const quarters = upright[name]
    if (quarters) {
      const { width, height } = quarters
      const rgb = await shown(whole, width, height)
      checkQuarters({ width, height, pixelWidth: width, pixelHeight: height, rgb }, quarters, name)
      seen.push(name)
    }
    await page.keyboard.press('Escape')
  }
  assert.deepEqual(seen.sort(), Object.keys(upright).sort())
  assert.deepEqual(companions, ['camera.ARW, camera.mov'])
})

function inGood(name: string): string {
  return join(sharedEveryPhoto!, 'good', name)
}
