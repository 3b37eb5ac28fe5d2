// Hands on the files in the real app: by menu, keys and palette photos are selected, rated, moved,
// copied, thrown away and taken back; real files move, and the system's own trash takes them. The
// system's dialogs and its drag are answered at Electron's boundary.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import type { OpenedApp } from '../support/electron.ts'
import { answering, askedOf, filesIn, idOf, menuOf } from '../support/file-hands.ts'
import { questionOf, said, sizeOnClipboard, tiles, untilPhotos } from '../support/file-hands.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const PHOTOS = 24

/** Stars and heart of a tile. */
const marksOf = (page: Page, place: number) => tiles(page).nth(place).getByTestId('tile-marks')

/** Pictures of the menu; it closes when the window gets another size. */
async function menuLooks(opened: OpenedApp): Promise<void> {
  const { page } = opened
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [900, 1400]) {
      await sized(page, width, 860)
      await tiles(page).first().click({ button: 'right' })
      await page.getByTestId('photo-menu').waitFor()
      await opened.screenshot(`photo-menu-${width}-${colorScheme}`)
      await assertAccessible(page)
      await page.keyboard.press('Escape')
      await page.getByTestId('photo-menu').waitFor({ state: 'detached' })
    }
  }
  await page.emulateMedia({ colorScheme: null })
  await sized(page, 1280, 860)
}

test('photos are selected, rated, moved, thrown away and taken back', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  const paths = await makePhotos(folder, PHOTOS, { seed: 41, size: 240 })
  // A copy of the first: it may go without a question.
  const copy = join(folder, `copy of ${basename(paths[0]!)}`)
  copyFileSync(paths[0]!, copy)
  const all = filesIn(folder)
  const elsewhere = temporaryFolder(t, 'elsewhere')
  const inside = join(folder, 'chosen')
  mkdirSync(inside)
  const data = join(home, 'data')
  mkdirSync(data)

  const env = { XDG_DATA_HOME: data }
  const opened = await openApp(t, { folders: [folder], home, env })
  const { page, app } = opened
  await sized(page, 1280, 860)
  await tiles(page).first().waitFor()
  await untilIndexed(page)
  await untilPhotos(page, PHOTOS + 1)
  await answering(opened, inside)

  // By keyboard: a range, all, nothing; a mark on a Russian keyboard, whose F writes another sign.
  await tiles(page).first().focus()
  await page.keyboard.press('Home') // from wherever the grid was when more photos came
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.getByTestId('selection-bar').getByText('3 photos selected').waitFor()
  await page.keyboard.press('Shift+ArrowLeft')
  await page.getByTestId('selection-bar').getByText('2 photos selected').waitFor()
  await page.keyboard.press('4')
  await page.getByTestId('tile-marks').nth(1).waitFor()
  await page.evaluate(() =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'а', code: 'KeyF', bubbles: true, cancelable: true })
    )
  )
  for (const place of [0, 1]) await marksOf(page, place).locator('svg').waitFor()
  await page.keyboard.press('Control+a')
  await page.getByTestId('selection-bar').getByText(`${PHOTOS + 1} photos selected`).waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('selection-bar').waitFor({ state: 'detached' })

  // What is meant by a menu is shown to the system, and not to the page.
  await menuLooks(opened)
  await menuOf(page, 0, 'show')
  await menuOf(page, 0, 'open')
  await menuOf(page, 0, 'copy-path')
  await said(page, 'The path is on the clipboard.')
  let { shown, opened: open } = await askedOf(opened)
  while (shown.length + open.length < 2) ({ shown, opened: open } = await askedOf(opened))
  const path = await app.evaluate(({ clipboard }) => clipboard.readText())
  assert.ok([...paths, copy].includes(path))
  assert.deepEqual([shown, open], [[path], [path]])
  const inPage = await page.evaluate(() => document.documentElement.outerHTML)
  assert.ok(!inPage.includes(folder), 'the page knows no path')

  // The picture itself, as large as it is.
  await app.evaluate(({ clipboard }) => clipboard.clear())
  await tiles(page).first().focus()
  await page.keyboard.press('Control+c')
  await page.getByTestId('notice').getByText('The picture is on the clipboard.').waitFor()
  let copied = 0
  while (copied === 0) copied = await sizeOnClipboard(opened)
  assert.equal(copied, 240)

  // Several are dragged out as files.
  await tiles(page).nth(0).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await tiles(page).nth(1).dispatchEvent('dragstart')
  let dragged: string[][] = []
  while (dragged.length === 0) dragged = (await askedOf(opened)).dragged
  assert.equal(dragged[0]?.length, 2)
  assert.ok(dragged[0]?.every((file) => existsSync(file)))
  await page.mouse.move(5, 5)

  // Two move into a folder of the library: same photos, same marks, nothing described again.
  const [first, second] = [await idOf(page, 0), await idOf(page, 1)]
  await page.keyboard.press('m')
  await said(page, '2 photos were moved.')
  assert.equal(filesIn(inside).length, 2)
  assert.deepEqual(filesIn(folder), all)
  assert.deepEqual([await idOf(page, 0), await idOf(page, 1)], [first, second])
  for (const place of [0, 1]) await marksOf(page, place).waitFor()
  await looks(opened, 'files-moved')
  await sized(page, 1280, 860)
  await page.getByTestId('file-undo').click()
  await said(page, '2 photos were put back.')
  assert.deepEqual(filesIn(inside), [])

  // Out of the library: they leave it, and come back by a key.
  await answering(opened, elsewhere)
  await tiles(page).nth(2).focus()
  await page.keyboard.press('m')
  await said(page, '1 photo was moved.')
  await untilPhotos(page, PHOTOS)
  await page.keyboard.press('Control+z')
  await said(page, '1 photo was put back.')
  await untilPhotos(page, PHOTOS + 1)
  await tiles(page).nth(2).focus()
  await page.keyboard.press('c')
  await said(page, '1 photo was copied.')
  assert.equal(filesIn(elsewhere).length, 1)
  assert.deepEqual(filesIn(folder), all)

  // To the trash: a copy goes without a question, the last one of a photo only if that is wanted.
  await answering(opened, elsewhere, false)
  const twin = page.locator(`[data-testid="tile"][aria-label^="copy of"]`)
  await twin.focus()
  await page.keyboard.press('Delete')
  await said(page, '1 photo was moved to the trash.')
  await untilPhotos(page, PHOTOS)
  await page.waitForFunction(() => document.activeElement?.matches('[data-testid="tile"]'))
  assert.deepEqual((await askedOf(opened)).questions, [])
  assert.ok(!existsSync(copy))
  assert.deepEqual(filesIn(join(data, 'Trash/files')), [basename(copy)])
  await page.getByTestId('file-undo').click()
  await said(page, '1 photo was put back.')
  await untilPhotos(page, PHOTOS + 1)
  assert.ok(existsSync(copy))
  assert.deepEqual(filesIn(join(data, 'Trash')), [])

  await tiles(page).nth(3).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Delete')
  assert.match(await questionOf(opened), /^Move 2 photos to the trash\? Of/)
  assert.deepEqual(filesIn(folder), all, 'it was declined')
  await answering(opened, elsewhere)
  await page.keyboard.press('Delete')
  await said(page, '2 photos were moved to the trash.')
  await untilPhotos(page, PHOTOS - 1)
  await page.keyboard.press('Control+z')
  await said(page, '2 photos were put back.')
  await untilPhotos(page, PHOTOS + 1)
  assert.deepEqual(filesIn(folder), all)

  await page.keyboard.press('?')
  await page.getByTestId('shortcuts').waitFor()
  await looks(opened, 'shortcuts')
  await assertAccessible(page)
  await sized(page, 1280, 860)
  await page.keyboard.press('Escape')
  await tiles(page).first().focus()
  await page.keyboard.press('Control+k')
  await page.getByTestId('palette-text').fill('move')
  await page.getByTestId('palette-move').waitFor()
  await looks(opened, 'palette')
  await assertAccessible(page)
  await page.keyboard.press('Escape')
})

