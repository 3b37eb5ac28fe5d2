// Kills the engine, compute, the decoder and the page of the real app while it indexes, twenty
// times at random moments (the seed is told). The app goes on by itself and ends complete. About a
// minute.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import type { ElectronApplication } from 'playwright-core'
import { MOST_FAILED_STARTS } from '../../../main/wire/backoff.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { openApp, temporaryFolder, type ProcessName } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

const FIRST_PHOTOS = 120
const MORE_PHOTOS = 12 // before each kill, so that there is always something to be lost
const LONGEST_WAIT = 3000 // ms before a kill
const QUIET = 4000 // ms without work, longer than a watched file is waited for
// One that ends five times while it starts is given up, and a slow machine may start it as slowly.
const KILLS: readonly [ProcessName, number][] = [
  ['engine', MOST_FAILED_STARTS - 1],
  ['compute', MOST_FAILED_STARTS - 1],
  ['decoder', MOST_FAILED_STARTS - 1],
  ['page', 8]
]

interface Sight {
  photos: number // as the page counts them
  isBusy: boolean
  hasError: boolean
}

/**
 * What the page shows. Asked through app: Playwright's own line to a page does not outlive its
 * process.
 */
async function look(app: ElectronApplication): Promise<Sight | undefined> {
  return await app.evaluate(async ({ BrowserWindow }) => {
    const page = BrowserWindow.getAllWindows().find((window) =>
      window.webContents.getURL().startsWith('app://kindred/')
    )
    if (!page || page.webContents.isCrashed() || page.webContents.isLoading()) return undefined
    // A page that is killed meanwhile never answers.
    const silence = new Promise<undefined>((resolve) => setTimeout(resolve, 1000))
    const answer = page.webContents.executeJavaScript(`(() => {
      const one = (id) => document.querySelector('[data-testid="' + id + '"]')
      return {
        photos: Number((one('nav-photos')?.textContent ?? '').replace(/\\D/g, '')),
        isBusy: one('indexing-bar') !== null,
        hasError: one('library-error') !== null
      }
    })()`) as Promise<Sight>
    return await Promise.race([answer, silence])
  })
}

/** Waits until the page has shown all photos and no work for a while. */
async function untilComplete(app: ElectronApplication, photos: number): Promise<void> {
  let since = Date.now()
  while (Date.now() - since < QUIET) {
    await wait(200)
    const seen = await look(app)
    if (!seen || seen.isBusy || seen.photos !== photos) since = Date.now()
  }
}

test('twenty kills at random moments lose nothing', async (t) => {
  const seed = Number(process.env.KINDRED_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`seed ${seed} (KINDRED_SEED=${seed} repeats the moments)`)
  const random = seededRandom(seed)
  const folder = temporaryFolder(t, 'photos')
  const paths = await makePhotos(folder, FIRST_PHOTOS, { size: 240 })
  const opened = await openApp(t, { folders: [folder] })
  const { app } = opened
  const order: ProcessName[] = []
  await app.evaluate(({ BrowserWindow }) => {
    const complaints: string[] = []
    Object.assign(globalThis, { complaints })
    for (const window of BrowserWindow.getAllWindows())
      window.webContents.on('console-message', (_event, level, message) => {
        if (level >= 3) complaints.push(message)
      })
  })

  const targets = KILLS.flatMap(([name, times]) => new Array<ProcessName>(times).fill(name))
  for (let kill = 0; targets.length > 0; kill++) {
    const more = { seed: 2 + kill, size: 240 }
    paths.push(...(await makePhotos(folder, MORE_PHOTOS, more)))
    await wait(random() * LONGEST_WAIT)
    const [target = 'engine'] = targets.splice(Math.floor(random() * targets.length), 1)
    // It may be on its way up from the kill before: then as soon as it is there.
    while (!(await opened.kill(target))) await wait(20)
    order.push(target)
    const seen = await look(app)
    assert.notEqual(seen?.hasError, true, 'the page stays calm')
  }
  t.diagnostic(`killed: ${order.join(', ')}`)
  await untilComplete(app, paths.length)
  const complaints = await app.evaluate(
    () => (globalThis as { complaints?: string[] }).complaints ?? []
  )
  await opened.close()
  assert.deepEqual(complaints, [], 'no script of the page failed')

  const file = join(opened.home, 'config/Kindred/library/kindred.sqlite')
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const rows = (sql: string): Record<string, unknown>[] =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...(row as Record<string, unknown>) }))
  assert.deepEqual(rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
  assert.deepEqual(
    rows('SELECT status, fault, count(*) AS photos FROM photos GROUP BY 1, 2'),
    [{ status: 'indexed', fault: null, photos: paths.length }]
  )
  const known = new Set(rows('SELECT hash FROM photos').map(({ hash }) => hash))
  for (const path of paths)
    assert.ok(known.has(createHash('sha256').update(readFileSync(path)).digest('hex')), path)
  const [whole] = rows(`SELECT
    (SELECT count(*) FROM features) AS features,
    (SELECT count(*) FROM encodings WHERE model IN
      (SELECT id FROM models WHERE state = 'serving')) AS encodings,
    (SELECT count(*) FROM models WHERE state = 'serving') AS models`)
  assert.deepEqual(whole, { features: paths.length, encodings: paths.length, models: 1 })
})
