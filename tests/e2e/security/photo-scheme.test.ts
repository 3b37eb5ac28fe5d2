// Checklist 18: photo:// in the running app serves thumbnails by name from the library's folder,
// and what the decoder's sandbox makes of indexed photos by the name of their content; no address,
// of whatever scheme, has a photo's own bytes loaded as an image.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openApp, temporaryFolder, untilIndexed } from '../../support/electron.ts'
import { assertOfPixels } from '../../support/decoding.ts'
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

test('the page gets pictures that were made of photos, and no photo itself', async (t) => {
  const folder = temporaryFolder(t, 'photos')
  const outside = temporaryFolder(t, 'outside')
  const paths = await makePhotos(folder, 6, { size: 400 })
  const [secret = ''] = await makePhotos(outside, 1, { seed: 9 })
  const { app, page, home } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  const tiles = page.getByTestId('tile')
  await tiles.nth(paths.length - 1).waitFor()
  const ids = await tiles.evaluateAll((found) =>
    found.map((tile) => (tile instanceof HTMLElement ? Number(tile.dataset.photoId) : 0))
  )
  assert.equal(ids.length, paths.length)
  const names = paths.map((path) =>
    createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 32)
  )

  await t.test('of indexed photos: thumbnails, large pictures and parts', async () => {
    for (const name of names) {
      assert.ok(Number(await pictureIn(page, `photo://thumb/${name}`)) > 0)
      assert.ok([300, 400].includes(Number(await pictureIn(page, `photo://large/${name}/720`))))
      assert.ok([300, 400].includes(Number(await pictureIn(page, `photo://part/${name}/0-0-0`))))
    }
  })

  await t.test('they are made of pixels: no byte of a photo is in them', async () => {
    for (const [i, name] of names.entries())
      for (const address of [`photo://large/${name}/720`, `photo://part/${name}/0-0-0`]) {
        const served = await app.evaluate(async ({ net }, from) => {
          const answer = await net.fetch(from)
          return [answer.headers.get('content-type'), [...new Uint8Array(await answer.arrayBuffer())]]
        }, address)
        const [type, bytes] = served
        assert.equal(type, 'image/jpeg', address)
        assertOfPixels(Uint8Array.from(bytes as number[]), readFileSync(paths[i]!), address)
      }
  })

  await t.test('a photo’s bytes that the page has make no image element show them', async () => {
    const bytes = [...readFileSync(paths[0]!)]
    const shown = await page.evaluate(async (file) => {
      const blob = new Blob([Uint8Array.from(file)], { type: 'image/jpeg' })
      const data = `data:image/jpeg;base64,${btoa(String.fromCharCode(...file))}`
      const load = (address: string): Promise<string> =>
        new Promise((resolve) => {
          const image = new Image()
          image.onload = () => resolve(`shown: ${address.slice(0, 20)}`)
          image.onerror = () => resolve('refused')
          image.src = address
        })
      return Promise.all([load(URL.createObjectURL(blob)), load(data)])
    }, bytes)
    assert.deepEqual(shown, ['refused', 'refused'])
  })

  await t.test('by no other name', async () => {
    const [name = ''] = names
    const catalogue = join(home, 'config/Kindred/library/kindred.sqlite')
    const ofSecret = createHash('sha256').update(readFileSync(secret)).digest('hex').slice(0, 32)
    const hostile = [
      ...ids.map((id) => `photo://photo/${id}`),
      ...ids.map((id) => `photo://large/${id}/720`),
      `photo://large/${ofSecret}/720`, // a photo that is not in the library
      `photo://part/${ofSecret}/0-0-0`,
      `photo://large/${'0'.repeat(32)}/720`,
      `photo://large/${name}/721`,
      `photo://large/${name}/720?v=1`,
      `photo://large/${name}`,
      `photo://part/${name}/0-9-0`,
      `photo://large/..%2f..%2f..%2f..${secret}/720`,
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
            all.map((name) => net.fetch(`photo://large/${name}/720`).then(({ status }) => status))
          ),
        names
      )
    assert.deepEqual(await statuses(), Array(names.length).fill(200))
    renameSync(path, join(outside, 'moved'))
    symlinkSync(secret, path)
    assert.deepEqual(await statuses(), [404, ...Array(names.length - 1).fill(200)])
    rmSync(path)
    writeFileSync(path, 'x')
  })
})
