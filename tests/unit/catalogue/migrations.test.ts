// Migrations: files of every older version come to today's tables with what they hold; newer ones
// are refused.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { CATALOGUE_FILE, connectCatalogue, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { dateTable } from '../../../main/catalogue/date-table.ts'
import { APPLICATION_ID, migrate } from '../../../main/catalogue/migrations.ts'
import { photoTable } from '../../../main/catalogue/photo-table.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { Fault, isFault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/library.ts'

const Value = v.object({ value: v.union([v.number(), v.string(), v.null()]) })

test('a catalogue of an older version is not read as it is', (context) => {
  const folder = temporaryFolder(context)
  const database = openDatabase(join(folder, CATALOGUE_FILE))
  migrate(database, MIGRATIONS.slice(0, 3))
  database.close()
  assert.throws(
    () => connectCatalogue(folder, 'read'),
    (error) => isFault(error, 'version-mismatch') && error.record.received === 'version 3'
  )
})

test('a catalogue of a newer Kindred is refused by its version', (context) => {
  const folder = temporaryFolder(context)
  openCatalogue(folder).close()
  const database = openDatabase(join(folder, CATALOGUE_FILE))
  database.script('PRAGMA user_version = 99')
  database.close()
  assert.throws(
    () => openCatalogue(folder),
    (error) => isFault(error, 'version-mismatch') && error.record.received === 'version 99'
  )
})

test('migrations are numbered without gaps, and each runs once', (context) => {
  assert.deepEqual(
    MIGRATIONS.map((migration) => migration.number),
    MIGRATIONS.map((_, index) => index + 1)
  )
  for (let version = 0; version <= MIGRATIONS.length; version++) {
    const path = join(temporaryFolder(context), 'a.sqlite')
    const database = openDatabase(path)
    migrate(database, MIGRATIONS.slice(0, version))
    migrate(database)
    migrate(database)
    const mark = (name: string): unknown =>
      database.query(`SELECT ${name} AS value FROM pragma_${name}`, Value).get()?.value
    assert.equal(mark('user_version'), MIGRATIONS.length)
    assert.equal(mark('application_id'), APPLICATION_ID)
    assert.equal(mark('journal_mode'), 'wal')
    database.close()
  }
})

test('features of a catalogue of version 3 are kept, each with its backbone and its time', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  migrate(database, MIGRATIONS.slice(0, 3))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
      width, height) VALUES (1, '', 'a.jpg', 1, 1, 1, 1, 'indexed', 'h', 4, 3),
      (1, '', 'b.jpg', 1, 1, 1, 1, 'indexed', 'i', 4, 3);
    INSERT INTO features (photo, backbone, feature, made_at)
      VALUES (1, 'x', x'0102', 1234), (2, 'y', x'0304', 0)`)
  migrate(database)
  const rows = database.query(
    `SELECT photo || backbone || hex(feature) || made_at AS value FROM features ORDER BY photo`,
    Value
  )
  assert.deepEqual(
    rows.all().map((row) => row.value),
    ['1x01021234', '2y03040']
  )
  database.script(`DELETE FROM photos WHERE id = 1`)
  assert.equal(rows.all().length, 1, 'a photo takes its features with it')
  database.close()
})

test('failures told in English are looked at once more, and then those by name', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  const last = MIGRATIONS.findIndex(({ what }) => what.startsWith('faults as JSON'))
  migrate(database, MIGRATIONS.slice(0, last))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status,
      gone_at, returns_as, fault_kind, fault_reason, attempts) VALUES
      (1, '', 'full.jpg', 1, 1, 1, 1, 'failed', NULL, NULL, 'corrupt-photo', 'ENOSPC', 0),
      (1, '', 'closed.jpg', 1, 1, 1, 1, 'failed', NULL, NULL, 'unreadable', 'EACCES', 3),
      (1, '', 'left.jpg', 1, 1, 1, 1, 'gone', 5, 'failed', 'unreadable', 'EIO', 3),
      (1, '', 'a.b.heic', 1, 1, 1, 1, 'failed', NULL, NULL, 'unsupported-format', 'not yet', 0)`)
  migrate(database, MIGRATIONS.slice(0, last + 1))
  const row = v.object({ status: v.string(), back: v.nullable(v.string()), tries: v.number() })
  const rows = database.query(
    'SELECT status, returns_as AS back, attempts AS tries FROM photos ORDER BY id',
    row
  )
  assert.deepEqual(rows.all().map(Object.values), [
    ['pending', null, 0],
    ['pending', null, 0],
    ['gone', 'pending', 0],
    ['failed', null, 0]
  ])
  const { fault } = database
    .query('SELECT fault FROM photos WHERE fault IS NOT NULL', v.object({ fault: v.string() }))
    .get() ?? { fault: '' }
  assert.deepEqual(
    JSON.parse(fault),
    new Fault({
      kind: 'unsupported-format',
      subject: 'a.b.heic',
      expected: 'JPEG, PNG, WebP, AVIF or GIF',
      received: 'HEIC'
    }).record
  )
  migrate(database)
  assert.equal(photoTable(database).failures(0, 10).length, 0)
  assert.deepEqual(Object.values(rows.all().at(-1) ?? {}), ['pending', null, 0])
  database.close()
})

