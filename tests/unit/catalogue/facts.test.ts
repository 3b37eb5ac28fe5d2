// Facts of photos in the catalogue: one row of a camera for all of its photos, kept and replaced
// with what a photo is, gone with the photo.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { factTable } from '../../../main/catalogue/fact-table.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { changedSince, CHANGES } from '../../../main/wire/judgement.ts'
import type { PhotoFacts } from '../../../main/wire/photo-facts.ts'
import {
  addIndexed,
  faultRecord,
  fileFacts,
  hashOf,
  temporaryCatalogue,
  temporaryFolder
} from '../../support/library.ts'

const FACTS: PhotoFacts = {
  camera: 'Canon EOS 5D',
  lens: 'EF50mm f/1.8 II',
  exposureTime: 1 / 250,
  aperture: 5.6,
  iso: 400,
  focalLength: 50,
  place: { latitude: -33.8568, longitude: 151.2153, altitude: 4.5 }
}
const LITTLE: PhotoFacts = {
  camera: 'Canon EOS 5D',
  lens: null,
  exposureTime: null,
  aperture: null,
  iso: null,
  focalLength: null,
  place: null
}

test('facts are kept, replaced and taken away', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [first, second] = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name))
  assert.ok(first && second)
  assert.equal(catalogue.facts.of(first), null)
  catalogue.facts.set(first, FACTS)
  catalogue.facts.set(second, LITTLE)
  assert.deepEqual(catalogue.facts.of(first), FACTS)
  assert.deepEqual(catalogue.facts.of(second), LITTLE)
  catalogue.facts.set(second, FACTS)
  assert.deepEqual(catalogue.facts.of(second), FACTS)
  catalogue.facts.set(first, null)
  assert.equal(catalogue.facts.of(first), null)
  assert.deepEqual(catalogue.facts.of(second), FACTS)
})

test('what a photo becomes brings its facts, and takes those of former content away', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const id = catalogue.files.insert(folder, '', fileFacts('a.jpg'), 0)
  const describe = (facts: PhotoFacts | null, hash: string): void => {
    const what = { hash: hashOf(hash), width: 4, height: 3, capturedAt: null, facts }
    const task = catalogue.work.task(id)
    assert.ok(task && catalogue.transaction(() => catalogue.work.describe(task, what)))
  }
  describe(FACTS, 'a')
  assert.deepEqual(catalogue.facts.of(id), FACTS)
  catalogue.files.change(id, { ...fileFacts('a.jpg'), size: 77 })
  describe(null, 'b')
  assert.equal(catalogue.facts.of(id), null)
  catalogue.files.change(id, { ...fileFacts('a.jpg'), size: 78 })
  describe(FACTS, 'c')
  catalogue.files.change(id, { ...fileFacts('a.jpg'), size: 79 })
  const task = catalogue.work.task(id)
  const fault = faultRecord('corrupt-photo')
  assert.ok(task && catalogue.transaction(() => catalogue.work.fail(task, fault)))
  assert.equal(catalogue.facts.of(id), null)
})

test('photos of a version without facts are read once more, and not described', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  context.after(() => database.close())
  const step = MIGRATIONS.findIndex(({ what }) => what.startsWith('facts of photos'))
  migrate(database, MIGRATIONS.slice(0, step))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
      width, height, dated, judgement, format)
      VALUES (1, '', 'a.jpg', 1, 1, 1, 1, 'indexed', 'h', 4, 3, 1, 2, 'jpeg')`)
  migrate(database)
  const before = CHANGES.findIndex(({ what }) => what.startsWith('cameras'))
  assert.equal(changedSince(before, 'jpeg', CHANGES.slice(0, before + 1)), 'metadata')
  const facts = factTable(database)
  facts.set(1, FACTS)
  assert.deepEqual(facts.of(1), FACTS)
  const cameras = database.query('SELECT name FROM cameras', v.object({ name: v.string() }))
  facts.set(1, LITTLE)
  assert.deepEqual(cameras.all(), [{ name: 'Canon EOS 5D' }])
  database.script('DELETE FROM photos')
  assert.equal(facts.of(1), null, 'a photo takes its facts with it')
})
