// Processes killed at random moments of indexing, twenty times: the one that holds the engine, and
// compute. Nothing is lost or there twice, no good photo is failed, and the end is complete.
// Takes about a minute: photos are added before each kill, so that there always is work.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { contentHash } from '../../../main/engine/folders/content-hash.ts'
import { thumbnailPath } from '../../../main/wire/thumbnail.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { makePhotos } from '../../support/photos.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const KILLS = 10 // of each process
const FIRST = 280 // photos before the first kill: enough for a model
const EACH = 30 // photos added before each kill
const LIFE = 1250 // ms at most until it, about what these photos take
const SEED = Number(process.env['KINDRED_KILL_SEED'] ?? 1)

interface Library {
  library: string
  photos: string
  paths: string[]
}

async function prepare(name: string): Promise<Library> {
  const home = mkdtempSync(join(tmpdir(), `kindred-kill-${name}-`))
  const photos = join(home, 'photos')
  const paths = await makePhotos(photos, FIRST, { seed: 100, size: 80 })
  for (const bad of ['bad.jpg', 'bad.png']) writeFileSync(join(photos, bad), `no photo: ${bad}`)
  return { library: join(home, 'library'), photos, paths }
}

/** All photos are there once, indexed, with true hashes, vectors, codes and thumbnails. */
async function assertComplete({ library, photos, paths }: Library): Promise<void> {
  const database = openDatabase(join(library, CATALOGUE_FILE))
  const check = v.object({ integrity_check: v.string() })
  assert.deepEqual(database.query('PRAGMA integrity_check', check).all(), [
    { integrity_check: 'ok' }
  ])
  assert.deepEqual(database.query('PRAGMA foreign_key_check', v.unknown()).all(), [])
  database.close()

  const catalogue = openCatalogue(library)
  const rows = catalogue.photos.paths(0, 100_000)
  const pathOf = (row: { directory: string; name: string }): string =>
    join(photos, row.directory, row.name)
  assert.deepEqual(
    rows.map(pathOf).sort(),
    [...paths, join(photos, 'bad.jpg'), join(photos, 'bad.png')].sort()
  )
  assert.deepEqual(
    catalogue.photos.failures(0, 100).map((row) => [row.name, row.fault.kind]),
    [
      ['bad.jpg', 'corrupt-photo'],
      ['bad.png', 'corrupt-photo']
    ]
  )
  assert.deepEqual(catalogue.work.counts(), {
    pending: 0,
    indexed: paths.length,
    failed: 2,
    gone: 0
  })
  const model = catalogue.models.serving()
  assert.ok(model)
  assert.equal(catalogue.models.list().length, 1, 'no model is left over')
  assert.equal(catalogue.vectors.codes(model.id, 0, 100_000).ids.length, paths.length)
  for (const row of rows) {
    if (row.name.startsWith('bad')) continue
    const hash = catalogue.photos.place(row.id)?.hash
    assert.equal(hash, await contentHash(pathOf(row)))
    assert.ok(existsSync(thumbnailPath(join(library, 'thumbnails'), hash!)), row.name)
    assert.ok(catalogue.vectors.encoding(row.id, model.id))
  }
  catalogue.close()
}

/** Each resolves once the process has said so: see engine-child.ts. */
function saying(child: ChildProcess): { both: Promise<void>; first: Promise<void> } {
  const until = (word: string): Promise<void> =>
    new Promise((resolve) => {
      child.on('message', (message) => {
        if (v.is(v.object({ [word]: v.string() }), message)) resolve()
      })
    })
  return { both: until('both'), first: until('first') }
}

test(`the process that holds the engine is killed ${KILLS} times`, async (context) => {
  const random = seededRandom(SEED)
  const given = await prepare('engine')
  context.after(() => rmSync(join(given.photos, '..'), { recursive: true, force: true }))
  const start = (): ReturnType<typeof fork> =>
    fork('tests/support/engine-child.ts', [given.library, given.photos], {
      execArgv: [...TYPESCRIPT]
    })
  for (let kill = 0; kill < KILLS; kill++) {
    given.paths.push(...(await makePhotos(given.photos, EACH, { seed: 200 + kill, size: 80 })))
    const child = start()
    const exit = once(child, 'exit')
    const said = saying(child)
    // Every fourth kill may come while it starts, another before the first photo is done.
    if (kill % 4 !== 3) await Promise.race([kill % 4 === 2 ? said.both : said.first, exit])
    await Promise.race([sleep(random() * LIFE), exit])
    child.kill('SIGKILL')
    await exit
  }
  const kept = openCatalogue(given.library)
  const { indexed } = kept.work.counts()
  kept.close()
  const last = start()
  let result: unknown
  last.on('message', (message) => (result = message))
  await once(last, 'exit')
  const { run } = v.parse(v.object({ run: v.object({ indexed: v.number() }) }), result)
  assert.ok(indexed > 0)
  assert.equal(run.indexed, given.paths.length - indexed, 'what was finished is not done again')
  assert.equal(last.exitCode, 0)
  await assertComplete(given)
})

test(`compute is killed ${KILLS} times`, async (context) => {
  const random = seededRandom(SEED + 1)
  const given = await prepare('compute')
  context.after(() => rmSync(join(given.photos, '..'), { recursive: true, force: true }))
  const engine = await createEngine({ library: given.library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  context.after(async () => {
    await engine.close()
    await compute.stop()
  })
  await engine.addFolder(given.photos)
  const restarting = new Set<string | null>()
  engine.onProgress((progress) => restarting.add(progress.restarting))
  for (let kill = 0; kill < KILLS; kill++) {
    given.paths.push(...(await makePhotos(given.photos, EACH, { seed: 300 + kill, size: 80 })))
    void engine.rescan()
    await sleep(300 + random() * LIFE)
    compute.kill()
  }
  await engine.rescan()
  const run = await engine.idle()
  assert.equal(compute.starts, KILLS + 1)
  assert.ok(restarting.has('compute'), 'a restart is told')
  assert.ok(run.indexed > 0)
  const { indexed, pending } = engine.status()
  assert.deepEqual([indexed, pending], [given.paths.length, 0])
  await engine.close()
  await assertComplete(given)
})
