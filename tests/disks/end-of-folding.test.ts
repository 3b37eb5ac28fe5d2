// The end of the program while files are told apart: no directory is closed by it. In a process of
// its own, as it asks no disk any more afterwards.
import assert from 'node:assert/strict'
import { linkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { closeDisks } from '../../main/engine/faults/disk.ts'
import { withoutOtherPaths } from '../../main/engine/folders/other-paths.ts'
import { list } from '../../main/engine/folders/walk.ts'
import { disk } from '../support/scanned-folder.ts'

test('the end is not the fault of a directory', async (context) => {
  const it = disk(context)
  it.put('1.jpg')
  linkSync(join(it.root, '1.jpg'), join(it.root, '2.jpg'))
  await it.scan()
  assert.equal(it.catalogue.otherPaths.total(), 1)
  const listing = await list(it.root, '')
  assert.ok(listing)
  closeDisks()
  await assert.rejects(withoutOtherPaths(it.catalogue, it.folder, listing), { kind: 'cancelled' })
  assert.equal(it.catalogue.otherPaths.total(), 1, 'what is known is kept')
})
