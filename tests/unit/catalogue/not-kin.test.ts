// Which photos a person said are no kin is kept: both ways, by content, in copies and in catalogues
// that go back to one, and when rows of photos are gone.
import assert from 'node:assert/strict'
import test from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { makeCopy } from '../../../main/catalogue/copies.ts'
import { restoreCopy } from '../../../main/catalogue/rebuild.ts'
import { addCopy, hashOf, temporaryCatalogue, temporaryFolder } from '../../support/library.ts'

test('a decision holds both ways, for all files of these contents, until it is taken back', (t) => {
  const { folders, notKin, ...catalogue } = temporaryCatalogue(t)
  const folder = folders.add('/photos', 'photos')
  const add = (name: string, content: string): number =>
    addCopy({ ...catalogue, folders, notKin }, folder, name, content)
  const [a, b, c] = [add('a.jpg', 'a'), add('b.jpg', 'b'), add('c.jpg', 'c')]
  assert.deepEqual(notKin.of([a]), [])
  notKin.add([a], [b], 1)
  notKin.add([c], [a, c], 2)
  notKin.add([b], [a], 3)
  assert.deepEqual(notKin.of([a]), [c, b], 'the latest first; said twice it is as old as it was')
  assert.deepEqual(notKin.of([b]), [a])
  assert.deepEqual(notKin.of([c]), [a], 'no photo is put away from itself')
  assert.deepEqual(notKin.of([b, c]), [a], 'once')
  assert.equal(notKin.pairs().length, 2)
  const copy = add('d.jpg', 'b')
  assert.deepEqual(notKin.of([a]), [c, b, copy])
  assert.deepEqual(notKin.of([copy]), [a])
  notKin.drop([copy], [a])
  assert.deepEqual([notKin.of([a]), notKin.of([b])], [[c], []])
})

test('decisions are in copies, and in a catalogue that goes back to one', (t) => {
  const library = temporaryFolder(t)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a', 'b'].map((name) => addCopy(catalogue, folder, `${name}.jpg`, name))
  catalogue.notKin.add(ids.slice(0, 1), ids.slice(1), 1)
  const copy = makeCopy(library, Date.UTC(2026, 2, 12))
  assert.ok(copy)
  catalogue.notKin.drop(ids, ids)
  catalogue.close()
  restoreCopy(library, copy, Date.UTC(2026, 2, 13))
  const restored = openCatalogue(library)
  t.after(() => restored.close())
  const [one, other] = [hashOf('a'), hashOf('b')].sort()
  assert.deepEqual(restored.notKin.pairs(), [{ one, other }])
  const again = restored.folders.add('/elsewhere', 'elsewhere')
  const came = ['b', 'a'].map((name) => addCopy(restored, again, `${name}.jpg`, name))
  assert.deepEqual(restored.notKin.of(came.slice(0, 1)), came.slice(1), 'under other rows')
})
