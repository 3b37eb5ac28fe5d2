// Checklist 18: photo:// in the running app serves indexed photos by id from inside their folder,
// only.
import test from 'node:test'
import assert from 'node:assert/strict'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

/** The width of a picture as the page gets it, or 'refused'. Each asks anew, past any cache. */
function pictureIn(page: Page, address: string): Promise<number | 'refused'> {
  return page.evaluate(
    (from) =>
      new Promise<number | 'refused'>((resolve) => {
        const image = new Image()
        image.onload = () => resolve(image.naturalWidth)
        image.onerror = () => resolve('refused')
        image.src = from
      }),
    address
  )
}

test('the page gets pictures by id, and nothing by any other name', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const outside = temporaryFolder(t, 'outside')
  const paths = await makePhotos(folder, 6, { size: 400 })
  const [secret = ''] = await makePhotos(outside, 1, { seed: 9 })
  const { app, page } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  const tiles = page.getByTestId('tile')
  const ids = await tiles.evaluateAll((found) =>
    found.map((tile) => (tile instanceof HTMLElement ? Number(tile.dataset.photoId) : 0))
  )
  assert.equal(ids.length, paths.length)
  let version = 0
  const fresh = (what: 'thumb' | 'photo', id: number): string =>
    `photo://${what}/${id}?v=${++version}`

  await t.test('indexed photos and their thumbnails are served', async () => {
    for (const id of ids) {
      assert.ok([300, 400].includes(Number(await pictureIn(page, fresh('photo', id)))))
      assert.ok(Number(await pictureIn(page, fresh('thumb', id))) > 0)
    }
  })

  await t.test('by no other name', async () => {
    const unknown = Math.max(...ids) + 1
    const hostile = [
      `photo://photo/${unknown}`,
      `photo://thumb/${unknown}`,
      `photo://photo/${paths[0] ?? ''}`,
      `photo://photo/..%2f..%2f..%2f..${secret}`,
      `photo://photo/%2e%2e/%2e%2e${secret}`,
      `photo://photo/${encodeURIComponent(secret)}`,
      `photo://photo/C:%5CWindows%5Cweb%5Cwallpaper.jpg`,
      `photo://${secret}`,
      `photo://thumb/${ids[0]}/../../${ids[0]}x`,
      `file://${secret}`,
      `file://${paths[0] ?? ''}`
    ]
    for (const address of hostile) assert.equal(await pictureIn(page, address), 'refused', address)
  })

  await t.test('not a photo that a link has taken the place of', async () => {
    const path = paths[0] ?? ''
    const statuses = (): Promise<number[]> =>
      app.evaluate(
        ({ net }, all) =>
          Promise.all(
            all.map((id) => net.fetch(`photo://photo/${id}`).then(({ status }) => status))
          ),
        ids
      )
    assert.deepEqual(await statuses(), Array(ids.length).fill(200))
    renameSync(path, join(outside, 'moved'))
    symlinkSync(secret, path)
    const after = (await statuses()).sort()
    assert.ok(after[5] === 403 || after[5] === 404, `the link: ${after.join(', ')}`)
    assert.deepEqual(after.slice(0, 5), Array(5).fill(200))
    rmSync(path)
    writeFileSync(path, 'x')
  })
})
