// Photos that wait, in the real app: a full disk and closed files are told calmly and once, can be
// tried at once, and are told no more when all is well. The disk is a real, small one.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'

const FIRST = 12
const MORE = 40
const CLOSED = 3
const ROOM = 2 ** 26

test('photos wait for a full disk, and for files that may not be opened', {
  skip: NO_SMALL_DISK || NO_FAULTY_FOLDER
}, async (t) => {
  const home = temporaryFolder(t, 'home')
  const disk = smallDisk(t, join(home, 'config/Kindred/library/thumbnails'), ROOM)
  const holiday = temporaryFolder(t, 'holiday')
  const [behind, photos] = [join(holiday, 'behind'), join(holiday, 'Holiday')]
  await makePhotos(behind, FIRST, { seed: 41, size: 240 })
  const folder = await faultyFolder(t, behind, photos)
  const opened = await openApp(t, { home, folders: [photos] })
  const { page } = opened
  await sized(page, 1280, 860)
  await page.getByTestId('tile').first().waitFor()
  await untilIndexed(page)
  assert.equal(await page.getByTestId('wait-bar').count(), 0)

  disk.leave(0)
  await makePhotos(behind, MORE, { seed: 42, size: 240 })
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('rescan').click()
  const bar = page.getByTestId('wait-bar')
  await bar.getByText(`${MORE} photos wait: the disk is full.`).waitFor()
  assert.match(await bar.innerText(), /Make room; it goes on by itself\./)
  await page.getByTestId('nav-photos').click()
  await looks(opened, 'waiting-bar')
  await assertAccessible(page)
  await page.getByTestId('try-now').click()
  await bar.getByText('the disk is full').waitFor()
  await page.getByTestId('nav-failures').click()
  await page.getByTestId('waits').getByText('the disk is full').waitFor()
  await looks(opened, 'waiting-list')

  disk.leave(ROOM)
  await page.getByTestId('waits').waitFor({ state: 'detached' })
  await page.getByTestId('failures-none').waitFor()
  await page.getByTestId('nav-photos').click()
  await untilIndexed(page)
  await page.getByTestId('nav-photos').getByText(`${FIRST + MORE}`).waitFor()
  await looks(opened, 'waiting-well')

  folder.refuse('open', 'EACCES')
  await makePhotos(behind, CLOSED, { seed: 43, size: 240 })
  writeFileSync(join(behind, 'torn.jpg'), 'no photo') // it cannot be opened either
  await page.getByTestId('nav-folders').click()
  await page.getByTestId('rescan').click()
  await bar
    .getByText(`${CLOSED + 1} photos of “Holiday” wait: reading is not allowed.`)
    .waitFor()
  folder.obey()
  await page.getByTestId('nav-photos').click()
  // It may be tried by itself just now, and the bar with its button be gone.
  const pressed = page.getByTestId('try-now').click().catch(() => undefined)
  await Promise.race([pressed, bar.waitFor({ state: 'detached' })])
  await bar.waitFor({ state: 'detached' })
  await page.getByTestId('nav-failures').click()
  await page.getByTestId('failure-reason').getByText('The file is damaged').waitFor()
  await looks(opened, 'failed-one')
  await assertAccessible(page)
})
