// Going back to a copy at somebody's wish: what was decided then is there, nothing of today is
// lost, and nothing happens while the library is open or where no one copy is meant.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { CATALOGUE_FILE, connectCatalogue, openCatalogue } from '../../../../main/catalogue/catalogue.ts'
import { copiesOf, makeCopy } from '../../../../main/catalogue/copies.ts'
import { listCopies, restore } from '../../../../main/engine/copies/restore-copy.ts'
import { readableDecisions } from '../../../../main/catalogue/soundness.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import type { FaultKind } from '../../../../main/wire/fault.ts'
import { rebuiltSentence } from '../../../../main/wire/rebuilt.ts'
import { addIndexed, hashOf, temporaryFolder } from '../../../support/library.ts'

const FIRST = Date.UTC(2026, 2, 12, 10, 30)
const SECOND = Date.UTC(2026, 2, 19, 10, 30)
const NOW = Date.UTC(2026, 2, 20)
/** ms to wait for a lock. */
const PATIENCE = 10

/** One favourite in the first copy, two in the second, none today. */
function libraryOf(context: TestContext): string {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name))
  catalogue.favourites.set([a!], true)
  makeCopy(library, FIRST)
  catalogue.favourites.set([b!], true)
  makeCopy(library, SECOND)
  catalogue.favourites.set([a!, b!], false)
  catalogue.close()
  return library
}

function favouritesOf(library: string): string[] {
  const catalogue = openCatalogue(library)
  const hashes = catalogue.favourites.hashes()
  catalogue.close()
  return [...hashes].sort()
}

function refused(kind: FaultKind): (error: unknown) => boolean {
  return (error) => isFault(error, kind) && error.record.about === 'library'
}

test('copies are told, the latest first, and one that cannot be read as such', (context) => {
  const library = libraryOf(context)
  writeFileSync(copiesOf(library)[1]!.path, 'no catalogue')
  assert.deepEqual(
    listCopies(library).map(({ at, marks }) => [at, marks]),
    [
      [SECOND, 2],
      [FIRST, null]
    ]
  )
  assert.throws(() => listCopies(join(library, 'typo')), refused('not-found'))
})

test('what was decided is as it was then, and what was today is kept whole', (context) => {
  const library = libraryOf(context)
  const done = restore(library, '2026-03-12', NOW)
  assert.deepEqual([done.from, done.isAsked], [FIRST, true])
  assert.match(rebuiltSentence(done), /as of 12 March 2026 again.*kindred-replaced-2026-03-20T/s)
  assert.doesNotMatch(rebuiltSentence(done), /damaged/)
  const catalogue = openCatalogue(library)
  assert.deepEqual(catalogue.favourites.hashes(), [hashOf('a.jpg')])
  assert.deepEqual(catalogue.folders.list().map(({ path }) => path), ['/photos'])
  assert.equal(catalogue.work.counts().indexed, 0)
  assert.deepEqual(catalogue.settings.rebuilt(), done, 'the page tells it')
  catalogue.close()
  const former = connectCatalogue(library, 'read')
  former.close()
  assert.equal(readableDecisions(join(library, done.kept))?.marks, 0)

  restore(library, basename(copiesOf(library)[0]!.path), NOW + 1)
  assert.deepEqual(favouritesOf(library), [hashOf('a.jpg'), hashOf('b.jpg')])
  assert.equal(copiesOf(library).length, 2, 'copies stay')
  const kept = readdirSync(library).filter((name) => /^kindred-replaced-.*sqlite$/.test(name))
  assert.equal(kept.length, 2)
})

test('a copy that lies elsewhere is taken, too, also where the catalogue is gone', (context) => {
  const library = libraryOf(context)
  const elsewhere = join(temporaryFolder(context), 'saved.sqlite')
  copyFileSync(copiesOf(library)[1]!.path, elsewhere)
  for (const name of readdirSync(library))
    if (name.startsWith(CATALOGUE_FILE)) rmSync(join(library, name))
  restore(library, elsewhere, NOW)
  assert.deepEqual(favouritesOf(library), [hashOf('a.jpg')])
})

test('it is refused while the library is open, and nothing is changed', (context) => {
  const library = libraryOf(context)
  const catalogue = openCatalogue(library)
  assert.throws(() => restore(library, '2026-03-12', NOW, PATIENCE), refused('library-in-use'))
  catalogue.favourites.set([1], true)
  catalogue.close()
  assert.deepEqual(favouritesOf(library), [hashOf('a.jpg')])
  assert.equal(readdirSync(library).some((name) => name.includes('replaced')), false)
})

test('nothing is changed where no one copy is meant, or it cannot be read', (context) => {
  const library = libraryOf(context)
  const broken = join(library, 'broken.sqlite')
  writeFileSync(broken, 'no catalogue')
  const before = readdirSync(library).sort()
  for (const meant of ['2026-03', '2027', '', join(library, CATALOGUE_FILE)])
    assert.throws(() => restore(library, meant, NOW), refused('not-found'), meant)
  assert.throws(() => restore(library, broken, NOW), refused('library-damaged'))
  assert.deepEqual(readdirSync(library).sort(), before)
  assert.deepEqual(favouritesOf(library), [])
  restore(library, '2026-03-12', NOW) // the lock was given back
})
