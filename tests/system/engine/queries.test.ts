// What the page may ask beyond one photo, of an engine with a real compute: several photos,
// pictures from outside, parts; within filters; favourites, months and directories.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after, before } from 'node:test'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import type { Client } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import type { Kin } from '../../../main/wire/engine-records.ts'
import { type FaultKind, isFault } from '../../../main/wire/fault.ts'
import { portPair } from '../../../main/wire/port.ts'
import type { QueryPart } from '../../../main/wire/query-contract.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { KINDS, makePhotos } from '../../support/photos.ts'

const GOOD = 280
const home = mkdtempSync(join(tmpdir(), 'kindred-queries-'))
const photos = join(home, 'photos')
let paths: string[] = []
let engine: Engine
let compute: Supervised
let page: Client<EngineContract>

before(async () => {
  mkdirSync(join(photos, 'some/deep'), { recursive: true })
  const made = await makePhotos(photos, GOOD, { seed: 5, size: 160 })
  paths = made.map((path, place) => {
    if (place % 4 !== 0) return path
    const moved = join(photos, place % 8 === 0 ? 'some' : 'some/deep', basename(path))
    renameSync(path, moved)
    return moved
  })
  engine = await createEngine({ library: join(home, 'library'), watch: false, settle: 0 })
  const [pageEnd, enginePage] = portPair()
  engine.servePage(enginePage)
  page = connect(pageEnd, engineContract)
  compute = await superviseCompute((port) => engine.attachCompute(port))
  await engine.addFolder(photos)
  const run = await engine.idle()
  assert.equal(run.indexed, GOOD)
})
after(async () => {
  await engine.close()
  await compute.stop()
  rmSync(home, { recursive: true, force: true })
})

function idOf(place: number): number {
  const id = engine.idOf(paths[place]!)
  assert.ok(id !== undefined)
  return id
}

function photo(place: number, weight = 1): QueryPart {
  return { of: { kind: 'photo', id: idOf(place) }, weight }
}

function picture(number: number, weight = 1): QueryPart {
  return { of: { kind: 'picture', picture: number }, weight }
}

/** How many are of the kind of a place. */
function ofKind(kin: readonly Kin[], place: number): number {
  return kin.filter((one) => Number(one.name.split('-')[2]!.slice(0, 5)) % KINDS === place % KINDS)
    .length
}

function rejects(call: Promise<unknown>, kind: FaultKind): Promise<void> {
  return assert.rejects(call, (error) => isFault(error, kind))
}

test('one photo asked alone is as its own kin; several together, without themselves', async () => {
  const own = await page.call('kin', { id: idOf(3), top: 20 })
  assert.deepEqual(await page.call('query', { parts: [photo(3)], top: 20 }), own)
  const three = [3, 3 + KINDS, 3 + 2 * KINDS]
  const { kin } = await page.call('query', { parts: three.map((one) => photo(one)), top: 20 })
  assert.equal(kin.length, 20)
  assert.ok(!kin.some(({ id }) => three.map(idOf).includes(id)))
  assert.ok(kin.every(({ score }, i) => i === 0 || score <= kin[i - 1]!.score))
  assert.ok(ofKind(kin, 3) >= ofKind(own.kin, 3), 'three say more of their kind than one')
  const [disliked] = own.kin
  const parts = [photo(3), { of: { kind: 'photo' as const, id: disliked!.id }, weight: -1 }]
  const without = await page.call('query', { parts, top: GOOD })
  const rank = (all: readonly Kin[], id: number): number => all.findIndex((one) => one.id === id)
  const [, second] = own.kin
  assert.equal(rank(without.kin, disliked!.id), -1)
  assert.ok(without.kin[0]!.score < own.kin[1]!.score, `${second!.name} counts less`)
})

test('strictness changes the order, and no order leaves the best out', async () => {
  const asked = { parts: [photo(6)], top: 50 }
  const [kindred, same] = await Promise.all(
    [0, 1].map((strictness) => page.call('query', { ...asked, strictness }))
  )
  assert.notDeepEqual(kindred!.kin, same!.kin)
  const half = await page.call('kin', { id: idOf(6), top: 50 })
  assert.deepEqual(await page.call('query', { ...asked, strictness: 0.5 }), half)
})

test('a picture from outside finds the photo it is a copy of, in or out of a mixture', async () => {
  const bytes = new Uint8Array(readFileSync(paths[10]!))
  const looked = await page.call('look', { bytes, crop: null })
  assert.ok(looked.width > 0 && looked.height > 0)
  const { kin, exact } = await page.call('query', { parts: [picture(looked.picture)], top: 5 })
  assert.equal(exact, false)
  assert.equal(kin[0]?.id, idOf(10))
  assert.ok(kin[0].score > 0.99)
  const parts = [picture(looked.picture), photo(10 + KINDS, 0.1)]
  assert.equal((await page.call('query', { parts, top: 5 })).kin[0]?.id, idOf(10))
})

