// Learning in the real app: what is shown with too few photos, while it runs, halted, and at its
// end; the models that are kept; the devices and their speeds.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import { beginShortRun } from '../support/begun-run.ts'
import { serveSpoiled } from '../support/deep.ts'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { untilDrawn } from '../support/kin-list.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { copyViewed } from '../support/shared-library.ts'

async function untilState(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid="learning-now"][data-state="${state}"]`).waitFor()
}

/** The same of the first run; one that has ended is not waited for. */
async function untilFirstRunIs(page: Page, state: string): Promise<void> {
  const wanted = page.locator(`[data-testid="learning-now"][data-state="${state}"]`)
  await wanted.or(page.getByTestId('last-run')).first().waitFor()
  assert.equal(await page.getByTestId('last-run').count(), 0, `it ended before it was ${state}`)
}

/** The kin of the list that comes when a key is pressed. */
async function kinAfter(page: Page, key: string): Promise<(string | null)[]> {
  await page.getByTestId('kin-list').evaluate((list) => list.setAttribute('data-former', ''))
  await page.keyboard.press(key)
  const tiles = page.locator('[data-testid="kin-list"]:not([data-former]) [data-testid="kin-tile"]')
  await tiles.first().waitFor()
  await untilDrawn(page)
  return tiles.evaluateAll((all) => all.map((tile) => tile.getAttribute('title')))
}

/** A laptop's folder of power supplies: the app is told to look there. */
function makeSupplies(t: TestContext): { switches: string[]; plug(isIn: boolean): void } {
  const folder = temporaryFolder(t, 'power')
  const write = (supply: string, files: Record<string, string>): void => {
    mkdirSync(join(folder, supply), { recursive: true })
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(folder, supply, name), `${text}\n`)
  }
  const plug = (isIn: boolean): void => {
    write('AC', { type: 'Mains', online: isIn ? '1' : '0' })
    write('BAT0', { type: 'Battery', status: isIn ? 'Charging' : 'Discharging' })
  }
  plug(true)
  return { switches: [`--power-supplies=${folder}`], plug }
}

test('too few photos: how many more; the devices are measured', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 12, { seed: 51, size: 160 })
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').nth(11).waitFor()
  await untilIndexed(page)
  await page.getByTestId('nav-learning').click()
  await untilState(page, 'off')
  assert.match(await page.getByTestId('learning-detail').innerText(), /: \d+ more/)
  assert.equal(await page.getByTestId('learn').isDisabled(), true)
  await looks(opened, 'learning-few')
  await assertAccessible(page)

  await page.getByTestId('nav-settings').click()
  await page.getByTestId('measure-devices').click()
  const used = page.locator('[data-testid="device"][data-chosen="true"]')
  await used.getByText(/photos? a second/).waitFor()
  assert.equal(await used.count(), 1)
  assert.match(await used.innerText(), /in use/)
  await looks(opened, 'settings')
  await assertAccessible(page)
  // The switch halts what would be learned by itself, and lets it go on.
  const background = page.getByTestId('background-learning')
  assert.equal(await background.isChecked(), true)
  await background.click()
  await page.waitForFunction(
    () => !document.querySelector<HTMLInputElement>('[data-testid="background-learning"]')?.checked
  )
  await page.getByTestId('nav-learning').click()
  await page.getByTestId('learning-resume').click()
  await page.getByTestId('learning-resume').waitFor({ state: 'detached' })
  await page.getByTestId('nav-settings').click()
  assert.equal(await background.isChecked(), true)
})

test('learning runs by itself, is halted, goes on, ends and can be gone back on', async (t) => {
  const home = temporaryFolder(t, 'home')
  const library = join(home, 'config', 'Kindred', 'library')
  await copyViewed(library)
  const supplies = makeSupplies(t)
  let opened = await openApp(t, { home, switches: supplies.switches })
  let { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()

  // In the background a line says so, wherever one is.
  await page.getByTestId('learning-bar').waitFor()
  await page.getByTestId('show-learning').click()
  await untilState(page, 'running')
  await page.getByTestId('phases').waitFor()
  await page.getByTestId('learning-pause').click()
  await untilState(page, 'paused')
  await looks(opened, 'learning-paused')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('learning-resume').click()
  await untilFirstRunIs(page, 'running')
  const curve = page.locator('[data-testid="loss-curve"]:not([data-points="0"])')
  await curve.waitFor()
  await looks(opened, 'learning-running')
  await assertAccessible(page)
  await sized(page, 1280, 860)

  // On battery it waits, unless it is asked for there.
  supplies.plug(false)
  await untilFirstRunIs(page, 'waiting')
  assert.match(await page.getByTestId('learning-title').innerText(), /plugged in/)
  await looks(opened, 'learning-on-battery')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('learn-on-battery').click()
  await untilState(page, 'running')
  assert.equal(await page.getByTestId('learn-on-battery').count(), 0)
  supplies.plug(true)

  // To its end a short one goes on, as the former would at the next start.
  await opened.close()
  beginShortRun(library)
  opened = await openApp(t, { home, switches: supplies.switches })
  page = opened.page
  await sized(page, 1280, 860)
  await page.getByTestId('nav-learning').click()
  await page.getByTestId('last-run').waitFor()
  const isKept = (await page.getByTestId('last-run').getAttribute('data-kept')) === 'true'
  assert.ok((await page.getByTestId('last-reason').innerText()).length > 20)
  const models = '[data-testid="model"][data-state="serving"]'
  await page.locator(models).first().waitFor() // the list comes a moment later
  assert.equal(await page.locator(models).count(), 1)
  assert.match((await page.getByTestId('gain-interval').getAttribute('aria-label')) ?? '', /between/)
  if (!isKept) {
    // It is kept where features are those of the processors of these tests; elsewhere that may not
    // be certain. What follows needs a learned model.
    await opened.close()
    const catalogue = openCatalogue(library)
    await serveSpoiled(catalogue)
    catalogue.close()
    opened = await openApp(t, { home, switches: supplies.switches })
    page = opened.page
    await sized(page, 1280, 860)
    await page.getByTestId('nav-learning').click()
  }
  const serving = page.locator(models)
  await serving.filter({ hasText: /^\s*Learned/ }).waitFor()
  await page.getByTestId('model-score').waitFor()
  await page.getByTestId('before-after').waitFor()
  await page.getByTestId('compare-next').click()
  await looks(opened, 'learning-done')
  await assertAccessible(page)
  await sized(page, 1280, 860)

  // Deeper: what that takes is told before; here it is begun and given up.
  const deeper = page.getByTestId('learn-deep')
  await deeper.filter({ hasText: /^\s*Train deeper, about \d+ (second|minute)/ }).waitFor()
  await deeper.click()
  assert.match(await page.getByTestId('confirm').innerText(), /takes about \d+/)
  await looks(opened, 'learning-deeper')
  await assertAccessible(page)
  await page.getByTestId('confirm-yes').click()
  await page.getByTestId('learning-title').getByText('Learning deeply').waitFor()
  await page.getByTestId('learning-progress').getByText(/step/).waitFor()
  await looks(opened, 'learning-deep-running')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.getByTestId('learning-cancel').click()
  await page.getByTestId('confirm-yes').click()
  await untilState(page, 'off')

  await page.getByTestId('model-back').first().click()
  await page.getByTestId('confirm-yes').click()
  await serving.getByText('General model').waitFor()
  await page.getByTestId('model-back').first().click()
  await page.getByTestId('confirm-yes').click()
  await serving.getByText('Learned').waitFor()

  // The learned kin, from the same kind to the same thing.
  await page.getByTestId('nav-photos').click()
  await page.getByTestId('tile').first().click()
  await page.getByTestId('kin').getByText(/learned from \d+ of your photos/).waitFor()
  await page.getByTestId('strictness').focus()
  const kind = await kinAfter(page, 'Home')
  const thing = await kinAfter(page, 'End')
  assert.notDeepEqual(thing, kind)
})
