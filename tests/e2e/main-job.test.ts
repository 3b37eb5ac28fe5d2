// The main job in the real app: a folder is indexed, a click opens a photo, its kin stand beside
// it. Screenshots of every state are kept in artefacts/ to be looked at.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { symlinkSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import type { OpenedApp } from '../support/electron.ts'
import { assertAccessible, looks } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { nicenessOf } from '../support/priorities.ts'
import { sharedPhotos } from '../support/pictures.ts'

/** Opens the first photo of the grid and waits for its kin. */
async function openFirst(page: Page): Promise<void> {
  await page.getByTestId('tile').first().click()
  await page.getByTestId('large-photo').waitFor()
  await page.getByTestId('kin-tile').first().waitFor()
}

/** By keys alone: to the second photo of the grid, into it, and back to it. */
async function openByKeyboard(page: Page): Promise<void> {
  const focused = page.locator('[data-testid="tile"]:focus')
  await page.locator('[data-testid="tile"][tabindex="0"]').focus()
  const first = await focused.getAttribute('data-photo-id')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(
    (id) => ![undefined, id].includes((document.activeElement as HTMLElement).dataset['photoId']),
    first ?? ''
  )
  const second = await focused.getAttribute('data-photo-id')
  await page.keyboard.press('Enter')
  await page.getByTestId('large-photo').waitFor()
  await page.keyboard.press('Escape')
  await focused.waitFor()
  assert.equal(await focused.getAttribute('data-photo-id'), second)
}

/**
 * What indexes gives way to the page and to those who answer it. Main threads are looked at: where
 * the superuser runs the tests, Chromium gives some others a higher priority as they start.
 */
async function assertBackgroundIsSecond({ pids }: OpenedApp): Promise<void> {
  if (process.platform !== 'linux') return
  const { engine, page, compute, decoder } = await pids()
  assert.ok(engine && page && compute && decoder)
  for (const pid of [engine, page]) assert.ok(nicenessOf(pid)[0]! <= getPriority())
  for (const pid of [compute, decoder]) assert.ok(nicenessOf(pid)[0]! >= 10)
}

test('first run: says what it is and waits for a folder', async (t) => {
  const opened = await openApp(t)
  await opened.page.getByTestId('first-run').waitFor()
  await opened.page.getByTestId('choose-folder').waitFor()
  assert.match(await opened.page.getByTestId('first-run').innerText(), /leaves|computer/i)
  await looks(opened, 'first-run')
})

test('a folder is indexed; a click shows a photo and its kin; back and forward; failures', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, 280, { seed: 21, size: 320 })
  writeFileSync(join(folder, 'broken.jpg'), 'no photo at all')
  symlinkSync(tmpdir(), join(folder, 'elsewhere'))
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await page.getByTestId('tile').first().waitFor()
  await opened.screenshot('indexing')
  const bar = page.getByTestId('indexing-bar')
  await page.getByTestId('pause').click()
  await page.locator('[data-testid="indexing-bar"][data-state="paused"]').waitFor()
  assert.match(await bar.innerText(), /paused/i)
  await opened.screenshot('paused')
  await page.getByTestId('resume').click()
  await page.getByTestId('resume').waitFor({ state: 'detached' })
  await untilIndexed(page)
  await assertBackgroundIsSecond(opened)
  await looks(opened, 'library')
  await assertAccessible(page)
  await openByKeyboard(page)

  await openFirst(page)
  const scores = (await page.getByTestId('score').allInnerTexts()).map((text) =>
    Number(/\d+/.exec(text)?.[0])
  )
  assert.ok(scores.length >= 5)
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
    'best first'
  )
  await looks(opened, 'photo')
  await assertAccessible(page)

  const name = page.getByTestId('viewer-details').getByRole('heading')
  const first = await name.innerText()
  const nearest = await page.getByTestId('kin-tile').first().getAttribute('title')
  assert.ok(nearest && nearest !== first)
  await page.getByTestId('kin-tile').first().click()
  await name.getByText(nearest, { exact: true }).waitFor()
  await page.getByTestId('viewer-back').click()
  await name.getByText(first, { exact: true }).waitFor()
  await page.keyboard.press('Alt+ArrowRight')
  await name.getByText(nearest, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('large-photo').waitFor({ state: 'detached' })
  await page.getByTestId('grid').waitFor()

  await page.getByTestId('nav-failures').click()
  await page.getByTestId('failure').first().waitFor()
  assert.match(await page.getByTestId('failures').innerText(), /broken\.jpg/)
  await looks(opened, 'failures')
  await assertAccessible(page)
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('folder-left-out').first().waitFor()
  const leftOut = await page.getByTestId('folder-left-out').allInnerTexts()
  assert.equal(leftOut.length, 1)
  assert.match(leftOut[0] ?? '', /^1 link is not followed: “elsewhere”\. Add the folder/)
  await looks(opened, 'folders')
})

test('the other views of the same thing lead', async (t) => {
  if (!sharedPhotos) return t.skip('no ../shared/photos here')
  const folder = join(sharedPhotos, 'same-thing')
  const { page } = await openApp(t, { folders: [folder] })
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  const objectOf = (label: string | null): number =>
    Math.floor(Number(/ukbench0*(\d+)/.exec(label ?? '')?.[1]) / 4)
  // They were shot within seconds of each other: one of the kin, until each is to be shown.
  await page.getByTestId('tile').first().click()
  await page.locator('[title*="more of the same moment"]').first().waitFor()
  await page.getByTestId('kin-fold').click()
  await page.locator('[data-testid="kin-copies"]').first().waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByTestId('grid').waitFor()
  const asked = 12
  let led = 0
  for (let at = 0; at < asked; at++) {
    await page.getByTestId('tile').nth(at).click()
    await page.getByTestId('kin-tile').nth(2).waitFor()
    const own = objectOf(await page.getByTestId('viewer-details').innerText())
    const tiles = page.getByTestId('kin-tile')
    const kin: number[] = []
    for (let place = 0; place < 3; place++)
      kin.push(objectOf(await tiles.nth(place).getAttribute('aria-label')))
    assert.ok(Number.isInteger(own) && kin.every(Number.isInteger), `${own}: ${kin}`)
    led += kin.filter((other) => other === own).length
    await page.keyboard.press('Escape')
    await page.getByTestId('grid').waitFor()
  }
  // Measured over the whole set: mAP@4 of 0.99, so three of the first three almost always.
  assert.ok(led >= asked * 3 * 0.9, `${led} of ${asked * 3} first kin show the same thing`)
})
