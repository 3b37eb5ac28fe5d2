// Leaving out and taking back are done as a whole or not at all, and what was left half done is
// mended. A trigger makes real SQLite refuse the second half.
import assert from 'node:assert/strict'
import { linkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { tablesOf } from '../../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../../main/catalogue/database.ts'
import { migrate } from '../../../../main/catalogue/migrations.ts'
import { leaveOut, takeBack } from '../../../../main/engine/folders/omissions.ts'
import { purge } from '../../../../main/engine/indexing/sweep-thumbnails.ts'
import { temporaryFolder } from '../../../support/library.ts'
import { describe, disk } from '../../../support/scanned-folder.ts'
import type { Disk } from '../../../support/scanned-folder.ts'

const MONTH = 31 * 24 * 3600_000
const PATHS = ['a.jpg', 'cache/b.jpg', 'cache/deep/c.jpg']
const REFUSES = `CREATE TRIGGER refuses BEFORE UPDATE OF omitted ON photos
  BEGIN SELECT raise(ABORT, 'refused'); END`

interface Refusing extends Disk {
  /** Runs what changes photos that are left out, which is refused. */
  refused(work: () => Promise<unknown>): Promise<void>
}

async function described(context: TestContext): Promise<Refusing> {
  const database = openDatabase(join(temporaryFolder(context), 'a.sqlite'))
  context.after(() => database.close())
  migrate(database)
  const it = disk(context, tablesOf(database))
  it.put(...PATHS)
  await it.scan()
  for (const path of PATHS) await describe(it, it.idOf(path)!)
  return {
    ...it,
    async refused(work) {
      database.script(REFUSES)
      await assert.rejects(work, /refused/)
      database.script('DROP TRIGGER refuses')
    }
  }
}

test('a directory whose photos cannot be left out stays in, with its other paths', async (context) => {
  const it = await described(context)
  linkSync(join(it.root, 'cache/b.jpg'), join(it.root, 'kept.jpg'))
  linkSync(join(it.root, 'a.jpg'), join(it.root, 'cache/a-too.jpg'))
  await it.scan()
  const before = it.rows()
  await it.refused(() => leaveOut(it.catalogue, it.folder, 'cache', Date.now()))
  assert.deepEqual(it.catalogue.omitted.directories(it.folder), [])
  assert.equal(it.catalogue.otherPaths.total(), 2)
  assert.equal((await it.firstScan()).changed, false)
  assert.deepEqual(it.rows(), before)
})

test('a directory whose photos cannot be taken back stays left out', async (context) => {
  const it = await described(context)
  const before = it.rows()
  await leaveOut(it.catalogue, it.folder, 'cache', Date.now())
  await it.refused(() => Promise.resolve().then(() => takeBack(it.catalogue, it.folder, 'cache')))
  assert.deepEqual(it.catalogue.omitted.directories(it.folder), ['cache'])
  assert.equal(takeBack(it.catalogue, it.folder, 'cache').length, 2)
  assert.deepEqual(it.rows(), before)
})

test('photos whose directory is left out no more come back at the first look', async (context) => {
  const it = await described(context)
  const before = it.rows()
  const left = await leaveOut(it.catalogue, it.folder, 'cache', Date.now())
  await leaveOut(it.catalogue, it.folder, 'cache/deep', Date.now())
  it.catalogue.omitted.drop(it.folder, 'cache') // as a version did that was killed then
  const findings = await it.firstScan()
  assert.deepEqual([findings.changed, findings.returned], [true, [it.idOf('cache/b.jpg')]])
  assert.deepEqual(it.rows(), before.slice(0, 2), 'the one within stays left out')
  assert.equal(takeBack(it.catalogue, it.folder, 'cache/deep').length, left.length - 1)
  assert.deepEqual(it.rows(), before)
})

test('photos whose directory was left out without them are not taken for deleted', async (context) => {
  const it = await described(context)
  const before = it.rows()
  it.catalogue.omitted.put(it.folder, 'cache') // as a version did that was killed then
  const findings = await it.firstScan()
  assert.deepEqual([findings.changed, findings.left.length], [true, 2])
  assert.equal(await purge(it.catalogue, Date.now() + MONTH), 0)
  assert.equal(takeBack(it.catalogue, it.folder, 'cache').length, 2)
  assert.deepEqual(it.rows(), before)
})
