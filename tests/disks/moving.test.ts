// Moving and copying files to disks that are full or read-only, and to and from folders that are
// closed: one fault is told, nothing is lost and nothing is left behind. The disks are real.
import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { transferFiles } from '../../main/engine/moving/transfer.ts'
import { atEnd } from '../support/endings.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'
import { NOBODY, NO_OTHER_USER, withoutRights } from '../support/without-rights.ts'

const PHOTO = Buffer.alloc(300_000, 'photo')

/** A folder with a photo and a companion, which anybody may read and write. */
function photos(context: TestContext): { home: string; here: string; sources: string[] } {
  const home = mkdtempSync(join(tmpdir(), 'kindred-moving-'))
  atEnd(context, () => rmSync(home, { recursive: true, force: true }))
  const here = join(home, 'here')
  mkdirSync(here)
  const sources = ['a.jpg', 'a.xmp'].map((name) => join(here, name))
  writeFileSync(sources[0]!, PHOTO)
  writeFileSync(sources[1]!, '<x/>')
  return { home, here, sources }
}

function isWhole(here: string): void {
  assert.deepEqual(readdirSync(here).sort(), ['a.jpg', 'a.xmp'])
  assert.ok(readFileSync(join(here, 'a.jpg')).equals(PHOTO))
}

const files = (sources: string[], copies = false) => sources.map((path) => ({ path, copies }))

const onDisk = { skip: NO_SMALL_DISK }
const asOther = { skip: NO_OTHER_USER }

test('a disk that is full or read-only takes nothing, nothing goes', onDisk, async (context) => {
  const { home, here, sources } = photos(context)
  const there = join(home, 'disk')
  const disk = smallDisk(context, there, 2_000_000)
  disk.leave(100_000)
  for (const copies of [false, true])
    await assert.rejects(transferFiles(files(sources, copies), there), { kind: 'disk-full' })
  isWhole(here)
  assert.deepEqual(readdirSync(there), [], 'half a copy is not left')

  disk.leave(1_000_000)
  disk.close(true)
  await assert.rejects(transferFiles(files(sources), there), { kind: 'read-only' })
  isWhole(here)

  disk.close(false)
  await transferFiles(files(sources), there)
  isWhole(there)
  assert.deepEqual(readdirSync(here), [])

  // From a disk that cannot be written to no original can go, so no copy stays either.
  disk.close(true)
  const onIt = ['a.jpg', 'a.xmp'].map((name) => join(there, name))
  await assert.rejects(transferFiles(files(onIt), here), { kind: 'read-only' })
  isWhole(there)
  assert.deepEqual(readdirSync(here), [])
})

test('a closed folder takes nothing, nor does anything leave it', asOther, async (context) => {
  const { home, here, sources } = photos(context)
  const there = join(home, 'there')
  mkdirSync(there)
  chmodSync(home, 0o755)
  for (const folder of [here, there]) chownSync(folder, NOBODY, NOBODY)
  for (const path of sources) chownSync(path, NOBODY, NOBODY)
  for (const closed of [there, here]) {
    chmodSync(closed, 0o555)
    await withoutRights(() =>
      assert.rejects(transferFiles(files(sources), there), { kind: 'no-access' })
    )
    chmodSync(closed, 0o755)
    isWhole(here)
    assert.deepEqual(readdirSync(there), [])
  }
  // A photo that may not be written is copied like any other.
  for (const path of sources) chmodSync(path, 0o444)
  await withoutRights(() => transferFiles(files(sources, true), there))
  isWhole(here)
  isWhole(there)
})
