// The tables: what each change leaves behind, on a real database.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { nameAt, thumbnailName } from '../../../main/wire/thumbnail.ts'
import {
  BACKBONE,
  addIndexed,
  encodingOf,
  faultRecord,
  fileFacts,
  hashOf,
  modelRecord,
  temporaryCatalogue
} from '../../support/library.ts'

function addPending(catalogue: Catalogue, folder: number, name: string, directory = ''): number {
  return catalogue.files.insert(folder, directory, fileFacts(name), null, 0)
}

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

test('files: gone, back unchanged, back changed', (context) => {
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
  catalogue.files.change(id, fileFacts('a.jpg', { size: 9 }), null)
  const shown = catalogue.photos.shown(id)
  assert.deepEqual([shown?.status, shown?.width, shown?.fileSize], ['pending', 4, 9])
  assert.deepEqual([...catalogue.photos.grid().ids], [id], 'shown as it was until it is described')
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
  catalogue.files.change(id, fileFacts('a.jpg', { modifiedAt: 9 }), null)
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
  const raw = catalogue.files.insert(folder, 'x', fileFacts('r.nef'), refusal, 0)
  const bad = addPending(catalogue, folder, 'b.jpg')
  const task = catalogue.work.task(bad)
  assert.ok(task)
  assert.equal(catalogue.work.fail(task, faultRecord('corrupt-photo')), true)
  const faults = (): unknown[] => catalogue.photos.failures(0, 10).map(({ fault }) => fault)
  assert.deepEqual(faults(), [refusal, faultRecord('corrupt-photo')])
  assert.equal(catalogue.photos.failures(1, 10)[0]?.fault.kind, 'corrupt-photo')
  assert.equal(catalogue.work.retry([bad, 999]), 1)
  assert.deepEqual(faults(), [refusal])
  assert.equal(catalogue.work.retry(null), 1)
  assert.deepEqual(catalogue.work.counts(), { pending: 2, indexed: 0, failed: 0, gone: 0 })
  assert.equal(catalogue.photos.shown(raw)?.status, 'pending')
})

test('photos: the grid is newest first, by capture date, else file date, then id', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const add = (name: string, modifiedAt: number, capturedAt: number | null): number => {
    const id = catalogue.files.insert(folder, '', fileFacts(name, { modifiedAt }), null, 0)
    const task = catalogue.work.task(id)
    assert.ok(task)
    catalogue.work.describe(task, { hash: hashOf(name), width: 8, height: 4, capturedAt })
    return id
  }
  const a = add('a', 100, null)
  const b = add('b', 900, 50)
  const c = add('c', 1, 100)
  const d = add('d', 300, null)
  addPending(catalogue, folder, 'never described')
  const { ids, aspects, thumbnails } = catalogue.photos.grid()
  assert.deepEqual([...ids], [d, a, c, b])
  assert.deepEqual([...aspects], [2, 2, 2, 2])
  assert.deepEqual(
    ids.length === 4 && ['d', 'a', 'c', 'b'].map((_, place) => nameAt(thumbnails, place)),
    ['d', 'a', 'c', 'b'].map((name) => thumbnailName(hashOf(name)))
  )
})

test('vectors: a new description drops old encodings; copies get the same', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
  const a = addIndexed(catalogue, folder, 'a.jpg', 3)
  catalogue.vectors.putEncoding(a, model, encodingOf(9))
  assert.equal(catalogue.vectors.descriptor(a, model)?.[0], 9)
  const b = addPending(catalogue, folder, 'b.jpg')
  assert.equal(catalogue.vectors.maybeTwin(b, fileFacts('a.jpg').size), true)
  assert.equal(catalogue.vectors.maybeTwin(b, 12345678), false)
  assert.equal(catalogue.vectors.twin(hashOf('a.jpg'), 'another backbone'), undefined)
  assert.equal(catalogue.vectors.twin(hashOf('a.jpg'), BACKBONE)?.id, a)
  catalogue.vectors.copy(a, b)
  assert.deepEqual(catalogue.vectors.encoding(b, model)?.code, new Uint8Array(8).fill(9))
  catalogue.vectors.putFeature(a, BACKBONE, new Uint16Array(8).fill(4))
  assert.equal(catalogue.vectors.encoding(a, model), undefined)
  assert.ok(catalogue.vectors.encoding(b, model))
  catalogue.files.erase(b)
  assert.equal(catalogue.vectors.encoding(b, model), undefined)
})

