// `npm run screenshot`: makes README.md's picture in the real app, from drawn scenes only.
// Needs a display and ELECTRON_OVERRIDE_DIST_PATH, which main/setup/screenshot.mjs provides.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import { makeScenes } from '../../support/scenes.ts'

const PICTURE = fileURLToPath(new URL('screenshot.png', import.meta.url))
const PHOTOS = 288 // enough to learn from

test('the picture of the README', async (t) => {
  const folder = temporaryFolder(t, 'scenes')
  await makeScenes(join(folder, 'Pictures'), PHOTOS)
  const { page, screenshot } = await openApp(t, { folders: [join(folder, 'Pictures')] })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  await page.getByTestId('nav-learning').click()
  await page.getByTestId('last-run').waitFor()
  await page.getByTestId('nav-photos').click()
  await screenshot('readme-library')
  await page.getByTestId('tile').nth(4).click()
  await page.getByTestId('kin-tile').nth(8).waitFor()
  await page.waitForTimeout(1500) // the pictures have faded in
  copyFileSync(await screenshot('readme-photo'), PICTURE)
})
