// A photo that is edited outside is shown as it is now, in the grid and large: the page asks for
// its pictures anew, without being loaded again, though it has shown the old ones before.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { Locator } from 'playwright-core'
import { openApp, temporaryFolder } from '../support/electron.ts'

/** Waits until the middle of a shown picture has mostly this colour: 0 red, 1 green, 2 blue. */
async function untilColoured(picture: Locator, channel: 0 | 1 | 2): Promise<void> {
  for (;;) {
    const pixels = await sharp(await picture.screenshot())
      .resize(1, 1)
      .removeAlpha()
      .raw()
      .toBuffer()
    if (pixels.every((value, i) => (i === channel ? value > 128 : value < 128))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function plain(path: string, background: string): Promise<void> {
  await sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .jpeg()
    .toFile(path)
}

test('an edited photo is shown as it is now', async (t) => {
  const outside = temporaryFolder(t, 'edited')
  const folder = join(outside, 'photos')
  mkdirSync(folder)
  await plain(join(folder, 'one.jpg'), '#c00000')
  await plain(join(outside, 'new.jpg'), '#0000c0')
  const { page } = await openApp(t, { folders: [folder] })
  const picture = page.getByTestId('tile').locator('img')
  const large = page.getByTestId('large-photo')
  await untilColoured(picture, 0)
  // Seen large before, too: the browser keeps what it has shown.
  await page.getByTestId('tile').click()
  await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
  await untilColoured(large, 0)
  copyFileSync(join(outside, 'new.jpg'), join(folder, 'one.jpg'))
  await untilColoured(large, 2) // under the eyes of who looks at it
  await page.keyboard.press('Escape')
  await untilColoured(picture, 2)
  await page.getByTestId('tile').click()
  await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
  await untilColoured(large, 2)
})
