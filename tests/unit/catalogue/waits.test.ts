// Photos and folders that wait: what is tried next, what is told, what is released.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import type { Task } from '../../../main/catalogue/work-table.ts'
import {
  BACKBONE,
  addIndexed,
  faultRecord,
  fileFacts,
  temporaryCatalogue
} from '../../support/library.ts'

const LONG_AGO = 1
const FAR = Date.now() + 3600_000

function library(context: TestContext, photos: number) {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = Array.from({ length: photos }, (_, i) =>
    catalogue.files.insert(folder, '', fileFacts(`${i}.jpg`), 0)
  )
  return { catalogue, folder, ids }
}

function taskOf(catalogue: Catalogue, id: number | undefined): Task {
  const task = catalogue.work.task(id ?? 0)
  assert.ok(task)
  return task
}

function idsOf(tasks: readonly Task[]): number[] {
  return tasks.map(({ id }) => id)
}

test('a photo that waits is not sent before its time, and then it is', (context) => {
  const { catalogue, ids } = library(context, 3)
  const [a, b, c] = ids
  const { waits } = catalogue
  assert.equal(waits.photo(taskOf(catalogue, a), faultRecord('no-access'), FAR), true)
  assert.equal(waits.photo(taskOf(catalogue, b), faultRecord('disk-error'), LONG_AGO), true)
  assert.deepEqual(idsOf(catalogue.work.pending(10)), [c])
  assert.deepEqual(idsOf(catalogue.waits.due(Date.now(), 10)), [b])
  assert.equal(catalogue.work.doable(), 2)
  assert.equal(catalogue.waits.next(), LONG_AGO)
  const { attempts, waitedFor } = taskOf(catalogue, b)
  assert.deepEqual([attempts, waitedFor], [1, 'disk-error'])
})

test('what waits is told by folder and cause, and released by them', (context) => {
  const { catalogue, folder, ids } = library(context, 3)
  const [a, b, c] = ids
  const closed = faultRecord('no-access')
  for (const id of [a, b]) catalogue.waits.photo(taskOf(catalogue, id), closed, FAR)
  const broken = faultRecord('disk-error')
  catalogue.waits.photo(taskOf(catalogue, c), broken, FAR)
  const named = { folder, name: 'photos', retryAt: FAR }
  assert.deepEqual(catalogue.waits.groups(), [
    { ...named, fault: broken, photos: 1 },
    { ...named, fault: closed, photos: 2 }
  ])
  catalogue.waits.release(folder, 'no-access')
  assert.deepEqual(idsOf(catalogue.work.pending(10)), [a, b])
  catalogue.waits.releaseAll()
  assert.deepEqual(idsOf(catalogue.work.pending(10)), ids)
  assert.deepEqual(catalogue.waits.groups(), [])
  assert.equal(catalogue.waits.next(), undefined)
})

test('of a folder that waits one photo is tried, another one each time', (context) => {
  const { catalogue, folder, ids } = library(context, 3)
  const [a, b] = ids
  const ofFolder = faultRecord('disk-error', { about: 'folder' })
  catalogue.waits.photo(taskOf(catalogue, a), faultRecord('disk-error'), FAR)
  catalogue.waits.folder(folder, ofFolder, FAR)
  assert.deepEqual(catalogue.work.pending(10), [])
  assert.equal(catalogue.work.doable(), 0)
  assert.equal(catalogue.waits.probe(Date.now()), undefined, 'not before its time')
  assert.equal(catalogue.waits.next(), FAR)
  assert.deepEqual(
    catalogue.waits.groups().map(({ fault, photos }) => [fault.about, photos]),
    [['folder', 3]],
    'told once, for all of its photos'
  )
  assert.equal(catalogue.waits.probe(FAR)?.id, b)
  catalogue.waits.photo(taskOf(catalogue, b), faultRecord('disk-error'), FAR)
  catalogue.waits.folder(folder, ofFolder, FAR + 5)
  assert.deepEqual(catalogue.waits.ofFolder(folder), { attempts: 2, retryAt: FAR + 5 })
  assert.equal(catalogue.waits.probe(FAR + 5)?.id, ids[2])
  catalogue.waits.folderGoesOn(folder)
  assert.deepEqual(idsOf(catalogue.work.pending(10)), [ids[2]])
  assert.equal(catalogue.waits.ofFolder(folder), undefined)
})

