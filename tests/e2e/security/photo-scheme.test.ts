// Checklist 18: photo:// in the running app serves indexed photos by id from inside their folder,
// and thumbnails by name from the library's, only.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  const { app, page, home } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  const tiles = page.getByTestId('tile')
  const ids = await tiles.evaluateAll((found) =>
    found.map((tile) => (tile instanceof HTMLElement ? Number(tile.dataset.photoId) : 0))
  )
  assert.equal(ids.length, paths.length)
  const names = paths.map((path) =>
    createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 32)
  )

  await t.test('indexed photos and their thumbnails are served', async () => {
    for (const id of ids)
      assert.ok([300, 400].includes(Number(await pictureIn(page, `photo://photo/${id}`))))
    for (const name of names)
      assert.ok(Number(await pictureIn(page, `photo://thumb/${name}`)) > 0)
  })

  await t.test('by no other name', async () => {
    const unknown = Math.max(...ids) + 1
    const [name = ''] = names
    const catalogue = join(home, 'config/Kindred/library/kindred.sqlite')
    const ofSecret = createHash('sha256').update(readFileSync(secret)).digest('hex').slice(0, 32)
    const hostile = [
      `photo://photo/${unknown}`,
      `photo://photo/${paths[0] ?? ''}`,
      `photo://photo/..%2f..%2f..%2f..${secret}`,
      `photo://photo/%2e%2e/%2e%2e${secret}`,
      `photo://photo/${encodeURIComponent(secret)}`,
      `photo://photo/C:%5CWindows%5Cweb%5Cwallpaper.jpg`,
      `photo://${secret}`,
      `photo://photo/${name}`,
      `photo://photo/${ids[0]}?v=1`,
      `photo://thumb/${ids[0]}`,
      `photo://thumb/${ofSecret}`, // a photo that is not in the library
      `photo://thumb/${'0'.repeat(32)}`,
      `photo://thumb/${name}.jpg`,
      `photo://thumb/${name.slice(0, 2)}/${name}.jpg`,
      `photo://thumb/${name}/../../${name}x`,
      `photo://thumb/..%2f..%2f..%2f..${secret}`,
      `photo://thumb/%2e%2e/%2e%2e/kindred.sqlite`,
      `photo://thumb/${encodeURIComponent(catalogue)}`,
      `file://${secret}`,
      `file://${paths[0] ?? ''}`
    ]
    for (const address of hostile) assert.equal(await pictureIn(page, address), 'refused', address)
  })

  await t.test('not a thumbnail that a link has taken the place of', async () => {
    const [name = ''] = names
    const path = join(home, 'config/Kindred/library/thumbnails', name.slice(0, 2), `${name}.jpg`)
    const status = (): Promise<number> =>
      app.evaluate(
        ({ net }, address) => net.fetch(address).then((answer) => answer.status),
        `photo://thumb/${name}`
      )
    assert.equal(await status(), 200)
    renameSync(path, join(outside, 'thumbnail'))
    symlinkSync(join(outside, 'thumbnail'), path)
    assert.equal(await status(), 403)
    rmSync(path)
    assert.equal(await status(), 200, 'made again')
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
