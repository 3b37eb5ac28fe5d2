// The review of duplicates in the real app, by keyboard alone: three kinds, what is kept, the trash
// and its undo, and what is remembered. Real files go to the system's own trash.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { fillWithDuplicates } from '../support/duplicate-folder.ts'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import type { OpenedApp } from '../support/electron.ts'
import { answering, askedOf, filesIn, questionOf, said } from '../support/file-hands.ts'
import { assertAccessible, looks, sized, untilPainted } from '../support/looks.ts'

const cards = (page: Page) => page.getByTestId('duplicate-card')
const namesOf = (page: Page): Promise<string[]> =>
  cards(page).locator('.name').allInnerTexts()

/** Waits until a kind tells so many groups, and photos are compared. */
async function untilGroups(page: Page, kind: string, words: RegExp): Promise<void> {
  await page.getByTestId(`kind-${kind}`).getByText(words).waitFor()
}

/** The brightest value of the picture that is compared, once its parts are there. */
async function brightest(page: Page): Promise<number> {
  const picture = page.getByTestId('compare-copies').locator('.picture')
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll<HTMLImageElement>('dialog .picture img')]
    return images.length === 4 && images.every((image) => image.complete && image.naturalWidth > 0)
  })
  await untilPainted(page, 'dialog .picture img')
  const { channels } = await sharp(await picture.screenshot()).removeAlpha().stats()
  return Math.max(...channels.map(({ max }) => max))
}

