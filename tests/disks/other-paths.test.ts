// Files of two drives with the same inode: different photos. Real mounts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { drives } from '../support/drives.ts'
import { disk } from '../support/scanned-folder.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'

const skip = NO_SMALL_DISK

test('where another drive was plugged in, its files are photos', { skip }, async (context) => {
  const plugs = drives(context)
  const it = disk(context)
  for (const name of ['a', 'b']) {
    const drive = mkdtempSync(join(tmpdir(), 'kindred-drive-'))
    smallDisk(context, drive, 1e6)
    context.after(() => rmSync(drive, { recursive: true, force: true }))
    plugs.plug(drive, join(it.root, name))
  }
  it.put('a/1.jpg')
  await it.scan()
  const { ino } = statSync(join(it.root, 'a/1.jpg'), { bigint: true })
  it.catalogue.otherPaths.put(it.folder, 'b', '1.jpg', it.idOf('a/1.jpg') ?? 0, String(ino)) // before
  it.put('b/1.jpg')
  assert.equal(statSync(join(it.root, 'b/1.jpg'), { bigint: true }).ino, ino)
  await it.scan()
  assert.deepEqual(it.rows(), ['a/1.jpg pending', 'b/1.jpg pending'])
  assert.equal(it.catalogue.otherPaths.total(), 0)
})
