// Moves, copies and paths on a disk that does not answer: a fault that names the disk, nothing
// lost, nothing left behind, and other disks are not waited for.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { filterOf, subfolderAt } from '../../main/engine/answering/at-path.ts'
import { setPatience } from '../../main/engine/faults/disk.ts'
import { contentHash } from '../../main/engine/folders/content-hash.ts'
import { lastCopies } from '../../main/engine/moving/last-copies.ts'
import { transferPhoto } from '../../main/engine/moving/move-photos.ts'
import { transferFiles } from '../../main/engine/moving/transfer.ts'
import { diskOf } from '../support/described-disk.ts'
import { atEnd } from '../support/endings.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import type { FaultyFolder } from '../support/faulty-folder.ts'

const skip = NO_FAULTY_FOLDER
const SILENT = { kind: 'disk-error', message: /expected an answer of the disk, got none/ }

const home = mkdtempSync(join(tmpdir(), 'kindred-silent-'))
after(() => rmSync(home, { recursive: true, force: true }))

/** A folder with a photo, shown by a disk that may be told to hang. */
async function share(context: TestContext): Promise<{ path: string; disk: FaultyFolder }> {
  const own = mkdtempSync(join(home, 'share-'))
  const [behind, path] = [join(own, 'behind'), join(own, 'shown')]
  mkdirSync(join(behind, 'deep'), { recursive: true })
  writeFileSync(join(behind, 'deep/1.jpg'), 'a photo of the share')
  setPatience({ slow: 2000, silent: 2000 })
  const disk = await faultyFolder(context, behind, path)
  atEnd(context, () => disk.obey())
  await sleep(1100) // what is mounted is known by then
  return { path, disk }
}

test('what cannot be read to its end is not copied, and why is told', { skip }, async (context) => {
  const { path, disk } = await share(context)
  const target = mkdtempSync(join(home, 'target-'))
  const sources = [{ path: join(path, 'deep/1.jpg'), copies: true }]
  await transferFiles(sources, target)
  assert.equal(readFileSync(join(target, '1.jpg'), 'utf8'), 'a photo of the share')
  disk.hang('read')
  await assert.rejects(contentHash(sources[0]!.path), SILENT, 'else it would be another content')
  disk.hang('stat')
  await assert.rejects(transferFiles(sources, target), SILENT)
  assert.deepEqual(readdirSync(target), ['1.jpg'])
})

test('nothing moves to or from a disk that is silent, others go on', { skip }, async (context) => {
  const { path, disk } = await share(context)
  const d = await diskOf(context, { 'a/1.jpg': 'one', 'b/2.jpg': 'two' })
  const id = d.id('a/1.jpg')
  disk.hang('any')
  const moved = transferPhoto(
    d.catalogue,
    { id, directory: join(path, 'deep'), copies: false },
    d.library
  )
  await assert.rejects(moved, SILENT)
  assert.deepEqual(readdirSync(join(d.root, 'a')), ['1.jpg'])
  await transferPhoto(d.catalogue, { id, directory: join(d.root, 'b'), copies: false }, d.library)
  assert.deepEqual(readdirSync(join(d.root, 'b')), ['1.jpg', '2.jpg'])
})

test('a path on a disk that is silent is said to be that', { skip }, async (context) => {
  const { path, disk } = await share(context)
  const d = await diskOf(context, { 'a/1.jpg': 'one' })
  const folder = d.catalogue.folders.add(path, 'shown')
  assert.deepEqual(await filterOf(d.catalogue, join(path, 'deep')), { folder, directory: 'deep' })
  disk.hang('any')
  assert.deepEqual(await filterOf(d.catalogue, path), { folder }, 'what the catalogue knows')
  await assert.rejects(subfolderAt(d.catalogue, join(path, 'deep')), SILENT)
  assert.deepEqual(await lastCopies(d.catalogue, [d.id('a/1.jpg')]), [d.id('a/1.jpg')])
})

test('a link to a disk that has to start leads into its folder', { skip }, async (context) => {
  const { path, disk } = await share(context)
  const d = await diskOf(context, {})
  const folder = d.catalogue.folders.add(path, 'shown')
  const link = join(mkdtempSync(join(home, 'link-')), 'deep')
  symlinkSync(join(path, 'deep'), link)
  setPatience({ slow: 300, silent: 30_000 })
  disk.hang('any')
  const asked = filterOf(d.catalogue, link)
  await sleep(1000)
  disk.obey()
  assert.deepEqual(await asked, { folder, directory: 'deep' })
})
