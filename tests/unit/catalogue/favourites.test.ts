// Favourites belong to the content of a photo: they outlive its row and its name, equal photos
// share them, and an edit of the file keeps them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { purge } from '../../../main/engine/indexing/sweep-thumbnails.ts'
import { thumbnailName } from '../../../main/wire/thumbnail.ts'
import {
  addCopy,
  addIndexed,
  describeAs,
  faultRecord,
  fileFacts,
  hashOf,
  temporaryCatalogue,
  temporaryFolder
} from '../../support/library.ts'

const YEAR = 365 * 24 * 3600_000

const isFavourite = (catalogue: Catalogue, id: number): boolean | undefined =>
  catalogue.photos.shown(id)?.favourite

test('a favourite that comes back after a year, elsewhere and renamed, is one', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  const other = addIndexed(catalogue, folder, 'b.jpg')
  catalogue.favourites.set([id], true)
  for (const each of [id, other]) catalogue.files.leave(each, 1000)
  assert.equal(await purge(catalogue, YEAR), 2, 'rows are let go')
  assert.equal(catalogue.photos.thumbnailKnown(thumbnailName(hashOf('a.jpg'))), false)

  const root = catalogue.folders.add('/elsewhere', 'elsewhere')
  const again = addCopy(catalogue, root, 'renamed.jpg', 'a.jpg')
  assert.equal(isFavourite(catalogue, again), true)
  assert.deepEqual(catalogue.photos.favouriteIds(), [again])
  assert.equal(isFavourite(catalogue, addCopy(catalogue, root, 'c.jpg', 'b.jpg')), false)
})

test('a favourite of a folder that was taken out is one when it is added again', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  catalogue.favourites.set([addIndexed(catalogue, folder, 'a.jpg')], true)
  catalogue.folders.remove(folder, 1000)
  await purge(catalogue, YEAR)
  assert.equal(catalogue.folders.get(folder), undefined)
  const again = catalogue.folders.add('/photos', 'photos')
  assert.equal(isFavourite(catalogue, addIndexed(catalogue, again, 'a.jpg')), true)
})

test('equal photos share the mark, whichever was there or marked first', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const first = addIndexed(catalogue, folder, 'a.jpg')
  const second = addCopy(catalogue, folder, 'copy.jpg', 'a.jpg')
  const other = addIndexed(catalogue, folder, 'b.jpg')
  catalogue.favourites.set([second], true)
  const third = addCopy(catalogue, folder, 'copy of copy.jpg', 'a.jpg')
  const marks = (): unknown => [first, second, third, other].map((id) => isFavourite(catalogue, id))
  assert.deepEqual(marks(), [true, true, true, false])
  catalogue.favourites.set([third], false)
  assert.deepEqual(marks(), [false, false, false, false])
  assert.equal(isFavourite(catalogue, addCopy(catalogue, folder, 'd.jpg', 'a.jpg')), false)
})

test('an edit of the file keeps the mark, and the content before it keeps it too', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  const equal = addCopy(catalogue, folder, 'b.jpg', 'edited')
  catalogue.favourites.set([id], true)
  catalogue.files.change(id, fileFacts('a.jpg', { size: 9 }))
  assert.equal(isFavourite(catalogue, id), true, 'while it waits to be described')
  describeAs(catalogue, id, 'edited')
  assert.equal(isFavourite(catalogue, id), true)
  assert.equal(isFavourite(catalogue, equal), true, 'it is equal now')
  assert.equal(isFavourite(catalogue, addCopy(catalogue, folder, 'old.jpg', 'a.jpg')), true)
})

test('a favourite that fails for a while, as half a file, is one when it is whole', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  catalogue.favourites.set([id], true)
  catalogue.files.change(id, fileFacts('a.jpg', { size: 9 }))
  const task = catalogue.work.task(id)
  assert.ok(task)
  assert.ok(catalogue.work.fail(task, faultRecord('corrupt-photo')))
  catalogue.files.change(id, fileFacts('a.jpg', { size: 10 }))
  describeAs(catalogue, id, 'whole')
  assert.equal(isFavourite(catalogue, id), true)
})

test('marks of a library of version 5 become those of contents', (context) => {
  const folder = temporaryFolder(context)
  const database = openDatabase(join(folder, 'kindred.sqlite'))
  migrate(database, MIGRATIONS.slice(0, 5))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
      width, height, favourite) VALUES
      (1, '', 'a.jpg', 1, 1, 1, 1, 'indexed', 'h', 4, 3, 1),
      (1, '', 'twin.jpg', 1, 1, 1, 1, 'indexed', 'h', 4, 3, 0),
      (1, '', 'b.jpg', 1, 1, 1, 1, 'indexed', 'i', 4, 3, 0)`)
  database.close()
  const catalogue = openCatalogue(folder)
  assert.deepEqual(catalogue.photos.favouriteIds(), [1, 2])
  assert.deepEqual(catalogue.favourites.hashes(), ['h'])
  catalogue.close()
})
