// The list of kin in a page, for tests that count all of them.
import type { Page } from 'playwright-core'

/** More than it takes to draw a list: the first kin are drawn at once, the others 16 a frame. */
const FRAMES = 10

/** Resolves when all of a list that is there is drawn, and what was scrolled was told. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame)
  }, FRAMES)
}

/** Waits for kin and has all of them shown from now on, those that are alike by chance, too. */
export async function showAllKin(page: Page): Promise<void> {
  await page.locator('[data-testid="kin"][data-status="ready"]').waitFor()
  await page.getByTestId('kin-tile').first().waitFor()
  const beyond = page.getByTestId('kin-beyond') // comes with the list, where it is longer
  if ((await beyond.count()) === 0) return
  await beyond.click()
  await page.mouse.move(5, 5) // else a tile is pointed at that comes where the button was
}
