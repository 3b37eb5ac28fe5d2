// The engine with a real compute process: from a folder to kin, over the contract the page speaks;
// what is not done twice; what changes while it runs; pausing; folders that go.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine, RunReport } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import type { Client } from '../../../main/wire/channel.ts'
import { engineContract, engineControlContract } from '../../../main/wire/engine-contract.ts'
import type { EngineContract, EngineControlContract } from '../../../main/wire/engine-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { portPair } from '../../../main/wire/port.ts'
import { isWholeThumbnail, nameAt, thumbnailFile } from '../../../main/wire/thumbnail.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { ask, kinOf } from '../../support/library.ts'
import { KINDS, makePhotos } from '../../support/photos.ts'

const GOOD = 300
const home = mkdtempSync(join(tmpdir(), 'kindred-engine-'))
const photos = join(home, 'photos')
const library = join(home, 'library')
let paths: string[] = []
let engine: Engine
let compute: Supervised
let page: Client<EngineContract>
let control: Client<EngineControlContract>
let first: RunReport

async function open(): Promise<void> {
  engine = await createEngine({ library, watch: false, settle: 0 })
  const [pageEnd, enginePage] = portPair()
  const [controlEnd, engineControl] = portPair()
  engine.servePage(enginePage)
  engine.serveControl(engineControl)
  page = connect(pageEnd, engineContract)
  control = connect(controlEnd, engineControlContract)
}

function idOf(path: string): number {
  const id = engine.idOf(path)
  assert.ok(id !== undefined, path)
  return id
}

/** Looks again and waits for rest. */
async function settle(): Promise<RunReport> {
  await engine.rescan()
  return engine.idle()
}

before(async () => {
  paths = await makePhotos(photos, GOOD, { size: 96 })
  writeFileSync(join(photos, 'broken.jpg'), 'no photo')
  writeFileSync(join(photos, 'phone.HEIC'), 'v/1\x01 in truth an OpenEXR')
  await open()
  compute = await superviseCompute((port) => engine.attachCompute(port))
  await control.call('addFolder', { path: photos })
  first = await engine.idle()
})
after(async () => {
  await engine.close()
  await compute.stop()
  rmSync(home, { recursive: true, force: true })
})

test('every photo is indexed or failed with its reason, and a model serves', async () => {
  assert.deepEqual([first.indexed, first.failed], [GOOD, 2])
  assert.ok(first.computeBusy > 0 && first.computeBusy <= 1)
  const info = await page.call('library', {})
  assert.deepEqual([info.photos, info.indexed, info.pending, info.failed], [GOOD + 2, GOOD, 0, 2])
  assert.deepEqual(
    info.folders.map(({ name, present, photos: count }) => [name, present, count]),
    [['photos', true, GOOD + 2]]
  )
  assert.deepEqual([info.model?.kind, info.model?.bits, info.progress.state], ['first', 64, 'idle'])
  assert.ok((info.model?.fittedOn ?? 0) * 1.1 >= GOOD, 'fitted again at the end of the run')
  const { total, failures } = await page.call('failures', { after: 0, count: 10 })
  assert.equal(total, 2)
  assert.deepEqual(
    new Map(failures.map(({ name, fault }) => [name, fault.kind])),
    new Map([
      ['broken.jpg', 'corrupt-photo'],
      ['phone.HEIC', 'unsupported-format']
    ])
  )
  for (const { fault } of failures) assert.deepEqual([fault.about, fault.passes], ['photo', false])
})

test('photos that are only touched are looked at again, and nothing is fitted for it', async () => {
  const before = engine.status().model?.id
  const later = new Date(Date.now() + 60_000)
  for (const path of paths) utimesSync(path, later, later)
  const resting = settle().then(() => true)
  while (!(await Promise.race([resting, sleep(50, false)])))
    assert.equal(engine.status().model?.id, before)
  assert.equal(engine.status().model?.id, before)
  assert.equal(engine.status().indexed, GOOD)
})

