// A damaged photo in real Electron: its tile and its large picture are there, and its details say
// that part of it is missing; what is hopeless is listed with the reason.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { busy, cut, zeroed } from '../support/damaged-files.ts'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'

test('damaged photos are shown and marked, hopeless ones listed', { timeout: 120_000 }, async (t) => {
  const folder = join(temporaryFolder(t, 'damaged'), 'photos')
  mkdirSync(folder)
  const file = new Uint8Array(await busy(900, 600).jpeg().toBuffer())
  writeFileSync(join(folder, 'whole.jpg'), await busy(900, 600, 2).jpeg().toBuffer())
  writeFileSync(join(folder, 'damaged.jpg'), cut(file, 0.95))
  writeFileSync(join(folder, 'hopeless.jpg'), zeroed(file, 0.4, 0.6))
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  await page.getByTestId('tile').nth(1).waitFor()
  assert.equal(await page.getByTestId('tile').count(), 2)
  const large = page.locator('[data-testid="large-photo"][data-state="photo"]')
  const damage = page.getByTestId('viewer-damage')
  const told: string[] = []
  for (let i = 0; i < 2; i++) {
    await page.getByTestId('tile').nth(i).click()
    await large.waitFor()
    await page.getByTestId('viewer-details').getByRole('heading').waitFor() // all is known of it
    await screenshot(`damaged-large-${i}`)
    told.push((await damage.count()) > 0 ? await damage.innerText() : '')
    await page.keyboard.press('Escape')
  }
  assert.deepEqual(told.sort(), ['', 'part of it is damaged: its last rows are missing'])
  await page.getByTestId('nav-failures').click()
  const reason = page.getByTestId('failure-reason')
  await reason.waitFor()
  assert.match(await reason.innerText(), /a picture that ends after (3|4)\d %/)
  assert.match(await page.getByTestId('failures-damaged').innerText(), /^1 photo is shown/)
  await screenshot('damaged-failures')
})
