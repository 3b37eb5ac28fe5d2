// What of a folder is left out is chosen in its row, and taken back there; the grid follows.
import { join } from 'node:path'
import test from 'node:test'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, looks } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

test('subfolders and small photos are left out and taken back', async (t) => {
  const folder = join(temporaryFolder(t, 'place'), 'Pictures')
  await makePhotos(join(folder, '2024', 'Summer by the sea'), 4, { seed: 41, size: 160 })
  await makePhotos(join(folder, '2024', 'Winter'), 3, { seed: 42, size: 160 })
  await makePhotos(join(folder, 'Screenshots'), 5, { seed: 43, size: 160 })
  await makePhotos(join(folder, 'Icons'), 2, { seed: 44, size: 32 })
  await makePhotos(join(folder, '.Trash-1000'), 1, { seed: 45, size: 32 })
  await makePhotos(join(folder, '.hidden'), 1, { seed: 46, size: 32 })
  const opened = await openApp(t, { folders: [folder] })
  const { page } = opened
  await untilIndexed(page)
  await page.getByTestId('nav-folders').click()
  const row = page.getByTestId('folder')
  await row.getByText('14 photos').waitFor()
  await row.getByText('1 hidden folder is left out: “.hidden”.').waitFor()
  await row.getByText('1 bin, snapshot or cache is left out: “.Trash-1000”.').waitFor()

  await page.getByTestId('folder-leave-out').click()
  const box = (path: string) => page.locator(`[data-path="${path}"] input`)
  await box('Screenshots').click()
  await box('2024/Winter').click()
  await page.locator('[data-path="Screenshots"]').getByText('left out, 5 photos').waitFor()
  await page.locator('[data-path="2024"]').getByText('4 photos').waitFor()
  await page.getByTestId('least-pixels').fill('100')
  await page.keyboard.press('Enter')
  await page.locator('[data-path="Icons"]').waitFor({ state: 'detached' })
  await looks(opened, 'leave-out')
  await assertAccessible(page)
  await page.getByTestId('leave-out-close').click()
  await row.getByText('4 photos', { exact: true }).waitFor()
  await row.getByText('2 subfolders are left out, as you said, the first “2024/Winter”.').waitFor()
  await row.getByText('2 photos are too small, the first “Icons/').waitFor()
  await looks(opened, 'folders-left-out')
  await assertAccessible(page)

  await page.getByTestId('folder-leave-out').click()
  await box('2024').click()
  await page.locator('[data-path="2024"]').getByText('left out').waitFor()
  await page.locator('[data-path="2024/Winter"] input:disabled').waitFor()
  await box('2024').click()
  await box('2024/Winter').click()
  await box('Screenshots').click()
  await page.getByTestId('least-pixels').fill('0')
  await page.keyboard.press('Tab')
  await page.locator('[data-path="Icons"]').getByText('2 photos').waitFor()
  await page.locator('[data-path="Screenshots"]').getByText('5 photos', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await row.getByText('14 photos').waitFor()
})