test('the grid has every indexed photo once; rows come by id', async () => {
  const { ids, aspects, order } = await page.call('layout', {})
  assert.equal(new Set(ids).size, GOOD)
  assert.equal(order, (await page.call('library', {})).order)
  const [id] = ids
  assert.ok(id !== undefined)
  const { photos: rows } = await page.call('photos', { ids: [id, 999_999] })
  assert.equal(rows.length, 1)
  assert.ok(Math.abs(rows[0]!.width / rows[0]!.height - aspects[0]!) < 1e-6)
  assert.ok(rows[0]!.indexed)
  const before = await page.call('library', {})
  await page.call('setFavourite', { ids: [id], favourite: true })
  const after = await page.call('library', {})
  assert.ok(after.revision > before.revision)
  assert.equal(after.order, before.order, 'a favourite changes no order')
  const filter = { favourites: true }
  assert.notEqual((await page.call('library', { filter })).order, after.order, 'but their own')
})

test('kin are of the same kind, best first, without the photo itself', async () => {
  let right = 0
  for (const place of [0, 1, 2, 13, 24]) {
    const { kin, exact } = await page.call('kin', { id: idOf(paths[place]!), top: 10 })
    assert.equal(exact, false)
    assert.equal(kin.length, 10)
    assert.ok(kin.every((one, i) => i === 0 || one.score <= kin[i - 1]!.score))
    assert.ok(!kin.some((one) => one.name === basename(paths[place]!)))
    right += kin.filter(
      (one) => Number(one.name.split('-')[2]!.slice(0, 5)) % KINDS === place % KINDS
    ).length
  }
  assert.ok(right >= 25, `${right} of 50 (measured 34)`)
  await assert.rejects(page.call('kin', { id: 999_999, top: 5 }), (error) =>
    isFault(error, 'not-found')
  )
})

test('kin of a file: of the library by what is stored, of elsewhere by computing it', async () => {
  const inside = await kinOf(engine, ask({ path: paths[3]! }, 5))
  assert.deepEqual(inside, await kinOf(engine, ask({ id: idOf(paths[3]!) }, 5)))
  const outside = join(home, 'outside.jpg')
  copyFileSync(paths[3]!, outside)
  const [best] = await kinOf(engine, ask({ path: outside }, 5))
  assert.ok(best)
  assert.equal(best.path, paths[3])
  assert.ok(best.score > 0.99)
  const nowhere = kinOf(engine, ask({ path: join(home, 'no.jpg') }, 5))
  await assert.rejects(nowhere, (error) => isFault(error, 'not-found'))
})

test('each photo has the thumbnail that is named', async () => {
  const { ids, thumbnails } = await page.call('layout', {})
  const { photos: infos } = await page.call('photos', { ids: [...ids] })
  for (const [place, { name, folder, thumbnail }] of infos.entries()) {
    const bytes = readFileSync(join(photos, folder, name))
    const content = createHash('sha256').update(bytes).digest('hex')
    assert.equal(thumbnail, content.slice(0, 32))
    assert.equal(nameAt(thumbnails, place), thumbnail)
    const file = readFileSync(join(library, 'thumbnails', thumbnailFile(thumbnail)))
    assert.ok(isWholeThumbnail(file), name)
  }
  assert.equal(infos.length, GOOD)
})

test('a library opened again has nothing to do and the same answers', async () => {
  const before = await kinOf(engine, ask({ path: paths[7]! }, 20))
  const ids = paths.map(idOf)
  await engine.close()
  await open()
  assert.deepEqual(await kinOf(engine, ask({ path: paths[7]! }, 20)), before, 'without compute, too')
  await compute.stop()
  compute = await superviseCompute((port) => engine.attachCompute(port))
  const run = await engine.idle()
  assert.deepEqual([run.indexed, run.failed], [0, 0])
  assert.deepEqual(paths.map(idOf), ids)
})