test('a part of a picture is asked for as what it shows; the whole photo is left out', async () => {
  const bytes = new Uint8Array(readFileSync(paths[12]!))
  const whole = await page.call('look', { bytes, crop: null })
  const crop = { left: 0.25, top: 0, width: 0.5, height: 1 }
  const ofBytes = await page.call('look', { bytes, crop })
  const ofPhoto = await page.call('lookAt', { id: idOf(12), crop })
  const sizes = [Math.round(whole.width / 2), whole.height]
  assert.deepEqual([ofBytes.width, ofBytes.height], sizes)
  assert.deepEqual([ofPhoto.width, ofPhoto.height], sizes)
  const ask = async (number: number): Promise<readonly Kin[]> =>
    (await page.call('query', { parts: [picture(number)], top: 30 })).kin
  const [all, outside, inside] = await Promise.all(
    [whole, ofBytes, ofPhoto].map((one) => ask(one.picture))
  )
  assert.deepEqual(
    outside!.filter(({ id }) => id !== idOf(12)).slice(0, 25),
    inside!.slice(0, 25),
    'the same pixels, the same kin'
  )
  assert.notDeepEqual(outside, all)
  assert.ok(!inside!.some(({ id }) => id === idOf(12)))
})

test('what cannot be looked at or asked for is told', async () => {
  const crop = { left: 0, top: 0, width: 1, height: 1 }
  await rejects(page.call('look', { bytes: new Uint8Array(5), crop: null }), 'corrupt-photo')
  await rejects(page.call('lookAt', { id: 99_999, crop }), 'not-found')
  await rejects(page.call('query', { parts: [picture(9999)], top: 5 }), 'not-found')
  await rejects(page.call('query', { parts: [photo(1, -1)], top: 5 }), 'bad-argument')
  await rejects(page.call('query', { parts: [photo(1, 0)], top: 5 }), 'bad-argument')
  await rejects(page.call('query', { parts: [], top: 5 }), 'bad-argument')
})

test('filters hold for kin, for the grid and for its months', async () => {
  const { folders, revision } = await page.call('library', {})
  const folder = folders[0]!.id
  const favourites = [2, 4, 8, 16].map(idOf)
  await page.call('setFavourite', { ids: favourites, favourite: true })
  const { photos: rows } = await page.call('photos', { ids: [idOf(2), idOf(3)] })
  assert.deepEqual(
    rows.map((row) => row.favourite),
    [true, false]
  )
  assert.ok((await page.call('library', {})).revision > revision)
  const { directories } = await page.call('directories', { folder })
  const photosIn = new Map(directories.map(({ path, photos: count }) => [path, count]))
  assert.deepEqual(
    ['', 'some', 'some/deep'].map((path) => photosIn.get(path)),
    [GOOD, GOOD / 4, GOOD / 8]
  )
  const filters = [
    { filter: { favourites: true }, ids: favourites },
    {
      filter: { folder, directory: 'some/deep' },
      ids: [...paths.keys()].filter((place) => place % 8 === 4).map(idOf)
    },
    { filter: { folder, directory: 'some', favourites: true }, ids: [4, 8, 16].map(idOf) },
    { filter: { until: 0 }, ids: [] }
  ]
  for (const { filter, ids } of filters) {
    const passing = new Set(ids)
    const layout = await page.call('layout', { filter, offset: 0, count: 65_536 })
    assert.deepEqual(new Set(layout.ids), passing)
    assert.equal(layout.total, ids.length)
    const { months } = await page.call('timeline', { filter })
    assert.equal(months.reduce((sum, month) => sum + month.photos, 0), ids.length)
    const asked = { id: idOf(1), top: GOOD }
    const within = await page.call('kin', { ...asked, filter })
    const all = await page.call('kin', asked)
    if (ids.length <= 100) assert.equal(within.kin.length, ids.length)
    const common = all.kin.filter(({ id }) => passing.has(id))
    assert.deepEqual(within.kin.slice(0, common.length), common, 'as among all')
  }
})

test('a photo that is added after another model came to serve is found, and finds', async () => {
  const former = engine.status().model!.id
  await makePhotos(join(photos, 'later'), GOOD / 7, { seed: 6, size: 160 }) // a seventh: a new fit
  await engine.rescan()
  await engine.idle()
  const { id } = engine.status().model!
  assert.notEqual(id, former, 'another model serves')
  const [added] = await makePhotos(join(photos, 'last'), 1, { seed: 7, size: 160 })
  await engine.rescan()
  const { indexed } = await engine.idle()
  assert.deepEqual([indexed, engine.status().model!.id], [1, id])
  const all = GOOD + GOOD / 7 + 1
  const its = engine.idOf(added!)!
  const { kin } = await page.call('kin', { id: its, top: all })
  assert.equal(kin.length, all - 1)
  const near = kin[0]!.id
  const back = await page.call('kin', { id: near, top: all })
  assert.ok(back.kin.some((one) => one.id === its))
  const { folders } = await page.call('library', {})
  const within = { folder: folders[0]!.id, directory: 'last' }
  const alone = await page.call('kin', { id: near, filter: within, top: all })
  assert.deepEqual(
    alone.kin.map((one) => one.id),
    [its]
  )
})
