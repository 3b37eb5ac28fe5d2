// The tables of folders, files, work, photos and settings: what each change leaves behind, on a
// real database.
import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import test from 'node:test'
import { NO_DAY } from '../../../main/catalogue/grid.ts'
import { wallClockOf } from '../../../main/wire/photo-date.ts'
import { nameAt, thumbnailName } from '../../../main/wire/thumbnail.ts'
import {
  BACKBONE,
  addIndexed,
  addPending,
  faultRecord,
  fileFacts,
  hashOf,
  temporaryCatalogue
} from '../../support/library.ts'

test('folders: added, removed and taken back in, photos coming with them', (context) => {
  const catalogue = temporaryCatalogue(context)
  const id = catalogue.folders.add('/photos', 'photos')
  const photo = addIndexed(catalogue, id, 'a.jpg')
  addPending(catalogue, id, 'b.jpg')
  assert.deepEqual(catalogue.folders.list(), [
    { id, path: '/photos', name: 'photos', present: true }
  ])
  assert.deepEqual([...catalogue.folders.counts()], [[id, 2]])

  assert.deepEqual(catalogue.folders.remove(id, 1000).sort(), [photo, photo + 1])
  assert.deepEqual(catalogue.folders.list(), [])
  assert.equal(catalogue.work.doable(), 0)
  assert.deepEqual(catalogue.work.counts(), { pending: 0, indexed: 0, failed: 0, gone: 2 })
  assert.equal(catalogue.folders.purge(2000), 0, 'its rows still wait')

  assert.equal(catalogue.folders.add('/photos', 'photos'), id)
  catalogue.files.comeBack(photo)
  assert.equal(catalogue.photos.shown(photo)?.status, 'indexed')
})

test('folders: one inside another becomes a part of it, and no row is lost', (context) => {
  const catalogue = temporaryCatalogue(context)
  const inner = catalogue.folders.add('/photos/2020', '2020')
  const top = addIndexed(catalogue, inner, 'a.jpg')
  const below = addPending(catalogue, inner, 'b.jpg', 'may')
  const outer = catalogue.folders.add('/photos', 'photos')
  catalogue.folders.adopt(inner, outer, '2020')
  assert.deepEqual(
    catalogue.folders.list().map((folder) => folder.id),
    [outer]
  )
  const place = (id: number): unknown => {
    const { root, directory, name } = catalogue.photos.place(id) ?? {}
    return [root, directory, name]
  }
  assert.deepEqual(place(top), ['/photos', '2020', 'a.jpg'])
  assert.deepEqual(place(below), ['/photos', '2020/may', 'b.jpg'])
})

test('files: gone, back unchanged, back changed', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  catalogue.files.leave(id, 5)
  assert.equal(catalogue.photos.shown(id), undefined)
  assert.deepEqual(catalogue.files.gone(), [id])
  assert.equal(catalogue.vectors.indexedFeature(id, BACKBONE), undefined)
  catalogue.files.comeBack(id)
  assert.equal(catalogue.photos.shown(id)?.status, 'indexed')
  assert.ok(catalogue.vectors.indexedFeature(id, BACKBONE))

  catalogue.files.leave(id, 6)
  catalogue.files.change(id, fileFacts('a.jpg', { size: 9 }))
  const shown = catalogue.photos.shown(id)
  assert.deepEqual([shown?.status, shown?.width, shown?.fileSize], ['pending', 4, 9])
  const { ids } = await catalogue.photos.grid()
  assert.deepEqual([...ids], [id], 'shown as it was until it is described')
  assert.equal(catalogue.files.candidate(id)?.hash, null, 'the hash is of what it was')
})

test('files: a move keeps the row, its vectors and its status', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const old = addIndexed(catalogue, folder, 'a.jpg', 7)
  catalogue.files.leave(old, 5)
  const fresh = addPending(catalogue, folder, 'A.jpg', 'new')
  const target = catalogue.files.candidate(fresh)
  assert.ok(target)
  catalogue.files.move(old, target)
  assert.equal(catalogue.photos.place(fresh), undefined)
  assert.deepEqual(catalogue.photos.place(old)?.directory, 'new')
  assert.equal(catalogue.photos.shown(old)?.status, 'indexed')
  assert.equal(catalogue.vectors.feature(old, BACKBONE)?.[0], 7)
})

