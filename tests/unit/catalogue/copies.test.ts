// Dated copies of what a person decided: when they are made, what is in them, which are kept.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { copiesOf, isCopyDue, makeCopy } from '../../../main/catalogue/copies.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { COPIES_FOLDER } from '../../../main/catalogue/library-files.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { copyIfDue } from '../../../main/catalogue/rebuild.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { readableDecisions } from '../../../main/catalogue/soundness.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { addIndexed, hashOf, modelRecord, temporaryFolder } from '../../support/library.ts'

const DAY = 24 * 3600_000
const NOW = Date.UTC(2026, 2, 12, 10, 30)

/** A folder with three photos, of which those named are favourites, and a model that serves. */
function fill(catalogue: Catalogue, favourites: readonly string[]): void {
  const folder = catalogue.folders.add('/photos', 'photos')
  assert.ok(catalogue.models.swap(catalogue.models.add('first', modelRecord(), 0)))
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
    const id = addIndexed(catalogue, folder, name)
    if (favourites.includes(name)) catalogue.favourites.set([id], true)
  }
}

const datesOf = (library: string): string[] =>
  copiesOf(library).map(({ at }) => new Date(at).toISOString().slice(0, 10))

test('a copy is a whole library without its photos, made while others write', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  fill(catalogue, ['b.jpg'])
  catalogue.settings.setPaused(true)
  const copy = makeCopy(library, NOW)
  assert.ok(copy)
  catalogue.settings.setPaused(false) // goes on beside it
  catalogue.close()
  assert.deepEqual(readdirSync(join(library, COPIES_FOLDER)), [
    'kindred-2026-03-12T10-30-00-000Z.sqlite'
  ])

  const other = join(library, 'other')
  mkdirSync(other)
  renameSync(copy.path, join(other, CATALOGUE_FILE))
  const opened = openCatalogue(other)
  assert.deepEqual(opened.favourites.hashes(), [hashOf('b.jpg')])
  assert.deepEqual(
    opened.folders.list().map(({ path }) => path),
    ['/photos']
  )
  assert.deepEqual(
    opened.models.list().map(({ state }) => state),
    ['serving']
  )
  assert.equal(opened.settings.paused(), true)
  assert.equal(opened.work.counts().indexed, 0)
  const [folder] = opened.folders.list()
  assert.ok(folder)
  const id = addIndexed(opened, folder.id, 'b.jpg')
  assert.equal(id, 4, 'ids of photos are never used twice')
  opened.transaction(() => opened.favourites.settle(id, hashOf('b.jpg')))
  assert.equal(opened.photos.shown(id)?.favourite, true, 'the favourite is back on its photo')
  opened.close()
})

test('a copy is due once a week, also where a clock was wrong', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  copyIfDue(library, NOW)
  assert.deepEqual(datesOf(library), [], 'nothing is there to be kept yet')
  fill(catalogue, ['a.jpg'])
  catalogue.close()
  for (const day of [0, 1, 6.9, 7, 8, 13.9, 14]) copyIfDue(library, NOW + day * DAY)
  assert.deepEqual(datesOf(library), ['2026-03-26', '2026-03-19', '2026-03-12'])
  assert.equal(isCopyDue(library, NOW - 300 * DAY), true, 'those of the future do not count')
  copyIfDue(library, NOW - 300 * DAY)
  assert.equal(isCopyDue(library, NOW - 300 * DAY), false)
  assert.equal(datesOf(library).length, 3)
})

test('the last three are kept, and the one with the most favourites', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  fill(catalogue, ['a.jpg', 'b.jpg'])
  makeCopy(library, NOW)
  makeCopy(library, NOW + DAY)
  catalogue.favourites.set([1, 2], false) // as if they were lost
  for (const day of [2, 3, 4, 5, 6]) makeCopy(library, NOW + day * DAY)
  assert.deepEqual(datesOf(library), ['2026-03-18', '2026-03-17', '2026-03-16', '2026-03-13'])
  assert.equal(readableDecisions(copiesOf(library).at(-1)?.path ?? '')?.marks, 2)

  catalogue.favourites.set([1, 2, 3], true)
  makeCopy(library, NOW + 7 * DAY)
  assert.deepEqual(datesOf(library), ['2026-03-19', '2026-03-18', '2026-03-17'])
  catalogue.close()
})

test('a copy that was cut short is none, and the next one is whole', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  fill(catalogue, ['a.jpg'])
  const folder = join(library, COPIES_FOLDER)
  mkdirSync(folder)
  for (const ending of ['', '-wal', '-shm'])
    writeFileSync(join(folder, `unfinished.sqlite${ending}`), 'cut short')
  assert.deepEqual(copiesOf(library), [])
  assert.ok(makeCopy(library, NOW))
  assert.equal(readdirSync(folder).length, 1)

  // Its name cannot be given: nothing is left behind, and the one before is kept.
  const next = makeCopy(library, NOW + 1)
  assert.ok(next)
  rmSync(next.path)
  mkdirSync(next.path)
  assert.throws(
    () => makeCopy(library, NOW + 1),
    (error) => isFault(error) && error.record.about === 'library'
  )
  assert.equal(existsSync(join(folder, 'unfinished.sqlite')), false)
  assert.equal(copiesOf(library).length, 2)
  catalogue.close()
})

test('of a catalogue whose decisions are damaged no copy is made', (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  fill(catalogue, ['a.jpg'])
  catalogue.close()
  const path = join(library, CATALOGUE_FILE)
  const bytes = readFileSync(path)
  bytes.fill(0xff, 8192)
  writeFileSync(path, bytes)
  assert.throws(
    () => copyIfDue(library, NOW),
    (error) => isFault(error, 'library-damaged')
  )
  assert.deepEqual(copiesOf(library), [])
})

test('before a catalogue is brought to new tables it is copied as it was', (context) => {
  for (let version = 2; version < MIGRATIONS.length; version++) {
    const library = temporaryFolder(context)
    const database = openDatabase(join(library, CATALOGUE_FILE))
    migrate(database, MIGRATIONS.slice(0, version))
    database.script(`
      INSERT INTO folders (id, path, name) VALUES (1, '/photos', 'photos');
      INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status,
          hash, width, height, favourite)
        VALUES (1, '', 'a.jpg', 1, 1, 1, 1, 'indexed', '${hashOf('a.jpg')}', 4, 3, 1),
          (1, '', 'b.jpg', 2, 1, 2, 1, 'indexed', '${hashOf('b.jpg')}', 4, 3, 0)`)
    if (version >= 6)
      database.script(`INSERT INTO favourites VALUES ('${hashOf('a.jpg')}', 1)`)
    database.close()
    openCatalogue(library).close()
    const [copy, ...more] = copiesOf(library)
    assert.ok(copy)
    assert.deepEqual(more, [])
    assert.equal(readableDecisions(copy.path)?.version, version)
    assert.equal(readableDecisions(copy.path)?.marks, 1)

    writeFileSync(join(library, CATALOGUE_FILE), '')
    const catalogue = openCatalogue(library) // it is migrated when it is used
    assert.deepEqual(catalogue.favourites.hashes(), [hashOf('a.jpg')], `version ${version}`)
    assert.deepEqual(
      catalogue.folders.list().map(({ path }) => path),
      ['/photos']
    )
    assert.equal(catalogue.settings.rebuilt()?.from, copy.at)
    catalogue.close()
  }
})
