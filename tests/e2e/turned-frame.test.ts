// A frame drawn on a WebP that its EXIF orientation turns, which browsers do not turn: it asks with
// the part that lies below it on the screen. Real Electron.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { sized } from '../support/looks.ts'
import { KINDS, makePhotos } from '../support/photos.ts'

const [WIDTH, HEIGHT] = [320, 240]
/** Where the quarters of the picture lie, as shares of it. */
const QUARTERS = [
  { left: 0, top: 0 },
  { left: 0.5, top: 0 },
  { left: 0, top: 0.5 },
  { left: 0.5, top: 0.5 }
]
/** Degrees that undo an EXIF orientation. */
const STORED = { 3: 180, 6: 270, 8: 90 }

test('a frame on a turned WebP asks with what lies below it', async (t) => {
  const folder = join(temporaryFolder(t, 'turned'), 'photos')
  mkdirSync(folder)
  // Four photos of kinds that look unlike each other, and one picture of all of them.
  const drawn = await makePhotos(temporaryFolder(t, 'drawn'), KINDS, { seed: 7, size: 320 })
  assert.ok(drawn.length >= QUARTERS.length)
  const parts = await Promise.all(
    drawn.slice(0, 4).map((path) => sharp(path).resize(WIDTH, HEIGHT, { fit: 'fill' }).png().toBuffer())
  )
  for (const [i, part] of parts.entries()) writeFileSync(join(folder, `part-${i}.png`), part)
  const canvas = { width: 2 * WIDTH, height: 2 * HEIGHT, channels: 3, background: 'grey' } as const
  const layers = parts.map((input, i) => {
    const { left, top } = QUARTERS[i]!
    return { input, left: 2 * WIDTH * left, top: 2 * HEIGHT * top }
  })
  const whole = await sharp({ create: canvas }).composite(layers).png().toBuffer()
  for (const [orientation, degrees] of Object.entries(STORED)) {
    const turned = sharp(whole).rotate(degrees).withMetadata({ orientation: Number(orientation) })
    writeFileSync(join(folder, `turned-${orientation}.webp`), await turned.webp().toBuffer())
  }
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await sized(page, 1280, 860)
  await untilIndexed(page)
  await page.getByTestId('tile').nth(6).waitFor()
  for (const orientation of Object.keys(STORED)) {
    await page.locator(`[data-testid="tile"][aria-label*="turned-${orientation}"]`).click()
    await page.locator('[data-testid="large-photo"][data-state="photo"]').waitFor()
    for (const [i, { left, top }] of QUARTERS.entries()) {
      await page.keyboard.press('r')
      await page.locator('[data-testid="region"]:focus').waitFor()
      const box = await page.getByTestId('region-layer').boundingBox()
      assert.ok(box && box.width > box.height, `${orientation}: it lies on its side`)
      const at = (share: number): [x: number, y: number] =>
        [box.x + box.width * (left + share / 2), box.y + box.height * (top + share / 2)]
      await page.mouse.move(...at(0.04))
      await page.mouse.down()
      await page.mouse.move(...at(0.5), { steps: 3 })
      await page.mouse.move(...at(0.96), { steps: 3 })
      await page.mouse.up()
      await page.locator(`[data-testid="kin-tile"][title="part-${i}.png"]`).waitFor()
      const first = page.getByTestId('kin-tile').first()
      await page.waitForFunction(
        (name) => document.querySelector('[data-testid="kin-tile"]')?.getAttribute('title') === name,
        `part-${i}.png`
      )
      assert.equal(await first.getAttribute('title'), `part-${i}.png`)
      if (i === 1) await screenshot(`turned-frame-${orientation}`)
      await page.getByTestId('whole-photo').click()
      await page.getByTestId('whole-photo').waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Escape')
    if ((await page.getByTestId('viewer').count()) > 0) await page.keyboard.press('Escape')
    await page.getByTestId('viewer').waitFor({ state: 'detached' })
  }
})
