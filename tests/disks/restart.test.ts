// Attempts survive a restart: photos that wait, each by itself or with all of its folder, are not
// tried at once by the next engine, though they could be read by then, but when their time has
// come; and who is refused again waits longer than the first time. The errors are real ones.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import * as v from 'valibot'
import { CATALOGUE_FILE } from '../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../main/catalogue/database.ts'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from '../support/compute.ts'
import { atEnd } from '../support/endings.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import { makePhotos } from '../support/photos.ts'
import { isWell, whenProgress } from '../support/waiting.ts'

const CLOSED = 3 // photos that may not be opened: each waits by itself
const BROKEN = 12 // of a folder whose disk gives errors: it waits as a whole
const HOUR = 3600_000

/** No test takes so long: an attempt that comes before was not in its time. */
const each = { first: HOUR, most: 8 * HOUR }
const HOURS = { photo: each, folder: each, library: each, program: each }

const home = mkdtempSync(join(tmpdir(), 'kindred-restart-'))
after(() => rmSync(home, { recursive: true, force: true }))

interface Opened {
  engine: Engine
  close(): Promise<void>
}

/** Engine and compute as after a start of the app; they have looked through the folders. */
async function opened(context: TestContext, library: string): Promise<Opened> {
  const engine = await createEngine({ library, watch: false, settle: 0, spacing: HOURS })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  let closing: Promise<void> | undefined
  async function end(): Promise<void> {
    await engine.close()
    await compute.stop()
  }
  const close = (): Promise<void> => (closing ??= end())
  atEnd(context, close)
  await engine.rescan()
  await engine.idle()
  return { engine, close }
}

const Row = v.object({ name: v.string(), attempts: v.number(), retryAt: v.number() })

/** What waits, as it is kept: folders and photos, by name. */
function waiting(library: string): v.InferOutput<typeof Row>[] {
  const database = openDatabase(join(library, CATALOGUE_FILE), { readOnly: true })
  try {
    return database
      .query(
        `SELECT name, attempts, retry_at AS retryAt FROM folders WHERE retry_at IS NOT NULL
         UNION ALL SELECT name, attempts, retry_at FROM photos WHERE retry_at IS NOT NULL
         ORDER BY name`,
        Row
      )
      .all()
  } finally {
    database.close()
  }
}

/** As if so much time went by while Kindred is closed. */
function pass(library: string, milliseconds: number): void {
  const database = openDatabase(join(library, CATALOGUE_FILE))
  for (const table of ['folders', 'photos'])
    database.script(`UPDATE ${table} SET retry_at = retry_at - ${milliseconds}`)
  database.close()
}

test('what waits does so across restarts', { skip: NO_FAULTY_FOLDER }, async (context) => {
  const library = join(home, 'library')
  const path = (...names: string[]): string => join(home, ...names)
  await makePhotos(path('behind-closed'), CLOSED, { seed: 61, size: 64 })
  await makePhotos(path('behind-broken'), BROKEN, { seed: 62, size: 64 })
  const closed = await faultyFolder(context, path('behind-closed'), path('closed'))
  const broken = await faultyFolder(context, path('behind-broken'), path('broken'))
  const refuse = (): void => {
    closed.refuse('open', 'EACCES')
    broken.refuse('read', 'EIO')
  }
  const obey = (): void => {
    closed.obey()
    broken.obey()
  }

  refuse()
  const first = await opened(context, library)
  for (const folder of ['closed', 'broken']) await first.engine.addFolder(path(folder))
  await first.engine.idle()
  const told = first.engine.progress().waits.map(({ fault, folder, photos }) => [
    fault.about,
    folder,
    photos
  ])
  assert.deepEqual(told.sort(), [
    ['folder', 'broken', BROKEN],
    ['photo', 'closed', CLOSED]
  ])
  await first.close()
  const before = waiting(library)
  assert.ok(before.length > CLOSED && before.every(({ attempts }) => attempts === 1))

  obey()
  const second = await opened(context, library)
  assert.deepEqual(waiting(library), before, 'none was tried')
  assert.deepEqual([second.engine.status().indexed, second.engine.status().failed], [0, 0])
  assert.equal(second.engine.progress().waits.length, 2, 'it is told as before')
  await second.close()

  refuse()
  pass(library, HOUR)
  const began = Date.now()
  const third = await opened(context, library)
  await third.close()
  const again = waiting(library).filter(({ attempts }) => attempts === 2)
  const names = again.map(({ name }) => name)
  assert.ok(names.includes('broken'), String(names))
  assert.equal(names.filter((name) => /^photo-61/.test(name)).length, CLOSED)
  for (const { name, retryAt } of again) assert.ok(retryAt >= began + 2 * HOUR, name)

  obey()
  pass(library, 2 * HOUR)
  const fourth = await opened(context, library)
  await whenProgress(fourth.engine, isWell)
  const { photos, indexed, failed } = fourth.engine.status()
  assert.deepEqual([photos, indexed, failed], [CLOSED + BROKEN, CLOSED + BROKEN, 0])
  assert.deepEqual(waiting(library), [])
})
