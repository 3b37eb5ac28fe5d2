// Opening a catalogue: the lock, damage, files of other programs, readers, transactions.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { DatabaseSync } from '@photostructure/sqlite'
import {
  CATALOGUE_FILE,
  LOCK_FILE,
  connectCatalogue,
  holdLibrary,
  openCatalogue
} from '../../../main/catalogue/catalogue.ts'
import { openDatabase, takeLock } from '../../../main/catalogue/database.ts'
import { Bug, Fault, isFault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/library.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const Value = v.object({ value: v.union([v.number(), v.string(), v.null()]) })

/** What a process prints that tries to open a library. */
function another(folder: string, open = 'openCatalogue(library, 50).close()'): string {
  const source = `
    import { connectCatalogue, openCatalogue } from '${process.cwd()}/main/catalogue/catalogue.ts'
    import { DatabaseSync } from '${process.cwd()}/node_modules/@photostructure/sqlite/dist/index.mjs'
    const library = ${JSON.stringify(folder)}
    try { ${open}; console.log('open') } catch (error) { console.log(error.kind ?? error.message) }`
  const file = join(folder, 'another.ts')
  writeFileSync(file, source)
  return spawnSync(process.execPath, [...TYPESCRIPT, file], { encoding: 'utf8' }).stdout.trim()
}

test('a library that is open refuses a second process, and lets it in afterwards', (context) => {
  const folder = temporaryFolder(context)
  const catalogue = openCatalogue(folder)
  assert.equal(another(folder), 'library-in-use')
  assert.throws(
    () => openCatalogue(folder, 10),
    (error) => isFault(error, 'library-in-use')
  )
  catalogue.close()
  assert.equal(another(folder), 'open')
})

test('a lock is free again once its process was killed, and when it is let go', (context) => {
  const folder = temporaryFolder(context)
  assert.equal(another(folder, `openCatalogue(library); process.kill(process.pid, 'SIGKILL')`), '')
  const lock = holdLibrary(folder, 10)
  assert.throws(
    () => takeLock(join(folder, LOCK_FILE), 10),
    (error) => isFault(error, 'library-in-use')
  )
  lock.release()
  lock.release()
  takeLock(join(folder, LOCK_FILE), 10).release()
})

test('a library that an older Kindred has for itself is in use, and so is ours for it', (context) => {
  const folder = temporaryFolder(context)
  const catalogue = openCatalogue(folder)
  const exclusively = `
    const old = new DatabaseSync(library + '/${CATALOGUE_FILE}', { timeout: 50 })
    old.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT')`
  assert.equal(another(folder, exclusively), 'database is locked')
  catalogue.close()
  const old = new DatabaseSync(join(folder, CATALOGUE_FILE))
  old.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT')
  assert.equal(another(folder), 'library-in-use')
  assert.equal(another(folder, `connectCatalogue(library, 'read')`), 'library-in-use')
  old.close()
  assert.equal(another(folder), 'open')
})

test('who only reads sees what was committed, in this process and in another', (context) => {
  const folder = temporaryFolder(context)
  const writer = openCatalogue(folder)
  const reader = connectCatalogue(folder, 'read')
  const names = (): string[] => reader.folders.list().map(({ name }) => name)
  writer.transaction(() => {
    writer.folders.add('/one', 'one')
    assert.deepEqual(names(), [], 'not committed yet')
  })
  assert.deepEqual(names(), ['one'])
  const inOther = `console.log(connectCatalogue(library, 'read').folders.list()[0].name)`
  assert.equal(another(folder, inOther), 'one\nopen')
  reader.close()
  writer.close()
})

test('what is opened to be read cannot be written through, nor made', (context) => {
  const folder = temporaryFolder(context)
  assert.throws(
    () => connectCatalogue(folder, 'read'),
    (error) => isFault(error, 'unreadable')
  )
  assert.deepEqual(readdirSync(folder), [])
  const writer = openCatalogue(folder)
  const reader = connectCatalogue(folder, 'read')
  for (const write of [
    () => reader.folders.add('/one', 'one'),
    () => reader.settings.setPaused(true),
    () => reader.favourites.set([1], true),
    () => reader.transaction(() => 1)
  ])
    assert.throws(write)
  assert.deepEqual(writer.folders.list(), [])
  reader.close()
  writer.close()
})

test('the WAL is gone after a close, and does not grow for ever while others read', (context) => {
  const folder = temporaryFolder(context)
  const path = join(folder, 'a.sqlite')
  const walLimit = 2 ** 20
  const writer = openDatabase(path, { walLimit, patience: 10 })
  writer.script('CREATE TABLE a (value TEXT)')
  const put = writer.command('INSERT INTO a VALUES ($value)')
  const size = (): number => statSync(`${path}-wal`).size
  const write = (): void => {
    for (let i = 0; i < 64; i++) writer.transaction(() => put.run({ value: 'x'.repeat(80_000) }))
  }
  const reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('BEGIN; SELECT count(*) FROM a') // one that goes on reading, as none of ours does
  writer.transaction(() => put.run({ value: '' }))
  write() // goes on beside it
  assert.ok(size() > walLimit)
  reader.exec('COMMIT')
  write()
  assert.ok(size() <= walLimit, `${size()}`)
  reader.close()
  writer.close()
  assert.deepEqual(readdirSync(folder), ['a.sqlite'])
})

test('what is no database is told; one of another program is left as it is', (context) => {
  const folder = temporaryFolder(context)
  const path = join(folder, CATALOGUE_FILE)
  writeFileSync(path, 'a letter to grandmother, not a database. '.repeat(400))
  const before = readFileSync(path)
  assert.throws(
    () => openDatabase(path),
    (error) => isFault(error, 'library-damaged')
  )
  assert.deepEqual(readFileSync(path), before)

  const other = join(folder, 'other')
  const database = openDatabase(join(other, CATALOGUE_FILE))
  database.script('CREATE TABLE bookmarks (url TEXT)')
  database.close()
  assert.throws(
    () => openCatalogue(other),
    (error) => isFault(error, 'foreign-library')
  )
})

test('pages that were overwritten give a fault that names the file', async (context) => {
  const folder = temporaryFolder(context)
  const path = join(folder, CATALOGUE_FILE)
  const catalogue = openCatalogue(folder)
  const id = catalogue.folders.add('/photos', 'photos')
  for (let i = 0; i < 500; i++)
    catalogue.files.insert(id, '', { name: `${i}.jpg`, size: i, modifiedAt: i, inode: i }, 0)
  catalogue.close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, 16384) // all but the pages of the schema
  writeFileSync(path, bytes)
  await assert.rejects(
    async () => {
      const damaged = connectCatalogue(folder, 'write')
      try {
        damaged.folders.list()
        damaged.work.counts()
        await damaged.photos.grid()
        damaged.files.inDirectory(id, '')
      } finally {
        damaged.close()
      }
    },
    (error) => isFault(error, 'library-damaged') && error.record.subject === path
  )
})

test('a folder that cannot be made is a fault', (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'file'), '')
  const open = (): unknown => openCatalogue(join(folder, 'file', 'library'))
  assert.throws(open, (error) => isFault(error) && error.record.about === 'library')
})

test('a transaction is all or nothing, and does not nest', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  database.script('CREATE TABLE a (value INTEGER) STRICT')
  const put = database.command('INSERT INTO a VALUES ($value)')
  const all = database.query('SELECT value FROM a', Value)
  assert.throws(() =>
    database.transaction(() => {
      put.run({ value: 1 })
      throw new Fault({ kind: 'cancelled', subject: '', expected: '', received: '' })
    })
  )
  assert.throws(() => database.transaction(() => database.transaction(() => 1)), Bug)
  assert.deepEqual(all.all(), [])
  assert.equal(
    database.transaction(() => put.run({ value: 2 }).changes),
    1
  )
  assert.deepEqual(
    all.all().map((row) => row.value),
    [2]
  )
  database.close()
})

test('a row that is not as its schema says is an error of ours', (context) => {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  const query = database.query(`SELECT 'text' AS value`, v.object({ value: v.number() }))
  assert.throws(() => query.get(), Bug)
  database.close()
})
