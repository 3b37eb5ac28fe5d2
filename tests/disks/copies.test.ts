// A disk that is full while a copy of the catalogue is made, or while a damaged one is replaced:
// nothing is lost, nothing is left behind, and it is done once there is room.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { CATALOGUE_FILE, holdLibrary, openCatalogue } from '../../main/catalogue/catalogue.ts'
import { copiesOf, makeCopy } from '../../main/catalogue/copies.ts'
import { COPIES_FOLDER } from '../../main/catalogue/library-files.ts'
import { copyIfDue } from '../../main/catalogue/rebuild.ts'
import { isFault } from '../../main/wire/fault.ts'
import { addIndexed, hashOf, modelRecord } from '../support/library.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'

const skip = NO_SMALL_DISK
const MEGABYTE = 2 ** 20
const WEEK = 7 * 24 * 3600_000

const home = mkdtempSync(join(tmpdir(), 'kindred-copies-'))
after(() => rmSync(home, { recursive: true, force: true })) // when its disk is gone

test('a full disk costs no copy and no favourite', { skip }, (context) => {
  const library = join(home, 'library')
  const disk = smallDisk(context, library, 64 * MEGABYTE)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  catalogue.favourites.set([addIndexed(catalogue, folder, 'a.jpg')], true)
  for (let i = 0; i < 4; i++) {
    const weights = new Uint8Array(MEGABYTE).fill(i + 1)
    catalogue.models.add('first', { ...modelRecord(), weights }, 0, 'retired')
  }
  catalogue.close()
  const now = Date.now()
  const first = makeCopy(library, now - WEEK)
  assert.ok(first)
  const before = readFileSync(first.path)

  const isFull = (error: unknown): boolean => isFault(error, 'disk-full')
  for (const room of [0, 100_000, 2 * MEGABYTE, 5 * MEGABYTE]) {
    disk.leave(room)
    assert.throws(() => copyIfDue(library, now), isFull, `${room}`)
    assert.deepEqual(readdirSync(join(library, COPIES_FOLDER)).length, 1, `${room}`)
    assert.deepEqual(readFileSync(first.path), before)
  }
  disk.leave(32 * MEGABYTE)
  copyIfDue(library, now)
  assert.equal(copiesOf(library).length, 2)

  const path = join(library, CATALOGUE_FILE)
  truncateSync(path, 3 * MEGABYTE)
  disk.leave(MEGABYTE)
  assert.throws(() => holdLibrary(library), isFull)
  assert.equal(readdirSync(library).some((name) => name.startsWith('kindred-damaged')), false)
  disk.leave(32 * MEGABYTE)
  const { rebuilt, release } = holdLibrary(library)
  release()
  assert.equal(rebuilt?.from, now)
  const again = openCatalogue(library)
  assert.equal(again.models.list().length, 4)
  assert.deepEqual(again.favourites.hashes(), [hashOf('a.jpg')])
  assert.equal(again.folders.list().length, 1)
  again.close()
})
