// What the large picture shows: what the decoder made of a photo, on the screen.
// Test code only.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { meanDifference } from './pictures.ts'
import { LARGE_SIDES } from '../../main/wire/large-picture.ts'
import { contentTypeOf } from '../../main/wire/picture-format.ts'
import { colourCases } from './colour-table.ts'
import { temporaryFolder } from './electron.ts'
import type { Ending } from './endings.ts'
import { sameCases, type SameCase } from './same-table.ts'

const COLUMNS = 12
const [WIDTH, HEIGHT] = [120, 80]
/** The mean difference, of 255: losses of JPEGs are in it. */
const LIMIT = 3
/** Larger pictures of the table of colours are left out: they show nothing else. */
const LARGEST = 700

/** Files of all kinds of orientation, transparency and colours, below a folder that is made. */
export async function largePictureFiles(
  t: Ending
): Promise<{ folder: string; cases: readonly SameCase[] }> {
  const [folder, profiles] = [temporaryFolder(t, 'same'), temporaryFolder(t, 'profiles')]
  const colours = (await colourCases(profiles)).filter(({ width }) => width <= LARGEST)
  const same = await sameCases(profiles)
  const cases = [
    ...same.filter(({ isAnimated }) => !isAnimated),
    ...colours.map((one, i) => {
      const ending = contentTypeOf(one.file)?.replace('image/', '') ?? ''
      return { ...one, name: `colours-${i}.${ending}`, what: one.name }
    })
  ]
  for (const { name, file } of cases) writeFileSync(join(folder, name), file)
  return { folder, cases }
}

/**
 * Fails unless each photo's large picture is the one that it is to be. The page's
 * library has indexed these files. `keep` makes a screenshot.
 */
export async function checkLargePictures(
  page: Page,
  cases: readonly SameCase[],
  keep: (name: string) => Promise<string>
): Promise<void> {
  const rows = Math.ceil(cases.length / COLUMNS)
  await page.setViewportSize({ width: COLUMNS * WIDTH, height: Math.max(600, rows * HEIGHT) })
  const addresses = cases.map(({ file }) => {
    const name = createHash('sha256').update(file).digest('hex').slice(0, 32)
    return `photo://large/${name}/${LARGE_SIDES[0]}`
  })
  await page.evaluate(
    async ({ addresses, columns, width, height }) => {
      const cover = document.createElement('div')
      Object.assign(cover.style, { position: 'fixed', inset: '0', zIndex: '9999' })
      cover.style.background = 'var(--tile)'
      document.body.append(cover)
      const images = addresses.map((address, i) => {
        const image = new Image(width, height)
        const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height]
        Object.assign(image.style, { position: 'absolute', left: `${left}px`, top: `${top}px` })
        image.src = address
        cover.append(image)
        return image
      })
      await Promise.all(images.map((image) => image.decode()))
    },
    { addresses, columns: COLUMNS, width: WIDTH, height: HEIGHT }
  )
  const screen = sharp(await keep('large-picture')).removeAlpha()
  const off: string[] = []
  for (const [i, one] of cases.entries()) {
    const { name, what = name, expected, width, height, limit = LIMIT } = one
    const [left, top] = [(i % COLUMNS) * WIDTH, Math.floor(i / COLUMNS) * HEIGHT]
    const found = await screen
      .clone()
      .extract({ left, top, width: WIDTH, height: HEIGHT })
      .raw()
      .toBuffer()
    const whole = sharp(expected, { raw: { width, height, channels: 3 } })
    const wanted = await whole.resize(WIDTH, HEIGHT, { fit: 'fill' }).raw().toBuffer()
    const difference = meanDifference(found, wanted)
    if (difference >= limit) off.push(`${what}: off by ${difference}`)
  }
  assert.deepEqual(off, [])
}