async function screenshots(opened: OpenedApp, name: string): Promise<void> {
  const { page } = opened
  await looks(opened, name)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await sized(page, 900, 600)
    await opened.screenshot(`${name}-900-${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: null })
  await sized(page, 1280, 860)
}

test('duplicates are reviewed by keyboard: kept, thrown away, taken back, remembered', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  const { album, backup } = await fillWithDuplicates(folder, temporaryFolder(t, 'drawn'))
  const all = filesIn(folder)
  const data = join(home, 'data')
  mkdirSync(data)
  const opened = await openApp(t, { folders: [folder], home, env: { XDG_DATA_HOME: data } })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  await answering(opened, folder)

  await page.keyboard.press('Control+k')
  await page.getByTestId('palette-text').fill('duplicates')
  await page.getByTestId('palette-go-duplicates').click()
  await untilGroups(page, 'identical', /1 group/)
  await untilGroups(page, 'same', /1 group/)
  await untilGroups(page, 'bursts', /1 group/)
  await cards(page).first().getByText('Suggested: taken or written first').waitFor()
  assert.deepEqual(await namesOf(page), ['one.jpg', 'again.jpg', 'one.jpg'])
  await screenshots(opened, 'duplicates-identical')
  await assertAccessible(page)

  // Compared: side by side, in turns, and the difference of equal files, which is black.
  await page.keyboard.press('v')
  await page.getByTestId('compare-copies').waitFor()
  await screenshots(opened, 'duplicates-compare')
  await assertAccessible(page)
  await page.keyboard.press('2')
  await page.getByTestId('compare-pause').click()
  const shown = page.getByTestId('compare-shown')
  const before = await shown.innerText()
  await page.getByTestId('compare-swap').click()
  await shown.getByText(before === 'one.jpg' ? 'again.jpg' : 'one.jpg').waitFor()
  await page.keyboard.press('3')
  assert.ok((await brightest(page)) < 8, 'equal files do not differ')
  await page.keyboard.press('Escape')
  await page.getByTestId('compare-copies').waitFor({ state: 'detached' })

  // Keep this one, the other two go; equal files, so nobody is asked.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('k')
  await cards(page).nth(1).getByText('Kept').waitFor()
  await page.getByTestId('throw-marked').getByText('Throw away 2 photos').waitFor()
  await page.keyboard.press('Delete')
  await said(page, '2 photos were moved to the trash.')
  await page.getByTestId('duplicates-none').waitFor()
  assert.deepEqual((await askedOf(opened)).questions, [])
  assert.ok(existsSync(join(backup, 'again.jpg')) && !existsSync(join(album, 'one.jpg')))
  await screenshots(opened, 'duplicates-none')
  await page.keyboard.press('Control+z')
  await said(page, '2 photos were put back.')
  await untilGroups(page, 'identical', /1 group/)
  assert.deepEqual(filesIn(folder), all)

  // One picture in four files: what goes are last copies, so it is asked first.
  await page.getByTestId('kind-same').click()
  await cards(page).first().getByText('Suggested: larger file').waitFor()
  assert.equal((await namesOf(page))[0], 'two.jpg')
  assert.equal(await cards(page).count(), 4)
  await screenshots(opened, 'duplicates-same')
  await page.keyboard.press('v')
  await page.keyboard.press('3')
  assert.ok((await brightest(page)) > 100, 'a turned picture differs')
  await screenshots(opened, 'duplicates-difference')
  await page.keyboard.press('Escape')
  await answering(opened, folder, false)
  await page.keyboard.press('s')
  await page.getByTestId('throw-marked').getByText('Throw away 3 photos').waitFor()
  await page.keyboard.press('Shift+Delete')
  assert.match(await questionOf(opened), /^Move 3 photos to the trash\?/)
  assert.deepEqual(filesIn(folder), all, 'it was declined')
  await screenshots(opened, 'duplicates-marked')
  await page.getByTestId('marks-forget').click()

  // A folder that is preferred and protected: what lies in it stays.
  await page.getByTestId('kind-identical').click()
  await page.getByTestId('choose-preferred').click()
  await page.locator('[data-testid="preferred-choice"][data-path="album"]').click()
  await page.getByTestId('place-protect').click()
  await page.getByTestId('place-protect').getByText('Protected').waitFor()
  await looks(opened, 'duplicates-folders')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.keyboard.press('Escape')
  await cards(page).first().getByText('Protected').waitFor()
  await untilGroups(page, 'same', /0 groups/)
  await page.getByTestId('duplicates-left-out').getByText('4 photos in protected folders').waitFor()
  await page.getByTestId('keep-suggestion').click()
  await page.keyboard.press('Delete')
  await said(page, '2 photos were moved to the trash.')
  assert.deepEqual(filesIn(backup), [])
  await page.keyboard.press('Control+z')
  await said(page, '2 photos were put back.')
  assert.deepEqual(filesIn(folder), all)
  await page.getByTestId('choose-preferred').click()
  await page.getByTestId('place-remove').click()
  await page.keyboard.press('Escape')
  await untilGroups(page, 'same', /1 group/)
  await page.getByTestId('kind-same').click()
  await cards(page).first().waitFor()

  // No duplicates: remembered, also after a restart, until it is taken back.
  await page.keyboard.press('n')
  await page.getByTestId('duplicates-none').waitFor()
  await untilGroups(page, 'decided', /1 group/)
  await page.keyboard.press('Control+z')
  await untilGroups(page, 'same', /1 group/)
  await cards(page).first().waitFor()
  await page.keyboard.press('n')
  await untilGroups(page, 'decided', /1 group/)
  await opened.close()

  const again = await openApp(t, { home, env: { XDG_DATA_HOME: data } })
  await again.page.getByTestId('nav-duplicates').click()
  await untilGroups(again.page, 'same', /0 groups/)
  await again.page.getByTestId('kind-decided').click()
  await cards(again.page).nth(3).waitFor()
  await screenshots(again, 'duplicates-decided')
  await again.page.getByTestId('duplicates-after-all').click()
  await untilGroups(again.page, 'same', /1 group/)

  // The one that was to be kept leaves: none of those that were to go for it goes.
  await answering(again, folder)
  await again.page.getByTestId('kind-same').click()
  await cards(again.page).filter({ hasText: 'mirrored.jpg' }).getByRole('button').click()
  await again.page.getByTestId('throw-marked').getByText('Throw away 3 photos').waitFor()
  rmSync(join(album, 'mirrored.jpg'))
  await again.page.getByTestId('throw-marked').waitFor({ state: 'detached' })
  await cards(again.page).nth(3).waitFor({ state: 'detached' })
  await again.page.keyboard.press('Shift+Delete')
  await again.page.getByText('Nothing is to be thrown away here.').waitFor()
  assert.deepEqual(filesIn(folder), all.filter((name) => name !== 'mirrored.jpg'))
})
