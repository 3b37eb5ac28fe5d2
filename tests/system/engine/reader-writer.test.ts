// The reader beside the writer: it answers while the writer is at something long, knows just what
// was committed, and their thread, lock and files are left in order however the engine ends.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { CATALOGUE_FILE, holdLibrary, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { lookInto } from '../../../main/engine/look-only.ts'
import { connect } from '../../../main/wire/channel.ts'
import type { Client } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { portPair } from '../../../main/wire/port.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../../model/retrieval.ts'
import { endOf } from '../../support/child-end.ts'
import { ask, fileFacts, hashOf, kinOf, temporaryFolder } from '../../support/library.ts'
import { nicenessOf } from '../../support/priorities.ts'
import { clusteredFeatures, fitted } from '../../support/quantizers.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'
import { until } from '../../support/until.ts'

const PHOTOS = 300
const D = 32
const features = clusteredFeatures(PHOTOS, D, 10)

/** A library of photos on a drive that is unplugged, and their ids; a model serves. */
async function libraryOf(context: TestContext): Promise<{ library: string; ids: number[] }> {
  const library = temporaryFolder(context)
  const quantizer = await fitted(PHOTOS, D)
  const encoded = await encode(quantizer, features, multiplyReference)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add(join(library, 'unplugged'), 'photos')
  const model = catalogue.models.add('first', serialiseQuantizer(quantizer), 0)
  const rowOf = <T extends Uint16Array | Uint8Array>(rows: T, row: number): T =>
    rows.slice((row * rows.length) / PHOTOS, ((row + 1) * rows.length) / PHOTOS) as T
  const ids = catalogue.transaction(() =>
    Array.from({ length: PHOTOS }, (_, row) => {
      const name = `${row}.jpg`
      const id = catalogue.files.insert(folder, '', fileFacts(name), 0)
      const size = { width: 4, height: 3, capturedAt: null }
      catalogue.work.describe(catalogue.work.task(id)!, { hash: hashOf(name), ...size })
      catalogue.vectors.putFeature(id, quantizer.backbone, rowOf(features, row))
      catalogue.vectors.putEncoding(id, model, {
        projected: rowOf(encoded.projected, row),
        descriptor: rowOf(encoded.descriptors, row),
        code: rowOf(encoded.codes, row)
      })
      return id
    })
  )
  assert.ok(catalogue.models.swap(model))
  // No compute is there to make fingerprints: nothing is left to compare.
  const { fingerprints } = catalogue
  for (const { id } of fingerprints.waiting(PHOTOS)) fingerprints.setCompared(id)
  catalogue.close()
  return { library, ids }
}

async function opened(
  context: TestContext
): Promise<{ engine: Engine; page: Client<EngineContract>; library: string; ids: number[] }> {
  const { library, ids } = await libraryOf(context)
  const engine = await createEngine({ library, watch: false, settle: 0 })
  context.after(() => engine.close())
  const [far, near] = portPair()
  engine.servePage(near)
  return { engine, page: connect(far, engineContract), library, ids }
}

test('the page is answered while the writer stands still in the middle of a write', async (t) => {
  const { engine, page, library, ids } = await opened(t)
  await engine.idle()
  // Whoever else writes makes the writer wait inside SQLite, its thread with it.
  const other = new DatabaseSync(join(library, CATALOGUE_FILE), { timeout: 10_000 })
  other.exec('BEGIN IMMEDIATE')
  let isStill = true
  const favourite = page.call('setFavourite', { ids: [ids[0]!], favourite: true })
  const ended = favourite.finally(() => (isStill = false))
  const { kin, exact } = await page.call('kin', { id: ids[0]!, top: 20 })
  assert.deepEqual([kin.length, exact], [20, false])
  const filter = { favourites: true }
  const narrow = await page.call('query', {
    parts: [{ of: { kind: 'photo', id: ids[1]! }, weight: 1 }],
    filter: { until: 0 },
    top: 5
  })
  assert.equal(narrow.kin.length, 0)
  assert.equal((await page.call('layout', {})).total, PHOTOS)
  assert.equal((await page.call('timeline', {})).months.length, 1)
  assert.equal((await page.call('photos', { ids: ids.slice(0, 9) })).photos.length, 9)
  const info = await page.call('library', { filter })
  assert.equal(info.indexed, PHOTOS)
  const [folder] = info.folders
  assert.equal((await page.call('directories', { folder: folder!.id })).directories.length, 1)
  assert.equal((await page.call('layout', { filter })).total, 0, 'it is not committed')
  assert.ok(isStill, 'all that was answered while the writer stood still')
  other.exec('ROLLBACK')
  other.close()
  await ended
  assert.equal((await page.call('layout', { filter })).total, 1, 'what was answered is known')
  assert.notEqual((await page.call('library', { filter })).order, info.order)
})

