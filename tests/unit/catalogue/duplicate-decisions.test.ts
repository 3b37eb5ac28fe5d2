// What a person decided about duplicates is kept: by content, in copies and in rebuilt catalogues,
// and where a folder becomes a part of another.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { makeCopy } from '../../../main/catalogue/copies.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { duplicateDecisions } from '../../../main/catalogue/duplicate-decisions.ts'
import { addCopy, addIndexed, hashOf, temporaryCatalogue } from '../../support/library.ts'
import { temporaryFolder } from '../../support/library.ts'

test('a decision is of contents, and holds where they lie now', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b] = [addCopy(catalogue, folder, 'a.jpg', 'a'), addCopy(catalogue, folder, 'b.jpg', 'b')]
  const { add, byContent, forget, withPhotos } = catalogue.duplicateDecisions
  assert.equal(add([a, b], 1), 1)
  assert.equal(add([a, a], 2), 2)
  assert.deepEqual(
    byContent(),
    new Map([
      [hashOf('a'), new Set([1, 2])],
      [hashOf('b'), new Set([1])]
    ])
  )
  assert.deepEqual(withPhotos(), [{ decision: 1, ids: [a, b] }], 'of the other one is there')
  const copy = addCopy(catalogue, folder, 'c.jpg', 'a')
  assert.deepEqual(withPhotos()[0], { decision: 2, ids: [a, copy] })
  forget(1)
  assert.deepEqual([...byContent().keys()], [hashOf('a')])
})

test('kept places follow a folder that becomes a part of another, and one that comes back', (context) => {
  const catalogue = temporaryCatalogue(context)
  const inner = catalogue.folders.add('/photos/album', 'album')
  const other = catalogue.folders.add('/other', 'other')
  const { adoptPlaces, places, setPlaces } = catalogue.duplicateDecisions
  const told = (): string[] =>
    places().map(({ root, directory, isProtected }) => `${root} ${directory} ${isProtected}`)
  setPlaces([
    { folder: other, directory: '', isProtected: false },
    { folder: inner, directory: '', isProtected: true },
    { folder: inner, directory: '2024', isProtected: false },
    { folder: 999, directory: '', isProtected: true }
  ])
  assert.deepEqual(told(), ['/other  false', '/photos/album  true', '/photos/album 2024 false'])
  const outer = catalogue.folders.add('/photos', 'photos')
  adoptPlaces(inner, outer, 'album')
  catalogue.folders.adopt(inner, outer, 'album')
  const adopted = ['/photos album true', '/photos album/2024 false']
  assert.deepEqual(told(), ['/other  false', ...adopted])
  catalogue.folders.remove(outer, 1)
  assert.deepEqual(told(), ['/other  false'])
  setPlaces([])
  catalogue.folders.add('/photos', 'photos')
  assert.deepEqual(told(), adopted, 'a folder that was taken out keeps its own')
})

test('copies hold these decisions', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name))
  catalogue.duplicateDecisions.add(ids, 1)
  catalogue.duplicateDecisions.setPlaces([{ folder, directory: 'album', isProtected: true }])
  const copy = makeCopy(library, Date.UTC(2026, 2, 12))
  catalogue.close()
  assert.ok(copy && copy.path !== join(library, CATALOGUE_FILE))
  const database = openDatabase(copy.path)
  context.after(() => database.close())
  const { byContent, places } = duplicateDecisions(database)
  assert.deepEqual([...byContent().keys()], ['a.jpg', 'b.jpg'].map(hashOf))
  assert.deepEqual(places(), [{ folder, directory: 'album', isProtected: true, root: '/photos' }])
})