test('photos of a version without companions are read once more for what they hold', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  const last = MIGRATIONS.findIndex(({ what }) => what.startsWith('companions'))
  migrate(database, MIGRATIONS.slice(0, last))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
      width, height, dated) VALUES (1, '', 'a.jpg', 1, 1, 1, 1, 'indexed', 'h', 4, 3, 1)`)
  migrate(database)
  const undated = dateTable(database).undated(9).map(({ name }) => name)
  const photo = photoTable(database).shown(1)
  assert.deepEqual(
    [undated, photo?.status, photo?.companions, photo?.holds],
    [['a.jpg'], 'indexed', [], null]
  )
  database.close()
})

test('photos refused as damaged, or for their format, are judged anew when damage is marked', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  const step = MIGRATIONS.findIndex(({ sql }) => sql.includes('COLUMN damage'))
  migrate(database, MIGRATIONS.slice(0, step))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/photos', 'photos');
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status,
      gone_at, returns_as, fault_kind, fault, attempts) VALUES
      (1, '', 'cut.jpg', 1, 1, 1, 1, 'failed', NULL, NULL, 'corrupt-photo', '{}', 1),
      (1, '', 'left.jpg', 1, 1, 1, 1, 'gone', 5, 'failed', 'corrupt-photo', '{}', 1),
      (1, '', 'huge.jpg', 1, 1, 1, 1, 'failed', NULL, NULL, 'too-large', '{}', 1),
      (1, '', 'a.tif', 1, 1, 1, 1, 'failed', NULL, NULL, 'unsupported-format', '{}', 0)`)
  migrate(database, MIGRATIONS.slice(0, step + 1))
  const row = v.object({ status: v.string(), back: v.nullable(v.string()), tries: v.number() })
  const rows = database.query(
    'SELECT status, returns_as AS back, attempts AS tries FROM photos ORDER BY id',
    row
  )
  assert.deepEqual(rows.all().map(Object.values), [
    ['pending', null, 0],
    ['gone', 'pending', 0],
    ['failed', null, 1],
    ['pending', null, 0]
  ])
  database.close()
})

test('runs and models from before there were witnesses are read; a run under way begins anew', (context) => {
  const library = temporaryFolder(context)
  const path = join(library, CATALOGUE_FILE)
  const before = openDatabase(path)
  const step = MIGRATIONS.findIndex(({ what }) => what.startsWith('witnesses'))
  migrate(before, MIGRATIONS.slice(0, step))
  const result = `{"kept":true,"reason":"Better.","steps":9,"seconds":4,"stepMilliseconds":1,
    "scoreBefore":0.5,"scoreAfter":0.6,"model":1}`
  const outcome = `{"kept":true,"scoreBefore":0.5,"scoreAfter":0.6,"steps":9,"device":"cpu",
    "stepMilliseconds":1}`
  const tuned = outcome.replace('0.5', 'null').replace('0.6', 'null')
  before.script(`
    INSERT INTO models (id, kind, state, version, backbone, books, codewords, part, fitted_on,
      created_at, weights) VALUES
      (1, 'learned', 'serving', 1, 'b', 16, 16, 8, 300, 1, x'00'),
      (2, 'learned', 'candidate', 1, 'c', 16, 16, 8, 300, 1, x'00');
    INSERT INTO runs (id, options, started_at, outcome, model, result, ended_at) VALUES
      (1, '{"depth":"head"}', 1, '${outcome}', 1, '${result}', 2),
      (2, '{"depth":"deep"}', 3, '${tuned}', 2, NULL, NULL);
    UPDATE runs SET sample = x'01000000', checkpoint = x'02', base = 1 WHERE id = 2`)
  before.close()
  const { runs, models, close } = openCatalogue(library)
  const ended = runs.lastEnded()!
  assert.deepEqual([ended.result?.verdict, ended.outcome?.verdict], [null, null])
  assert.deepEqual([ended.result?.reason, models.get(1)?.witnessShare], ['Better.', null])
  const { id, options, base, witnessShare, outcome: left, model } = runs.unfinished()!
  assert.deepEqual([id, options.depth], [2, 'deep'])
  assert.equal(base ?? witnessShare ?? left ?? model, null)
  assert.equal(runs.sample(2) ?? runs.checkpoint(2) ?? models.get(2), undefined)
  close()
})

test('a migration that fails leaves the version before it', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  const [first] = MIGRATIONS
  assert.ok(first)
  const broken = { number: 2, what: 'nonsense', sql: 'CREATE TABLE half (a); CREATE NONSENSE' }
  assert.throws(() => migrate(database, [first, broken]))
  const rows = database.query(
    `SELECT user_version AS value FROM pragma_user_version
     UNION ALL SELECT count(*) FROM sqlite_schema WHERE name = 'half'`,
    Value
  )
  assert.deepEqual(
    rows.all().map((row) => row.value),
    [1, 0]
  )
  database.close()
})