test('files: directories are listed once each, empty ones not', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const other = catalogue.folders.add('/other', 'other')
  for (const directory of ['', 'b', 'b', 'b/c', 'a']) {
    const name = `${Math.random()}.jpg`
    addPending(catalogue, folder, name, directory)
  }
  assert.deepEqual(catalogue.files.directories(folder), ['', 'a', 'b', 'b/c'])
  assert.deepEqual(catalogue.files.directories(other), [])
  assert.deepEqual([catalogue.files.anyIn(folder), catalogue.files.anyIn(other)], [true, false])
})

test('work: photos of an absent folder wait, suspects come apart', (context) => {
  const catalogue = temporaryCatalogue(context)
  const here = catalogue.folders.add('/here', 'here')
  const away = catalogue.folders.add('/away', 'away')
  const a = addPending(catalogue, here, 'a.jpg')
  const b = addPending(catalogue, here, 'b.jpg')
  const c = addPending(catalogue, here, 'c.jpg')
  addPending(catalogue, away, 'd.jpg')
  catalogue.folders.setPresent(away, false)
  assert.equal(catalogue.work.doable(), 3)
  catalogue.work.markSuspect(b)
  assert.equal(catalogue.work.soloKill(a), 1)
  const ids = (tasks: readonly { id: number }[]): number[] => tasks.map((task) => task.id)
  assert.deepEqual(ids(catalogue.work.pending(10)), [c])
  assert.equal(catalogue.work.suspect(1)?.id, b, 'the likelier one last')
  catalogue.work.clear(b)
  assert.deepEqual([catalogue.work.suspect(0)?.id, catalogue.work.suspect(1)?.id], [undefined, a])
  assert.deepEqual(ids(catalogue.work.pending(10)), [b, c])
  catalogue.work.clear(a)
  assert.deepEqual(ids(catalogue.work.pending(10)), [a, b, c])
  assert.equal(catalogue.work.soloKill(a), 1, 'counted anew')
})

test('work: a result for a file that changed meanwhile is not taken', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addPending(catalogue, folder, 'a.jpg')
  const sent = catalogue.work.task(id)
  assert.ok(sent)
  const what = { hash: hashOf('a'), width: 4, height: 3, capturedAt: null }
  catalogue.files.change(id, fileFacts('a.jpg', { modifiedAt: 9 }))
  assert.equal(catalogue.work.describe(sent, what), false)
  assert.equal(catalogue.work.fail(sent, faultRecord('corrupt-photo')), false)
  const again = catalogue.work.task(id)
  assert.ok(again)
  catalogue.files.leave(id, 1)
  assert.equal(catalogue.work.describe(again, what), false)
  catalogue.files.comeBack(id)
  assert.equal(catalogue.work.describe(again, what), true)
  assert.equal(catalogue.work.describe(again, what), false, 'once')
})

test('work: failures are told with their fault and can be tried again', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const refusal = faultRecord('unsupported-format')
  const raw = catalogue.files.insert(folder, 'x', fileFacts('r.nef'), 0)
  const bad = addPending(catalogue, folder, 'b.jpg')
  for (const [id, fault] of [[raw, refusal], [bad, faultRecord('corrupt-photo')]] as const) {
    const task = catalogue.work.task(id)
    assert.ok(task)
    assert.equal(catalogue.work.fail(task, fault), true)
  }
  const faults = (): unknown[] => catalogue.photos.failures(0, 10).map(({ fault }) => fault)
  assert.deepEqual(faults(), [refusal, faultRecord('corrupt-photo')])
  assert.equal(catalogue.photos.failures(raw, 10)[0]?.fault.kind, 'corrupt-photo')
  assert.equal(catalogue.work.retry([bad, 999]), 1)
  assert.deepEqual(faults(), [refusal])
  assert.equal(catalogue.work.retry(null), 1)
  assert.deepEqual(catalogue.work.counts(), { pending: 2, indexed: 0, failed: 0, gone: 0 })
  assert.equal(catalogue.photos.shown(raw)?.status, 'pending')
})

test('photos: the grid is newest first, by capture date, else file date', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const add = (name: string, modifiedAt: number, capturedAt: number | null): number => {
    const id = catalogue.files.insert(folder, '', fileFacts(name, { modifiedAt }), 0)
    const task = catalogue.work.task(id)
    assert.ok(task)
    catalogue.work.describe(task, { hash: hashOf(name), width: 8, height: 4, capturedAt })
    return id
  }
  const start = Date.UTC(2020, 5, 1)
  const a = add('a', start + 200, null)
  const b = add('b', start + 900, wallClockOf(start + 50))
  const c = add('c', start + 1, wallClockOf(start + 100))
  const d = add('d', start + 300, null)
  addPending(catalogue, folder, 'never described')
  const { ids, aspects, thumbnails } = await catalogue.photos.grid()
  assert.deepEqual([...ids], [d, a, c, b])
  assert.deepEqual([...aspects], [2, 2, 2, 2])
  assert.deepEqual(
    ids.length === 4 && ['d', 'a', 'c', 'b'].map((_, place) => nameAt(thumbnails, place)),
    ['d', 'a', 'c', 'b'].map((name) => thumbnailName(hashOf(name)))
  )
})