test('what was done is taken back after a restart, or it is said why not', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  const elsewhere = temporaryFolder(t, 'elsewhere')
  await makePhotos(folder, 4, { seed: 43, size: 160 })
  const all = filesIn(folder)
  const env = { XDG_DATA_HOME: join(home, 'data') }
  const first = await openApp(t, { folders: [folder], home, env })
  await first.page.getByTestId('tile').first().waitFor()
  await untilIndexed(first.page)
  await untilPhotos(first.page, 4)
  await answering(first, elsewhere)
  const ids = [await idOf(first.page, 0), await idOf(first.page, 1)]
  await tiles(first.page).nth(0).focus()
  await first.page.keyboard.press('m')
  await said(first.page, '1 photo was moved.')
  await untilPhotos(first.page, 3)
  await tiles(first.page).nth(0).focus()
  await first.page.keyboard.press('Delete')
  await said(first.page, '1 photo was moved to the trash.')
  await untilPhotos(first.page, 2)
  await first.close()

  const { page } = await openApp(t, { home, env })
  await untilPhotos(page, 2)
  await page.keyboard.press('Control+z')
  await said(page, '1 photo was put back.')
  await untilPhotos(page, 3)
  const [moved] = filesIn(elsewhere)
  rmSync(join(elsewhere, moved!))
  await page.keyboard.press('Control+z')
  await said(page, 'It is not where it was.')
  await page.keyboard.press('Control+z')
  await page.getByTestId('notice').getByText('There is nothing to undo.').waitFor()
  await untilPhotos(page, 3)
  assert.deepEqual(filesIn(folder), all.filter((name) => name !== moved))
  assert.equal(await idOf(page, 0), ids[1], 'the same photo as before')
})
