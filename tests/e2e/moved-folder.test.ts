// A folder that lies elsewhere now is located by hand in the window, and goes on as it was.
import assert from 'node:assert/strict'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openApp, temporaryFolder } from '../support/electron.ts'
import { looks } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

test('a person says where a folder lies now; one within it is part of it', async (t) => {
  const place = temporaryFolder(t, 'place')
  const [folder, moved] = [join(place, 'Pictures'), join(place, 'elsewhere', 'Photos')]
  await makePhotos(join(folder, '2024'), 6, { seed: 31, size: 160 })
  const opened = await openApp(t, { folders: [folder] })
  const { app, page } = opened
  await page.getByTestId('tile').nth(5).waitFor()
  mkdirSync(join(place, 'elsewhere'))
  renameSync(folder, moved)
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('rescan').click()
  await page.getByTestId('folder-absent').waitFor()
  await looks(opened, 'folder-absent')

  const choose = (path: string): Promise<void> =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
    }, path)
  const other = join(place, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'a.txt'), 'no photo')
  await choose(other)
  await page.getByTestId('folder-locate').click()
  await page.getByText('none of its photos are there').waitFor()
  await choose(moved)
  await page.getByTestId('folder-locate').click()
  await page.getByTestId('folder-absent').waitFor({ state: 'detached' })
  const found = { hasText: /Photos[^]*elsewhere[^]*6 photos/ }
  await page.getByTestId('folder').filter(found).waitFor()

  await choose(join(moved, '2024'))
  await page.getByTestId('folders-add').click()
  await page.getByText('It is part of “Photos” already.').waitFor()
  assert.equal(await page.getByTestId('folder').count(), 1)
})