test('photos: within one moment all run back, and those without a date come last', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const future = Date.now() + 10 * 365 * 86_400_000
  const add = (name: string, modifiedAt: number, capturedAt: number | null): void => {
    const id = catalogue.files.insert(folder, '', fileFacts(name, { modifiedAt }), 0)
    const what = { hash: hashOf(name), width: 8, height: 4, capturedAt }
    catalogue.work.describe(catalogue.work.task(id)!, what)
  }
  const at = Date.UTC(2020, 5, 1)
  for (const name of ['a3.jpg', 'a10.jpg', 'a (1).jpg', 'a1.jpg', 'a002.jpg', 'a.jpg'])
    add(name, future, at)
  for (const time of [future, 8.64e18, 0, -(2 ** 31) * 1000]) add(`at ${time}.jpg`, time, null)
  const { ids, days } = await catalogue.photos.grid()
  const names = [...ids].map((id) => catalogue.photos.shown(id)?.name)
  const run = ['a10.jpg', 'a3.jpg', 'a002.jpg', 'a1.jpg', 'a (1).jpg', 'a.jpg']
  assert.deepEqual(names.slice(0, 6), run)
  assert.deepEqual([...days], [...run.map(() => at / 86_400_000), ...Array(4).fill(NO_DAY)])
  assert.equal(catalogue.photos.idsBetween(-Infinity, Infinity).length, 6)
})

test('photos: a grid that is read in parts is the same, wherever the parts end', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const times = [5, 4, 4, 4, 4, 3, 2, 2, 1, null, null, null]
  const ids = times.map((time, i) => {
    const name = `${100 - i}.jpg` // within one moment the later name comes first
    const file = fileFacts(name, { modifiedAt: time === null ? 8.64e18 : time * 86_400_000 })
    const id = catalogue.files.insert(folder, '', file, 0)
    const what = { hash: hashOf(name), width: 8 + i, height: 4, capturedAt: null }
    catalogue.work.describe(catalogue.work.task(id)!, what)
    return id
  })
  const whole = await catalogue.photos.grid()
  assert.deepEqual([...whole.ids], ids)
  assert.deepEqual([...whole.days.subarray(0, 9)].map((day) => day - whole.days[8]!), [
    4, 3, 3, 3, 3, 2, 1, 1, 0
  ])
  for (let atOnce = 1; atOnce <= times.length + 1; atOnce++)
    assert.deepEqual(await catalogue.photos.grid(atOnce), whole, `${atOnce} at once`)
  let turns = 0
  const read = catalogue.photos.grid(1)
  for (let isRead = false; !isRead; turns++)
    isRead = await Promise.race([read.then(() => true), nextTurn(false)])
  assert.ok(turns >= times.length, 'others come in between')
  const before = catalogue.photos.grid(2)
  catalogue.files.leave(ids[7]!, 1)
  assert.deepEqual(await before, whole, 'of the moment it began in')
  assert.equal((await catalogue.photos.grid()).ids.length, times.length - 1)
})

test('photos: damage is told and counted until their files are whole', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addPending(catalogue, folder, 'a.jpg')
  const what = { hash: hashOf('a'), width: 8, height: 4, capturedAt: null }
  const become = (damage: 'coarse' | null): unknown[] => {
    const task = catalogue.work.task(id)!
    assert.ok(catalogue.work.describe(task, { ...what, damage }))
    return [catalogue.photos.shown(id)?.damage, catalogue.photos.damaged()]
  }
  assert.deepEqual(become('coarse'), ['coarse', 1])
  const { inode } = fileFacts('a.jpg')
  catalogue.files.change(id, fileFacts('a.jpg', { size: 2, inode }))
  assert.deepEqual(become(null), [null, 0])
})

test('settings are kept', (context) => {
  const { settings } = temporaryCatalogue(context)
  assert.deepEqual([settings.paused(), settings.sweptAt()], [false, 0])
  settings.setPaused(true)
  settings.setSweptAt(1234)
  assert.deepEqual([settings.paused(), settings.sweptAt()], [true, 1234])
})