test('no wait is longer than is allowed, whatever the clock was when it was set', (context) => {
  const { catalogue, ids } = library(context, 2)
  const held = catalogue.folders.add('/others', 'others')
  catalogue.waits.folder(held, faultRecord('disk-error', { about: 'folder' }), FAR)
  const [soon, late] = ids
  catalogue.waits.photo(taskOf(catalogue, soon), faultRecord('no-access'), 500)
  catalogue.waits.photo(taskOf(catalogue, late), faultRecord('no-access'), FAR)
  catalogue.waits.bound({ photos: 2000, folders: 1000 })
  assert.equal(catalogue.waits.ofFolder(held)?.retryAt, 1000)
  assert.deepEqual(idsOf(catalogue.waits.due(499, 9)), [])
  assert.deepEqual(idsOf(catalogue.waits.due(500, 9)), [soon])
  assert.deepEqual(idsOf(catalogue.waits.due(2000, 9)), ids)
})

test('a file that changed waits for nothing, and one that left is not kept waiting', (context) => {
  const { catalogue, ids } = library(context, 2)
  const [a, b] = ids
  const sent = taskOf(catalogue, a)
  catalogue.waits.photo(sent, faultRecord('disk-error'), FAR)
  catalogue.files.change(sent.id, fileFacts('0.jpg', { modifiedAt: 9 }))
  assert.deepEqual(idsOf(catalogue.work.pending(10)), ids)
  assert.equal(catalogue.waits.photo(sent, faultRecord('disk-error'), FAR), false)
  const left = taskOf(catalogue, b)
  catalogue.files.leave(left.id, 1)
  assert.equal(catalogue.waits.photo(left, faultRecord('disk-error'), FAR), false)
  assert.equal(catalogue.waits.next(), undefined)
})

test('a photo that waits keeps its vectors and its place in the grid', async (context) => {
  const { catalogue, folder } = library(context, 0)
  const id = addIndexed(catalogue, folder, 'a.jpg', 7)
  catalogue.files.change(id, fileFacts('a.jpg', { modifiedAt: 9 }))
  catalogue.waits.photo(taskOf(catalogue, id), faultRecord('disk-error'), FAR)
  assert.equal(catalogue.vectors.feature(id, BACKBONE)?.[0], 7)
  assert.deepEqual([...(await catalogue.photos.grid()).ids], [id])
})

test('directories that cannot be listed are told, the uppermost alone', (context) => {
  const { catalogue, folder } = library(context, 0)
  const { closed, folders } = catalogue
  const refused = faultRecord('no-access', { about: 'folder' })
  const broken = faultRecord('disk-error', { about: 'folder' })
  closed.put(folder, 'a/b', refused, FAR)
  closed.put(folder, 'a/b/c', refused, FAR)
  closed.put(folder, 'a/bc', refused, LONG_AGO)
  closed.put(folder, 'd', broken, FAR)
  closed.put(folder, 'a/b', refused, FAR) // once more: what lies below it is not asked for
  const told = { folder, name: 'photos' }
  assert.deepEqual(closed.groups(), [
    { ...told, fault: refused, directories: 2, first: 'a/b', retryAt: LONG_AGO },
    { ...told, fault: broken, directories: 1, first: 'd', retryAt: FAR }
  ])
  assert.deepEqual(closed.ofFolder(folder), [
    { directory: 'a/b', attempts: 2, retryAt: FAR },
    { directory: 'a/bc', attempts: 1, retryAt: LONG_AGO },
    { directory: 'd', attempts: 1, retryAt: FAR }
  ])
  assert.deepEqual(closed.due(Date.now()), [{ folder, directory: 'a/bc' }])
  assert.equal(closed.next(), LONG_AGO)
  closed.drop(folder, 'a/bc')
  assert.equal(closed.next(), FAR)
  closed.bound(FAR - 1)
  assert.equal(closed.next(), FAR - 1)
  closed.releaseAll()
  assert.equal(closed.due(Date.now()).length, 2)

  folders.setPresent(folder, false)
  assert.deepEqual(closed.groups(), [], 'of a drive that is away nothing is asked')
  closed.put(folder, '', broken, FAR)
  assert.deepEqual(closed.groups(), [
    { ...told, fault: broken, directories: 1, first: '', retryAt: FAR }
  ])
  folders.remove(folder, Date.now())
  assert.deepEqual([closed.groups(), closed.next()], [[], undefined])
})
