// Ratings belong to the content of a photo, as favourites do: they outlive its row, equal photos
// share them, an edit of the file keeps them, and copies of the catalogue hold them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { makeCopy } from '../../../main/catalogue/copies.ts'
import { readableDecisions } from '../../../main/catalogue/soundness.ts'
import { handOn } from '../../../main/engine/folders/heirs.ts'
import { purge } from '../../../main/engine/indexing/sweep-thumbnails.ts'
import {
  addCopy,
  addIndexed,
  describeAs,
  fileFacts,
  temporaryCatalogue,
  temporaryFolder
} from '../../support/library.ts'

const YEAR = 365 * 24 * 3600_000

const ratingOf = (catalogue: Catalogue, id: number): number | undefined =>
  catalogue.photos.shown(id)?.rating

test('equal photos share a rating, whichever was there or rated first', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const first = addIndexed(catalogue, folder, 'a.jpg')
  const second = addCopy(catalogue, folder, 'copy.jpg', 'a.jpg')
  const other = addIndexed(catalogue, folder, 'b.jpg')
  catalogue.ratings.set([second], 4)
  const third = addCopy(catalogue, folder, 'copy of copy.jpg', 'a.jpg')
  const ratings = (): unknown =>
    [first, second, third, other].map((id) => ratingOf(catalogue, id))
  assert.deepEqual(ratings(), [4, 4, 4, 0])
  catalogue.ratings.set([first, other], 2)
  assert.deepEqual(ratings(), [2, 2, 2, 2])
  catalogue.ratings.set([third], 0)
  assert.deepEqual(ratings(), [0, 0, 0, 2])
  assert.equal(ratingOf(catalogue, addCopy(catalogue, folder, 'd.jpg', 'a.jpg')), 0)
})

test('a filter takes those that are rated so high or higher', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = [0, 1, 2, 3, 4, 5].map((rating) => {
    const id = addIndexed(catalogue, folder, `${rating}.jpg`)
    catalogue.ratings.set([id], rating)
    return id
  })
  assert.deepEqual(catalogue.photos.ratedIds(1), ids.slice(1))
  assert.deepEqual(catalogue.photos.ratedIds(4), ids.slice(4))
})

test('a rated photo that comes back after a year, elsewhere, has its rating', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  catalogue.ratings.set([id], 5)
  catalogue.files.leave(id, 1000)
  assert.equal(await purge(catalogue, YEAR), 1, 'its row is let go')
  const root = catalogue.folders.add('/elsewhere', 'elsewhere')
  assert.equal(ratingOf(catalogue, addCopy(catalogue, root, 'b.jpg', 'a.jpg')), 5)
})

test('an edit of the file keeps the rating, unless its new content has one', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = addIndexed(catalogue, folder, 'a.jpg')
  const equal = addCopy(catalogue, folder, 'b.jpg', 'edited')
  const rated = addCopy(catalogue, folder, 'c.jpg', 'other')
  catalogue.ratings.set([id], 3)
  catalogue.ratings.set([rated], 1)
  catalogue.files.change(id, fileFacts('a.jpg', { size: 9 }))
  assert.equal(ratingOf(catalogue, id), 3, 'while it waits to be described')
  describeAs(catalogue, id, 'edited')
  assert.deepEqual([ratingOf(catalogue, id), ratingOf(catalogue, equal)], [3, 3])
  catalogue.files.change(id, fileFacts('a.jpg', { size: 10 }))
  describeAs(catalogue, id, 'other')
  assert.equal(ratingOf(catalogue, id), 1)
})

test('the file that stands for a picture from now on takes its rating over', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const former = catalogue.files.insert(
    folder,
    '',
    { ...fileFacts('a.jpg'), companions: ['a.ARW'] },
    0
  )
  describeAs(catalogue, former, 'a.jpg')
  const heir = addIndexed(catalogue, folder, 'a.ARW')
  const other = addIndexed(catalogue, folder, 'b.ARW')
  catalogue.ratings.set([former], 4)
  catalogue.files.leave(former, 1000)
  handOn(catalogue, [former])
  assert.deepEqual([ratingOf(catalogue, heir), ratingOf(catalogue, other)], [4, 0])
  assert.equal(catalogue.photos.shown(heir)?.favourite, false, 'it was none')
})

test('a copy of the catalogue holds ratings, and counts them', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name))
  catalogue.ratings.set(ids, 2)
  catalogue.favourites.set([ids[0]!], true)
  catalogue.close()
  const copy = makeCopy(library, Date.UTC(2026, 0, 1))
  assert.ok(copy)
  assert.equal(readableDecisions(copy.path)?.marks, 3)
})