test('copies, moves and returns: each path a row, nothing decoded twice', async () => {
  const id = idOf(paths[5]!)
  mkdirSync(join(photos, 'copies'))
  const copy = join(photos, 'copies', `copy of ${basename(paths[5]!)}`)
  copyFileSync(paths[5]!, copy)
  assert.equal((await settle()).indexed, 1)
  const copies = async (): Promise<string[]> => (await engine.similar(ask({ id }, 3))).copies
  const twin = idOf(copy)
  assert.deepEqual(await copies(), [copy])
  assert.ok((await kinOf(engine, ask({ id }, 3))).every((kin) => kin.id !== twin))

  renameSync(join(photos, 'copies'), join(photos, 'Copies'))
  assert.equal((await settle()).indexed, 0)
  assert.deepEqual(await copies(), [copy.replace('copies', 'Copies')])

  renameSync(join(photos, 'Copies'), join(home, 'away'))
  await settle()
  assert.deepEqual(await copies(), [])
  renameSync(join(home, 'away'), join(photos, 'Copies'))
  assert.equal((await settle()).indexed, 0)
  assert.deepEqual((await copies()).map(idOf), [twin])
})

test('a photo that changed has the kin of what it is now', async () => {
  const id = idOf(paths[11]!)
  copyFileSync(paths[12]!, paths[11]!)
  writeFileSync(join(photos, 'broken.jpg'), 'no photo, still not')
  const run = await settle()
  assert.deepEqual([run.indexed, run.failed], [1, 1])
  const { copies } = await engine.similar(ask({ id }, 1))
  assert.deepEqual([copies, idOf(paths[11]!)], [[paths[12]], id])
})

test('progress and changes are told; pausing lets nothing new begin', async () => {
  const states: string[] = []
  const revisions: number[] = []
  const stops = [
    page.on('progress', (progress) => states.push(progress.state)),
    page.on('changed', ({ revision }) => revisions.push(revision))
  ]
  await page.call('pause', {})
  await makePhotos(join(photos, 'more'), 40, { seed: 2, size: 96 })
  await engine.rescan()
  await sleep(300)
  assert.deepEqual([engine.progress().state, engine.status().pending], ['paused', 40])
  await engine.idle() // a paused engine is at rest
  await page.call('resume', {})
  const run = await engine.idle()
  assert.equal(run.indexed, 40)
  await sleep(600)
  for (const stop of stops) stop()
  assert.ok(states.includes('paused') && states.includes('indexing'), states.join())
  assert.ok(revisions.length > 0)
  assert.ok(revisions.every((one, i) => i === 0 || one > revisions[i - 1]!))
})

test('failed photos are tried again on demand', async () => {
  const broken = idOf(join(photos, 'broken.jpg'))
  assert.deepEqual(await page.call('retry', { ids: [broken] }), { pending: 1 })
  await engine.idle()
  assert.deepEqual(
    engine
      .failed()
      .map((one) => basename(one.path))
      .sort(),
    ['broken.jpg', 'phone.HEIC']
  )
})

test('all vectors come with their paths, for figures', async () => {
  const { ids, paths: rows, featureSize, features, encoded } = await engine.vectors()
  const n = engine.status().indexed
  assert.deepEqual([ids.length, rows.length, features.length], [n, n, n * featureSize])
  assert.ok(encoded)
  const { M, L } = encoded.quantizer
  assert.deepEqual(
    [encoded.projected.length, encoded.descriptors.length, encoded.codes.length],
    [n * 256, n * M * L, (n * M) / 2]
  )
})

test('a folder taken out is not found any more, and taken back in needs no computing', async () => {
  const [folder] = (await page.call('library', {})).folders
  assert.ok(folder)
  const n = engine.status().indexed
  await page.call('removeFolder', { id: folder.id })
  assert.equal(engine.status().photos, 0)
  assert.equal((await page.call('layout', {})).ids.length, 0)
  await control.call('addFolder', { path: photos })
  const run = await engine.idle()
  assert.deepEqual([run.indexed, engine.status().indexed], [0, n])
  assert.equal((await kinOf(engine, ask({ path: paths[0]! }, 5))).length, 5)
})