test('vectors: codes are read in parts, in order of id', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
  const ids = ['a', 'b', 'c'].map((name) => addIndexed(catalogue, folder, name))
  assert.deepEqual(catalogue.vectors.unencoded(model, BACKBONE, 0, 10), ids)
  for (const id of ids) catalogue.vectors.putEncoding(id, model, encodingOf(id))
  assert.equal(catalogue.vectors.anyUnencoded(model, BACKBONE), false)
  const first = catalogue.vectors.codes(model, 0, 2)
  assert.deepEqual([...first.ids], ids.slice(0, 2))
  assert.equal(first.codes.length, 16)
  const rest = catalogue.vectors.codes(model, ids[1]!, 2)
  assert.deepEqual([[...rest.ids], rest.codes[0]], [[ids[2]], ids[2]])
})

test('models: a swap waits for every code; then the former is retired', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photo = addIndexed(catalogue, folder, 'a.jpg')
  const first = catalogue.models.add('first', modelRecord(), 11)
  assert.equal(catalogue.models.swap(first), false)
  assert.equal(catalogue.models.serving(), undefined)
  catalogue.vectors.putEncoding(photo, first, encodingOf(1))
  assert.equal(catalogue.models.swap(first), true)
  const second = catalogue.models.add('learned', modelRecord(300), 12)
  catalogue.vectors.putEncoding(photo, second, encodingOf(2))
  assert.equal(catalogue.models.swap(second), true)
  assert.deepEqual(
    catalogue.models.list().map(({ id, kind, state }) => [id, kind, state]),
    [
      [first, 'first', 'retired'],
      [second, 'learned', 'serving']
    ]
  )
  assert.deepEqual(catalogue.models.record(second), modelRecord(300))
  assert.equal(catalogue.vectors.dropOfModel(first, 10), 1)
  catalogue.models.erase(first)
  assert.equal(catalogue.models.list().length, 1)
  assert.equal(catalogue.vectors.descriptor(photo, second)?.[0], 2)
})

test('vectors: features of two backbones stand beside each other', (context) => {
  const catalogue = temporaryCatalogue(context)
  const { vectors, models } = catalogue
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name)) as [
    number,
    number
  ]
  const other = 'c'.repeat(64)
  const madeAt = vectors.madeAt(a)
  const before = Date.now() - 10_000
  assert.deepEqual(vectors.undescribed(other, 0, 10), [a, b])
  vectors.addFeature(a, other, new Uint16Array(8).fill(9))
  assert.deepEqual(vectors.undescribed(other, 0, 10), [b])
  assert.deepEqual(vectors.undescribed(other, b, 10), [])
  assert.deepEqual(vectors.backbones(), [BACKBONE, other])
  assert.equal(vectors.feature(a, BACKBONE)?.[0], 1)
  assert.equal(vectors.feature(a, other)?.[0], 9)
  assert.equal(vectors.indexedFeature(b, other), undefined)
  assert.deepEqual([...vectors.featureIds(other)], [a])
  assert.equal(vectors.madeAt(a), madeAt, 'its content is as old as it was')
  assert.equal(vectors.madeSince(before), 2, 'a photo counts once')

  const model = models.add('first', { ...modelRecord(), backbone: other }, 1)
  vectors.putEncoding(a, model, encodingOf(1))
  assert.equal(models.swap(model), false, 'a photo without feature and code of it')
  vectors.addFeature(b, other, new Uint16Array(8).fill(9))
  vectors.putEncoding(b, model, encodingOf(1))
  assert.equal(models.swap(model), true)

  assert.equal(vectors.dropOfBackbone(BACKBONE, 1), 1)
  assert.equal(vectors.dropOfBackbone(BACKBONE, 10), 1)
  assert.deepEqual(vectors.backbones(), [other])
  vectors.addFeature(a, BACKBONE, new Uint16Array(8))
  vectors.putFeature(a, other, new Uint16Array(8))
  assert.equal(vectors.feature(a, BACKBONE), undefined, 'new content: all that was known goes')
  assert.equal(vectors.requeue(a), true)
  assert.equal(catalogue.work.counts().pending, 1)
})

test('vectors: features of another backbone are made anew', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  addIndexed(catalogue, folder, 'a.jpg')
  assert.equal(catalogue.vectors.requeueUndescribed(BACKBONE), 0)
  assert.equal(catalogue.vectors.requeueUndescribed('another'), 1)
  assert.equal(catalogue.work.counts().pending, 1)
})

test('settings are kept', (context) => {
  const { settings } = temporaryCatalogue(context)
  assert.deepEqual([settings.paused(), settings.sweptAt()], [false, 0])
  settings.setPaused(true)
  settings.setSweptAt(1234)
  assert.deepEqual([settings.paused(), settings.sweptAt()], [true, 1234])
})