test('many rows are written at once: they are known all or not at all', async (t) => {
  const { engine, page, library, ids } = await opened(t)
  await engine.idle()
  const [folder] = (await page.call('library', {})).folders
  const seen = new Set<number>()
  let isOver = false
  const removed = page.call('removeFolder', { id: folder!.id }).then(() => (isOver = true))
  while (!isOver) {
    const { kin } = await page.call('kin', { id: ids[0]!, top: 20 }).catch((error: unknown) => {
      assert.ok(isFault(error, 'not-found'), 'it has left')
      return { kin: [] }
    })
    seen.add(kin.length)
    seen.add((await page.call('library', {})).photos)
    await sleep(1)
  }
  await removed
  assert.deepEqual([...seen].filter((count) => ![0, 20, PHOTOS].includes(count)), [])
  assert.equal((await page.call('library', {})).photos, 0)
  assert.equal((await page.call('layout', {})).total, 0)
  const other = openAfter(library)
  assert.equal(other, 'library-in-use')
})

/** What becomes of somebody else who wants to hold the library. */
function openAfter(library: string): string {
  try {
    holdLibrary(library, 10).release()
    return 'free'
  } catch (error) {
    assert.ok(isFault(error))
    return error.kind
  }
}

test('after a close nothing but the catalogue and its copies is left, and the library is free', async (t) => {
  const { engine, library } = await opened(t)
  let wanted = 0
  const view = await lookInto(library, () => wanted++) // open at the same time
  assert.equal(view.status().indexed, PHOTOS)
  assert.equal((await kinOf(view, ask({ id: 1 }, 7))).length, 7)
  assert.equal(wanted, 0, 'what is stored needs no compute')
  assert.equal((await view.models()).length, 1)
  assert.equal(openAfter(library), 'library-in-use')
  const outside = view.similar(ask({ path: import.meta.filename }, 1))
  await Promise.race([outside, until('compute is wanted', () => wanted > 0)])
  await view.close()
  await assert.rejects(outside, (error) => isFault(error, 'cancelled'))
  assert.equal(wanted, 1)
  await engine.close()
  assert.equal(openAfter(library), 'free')
  const left = readdirSync(library).filter((name) => name !== 'thumbnails')
  assert.deepEqual(left.sort(), ['copies', 'kindred.lock', CATALOGUE_FILE])
})

test('a writer that dies takes its process with it, and the lock with that', async (t) => {
  const { library } = await libraryOf(t)
  const child = fork('tests/support/dying-writer-child.ts', [library], {
    execArgv: [...TYPESCRIPT],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  await endOf(child)
  assert.ok(child.exitCode !== null && child.exitCode !== 0, String(child.exitCode))
  assert.match(said, /no such table: (main\.)?photos/)
  assert.equal(openAfter(library), 'free')
})

test('the writer gives way to the reader', { skip: process.platform !== 'linux' }, async (t) => {
  const before = nicenessOf(process.pid)
  const { engine } = await opened(t)
  await engine.idle()
  const own = Math.min(...before)
  assert.deepEqual(
    nicenessOf(process.pid).filter((value) => value > own),
    own < 10 ? [10] : [] // one thread, and no other; none where all have a low one
  )
})
