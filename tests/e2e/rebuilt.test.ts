// A damaged catalogue in the real app: photos and favourites are back by themselves, and a line at
// the top of the window says what happened until it was read.
import assert from 'node:assert/strict'
import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const PHOTOS = 24

test('a damaged catalogue is replaced, and the page says so once', async (t) => {
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, PHOTOS, { seed: 51, size: 240 })
  const library = join(home, 'config/Kindred/library')
  const first = await openApp(t, { home, folders: [folder] })
  await untilIndexed(first.page)
  assert.equal(await first.page.getByTestId('rebuilt').count(), 0)
  await first.close()
  const second = await openApp(t, { home }) // at its start there is something to be copied
  await untilIndexed(second.page)
  await second.close()
  assert.equal(readdirSync(join(library, 'copies')).length, 1)

  truncateSync(join(library, 'kindred.sqlite'), 10_000)
  const opened = await openApp(t, { home })
  const { page } = opened
  await sized(page, 1280, 860)
  const band = page.getByTestId('rebuilt')
  await band.getByText('The catalogue was damaged: your folders and favourites are back').waitFor()
  await page.getByTestId('tile').nth(11).waitFor()
  await untilIndexed(page)
  await page.getByTestId('nav-photos').getByText(`${PHOTOS}`).waitFor()
  await looks(opened, 'rebuilt')
  await assertAccessible(page)
  const [kept = ''] = readdirSync(library).filter((name) => name.startsWith('kindred-damaged-'))
  assert.match(await band.innerText(), new RegExp(kept.replace(/-(wal|shm)$/, '')))
  await page.getByTestId('hide-rebuilt').click()
  await band.waitFor({ state: 'detached' })
  await opened.close()

  const last = await openApp(t, { home })
  await last.page.getByTestId('tile').nth(11).waitFor()
  assert.equal(await last.page.getByTestId('rebuilt').count(), 0)
  await last.close()
})
