// A disk that gives no answer just when a file is asked whether it is that of an earlier photo: its
// directory alone is closed, and what was not known then is asked again.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import { setPatience } from '../../main/engine/faults/disk.ts'
import { reconcile } from '../../main/engine/folders/reconcile.ts'
import type { Findings } from '../../main/engine/folders/reconcile.ts'
import { StepAside } from '../../main/wire/step-aside.ts'
import { atEnd } from '../support/endings.ts'
import { drives } from '../support/drives.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import type { FaultyFolder } from '../support/faulty-folder.ts'
import { disk } from '../support/scanned-folder.ts'
import type { Disk } from '../support/scanned-folder.ts'

const skip = NO_FAULTY_FOLDER

const home = mkdtempSync(join(tmpdir(), 'kindred-silent-'))
after(() => rmSync(home, { recursive: true, force: true }))

/** A folder with a photo, and a share, with one too, that is plugged into it. */
async function made(
  context: TestContext,
  points: string[],
  scanned: string[]
): Promise<{ it: Disk; share: FaultyFolder }> {
  const plugs = drives(context)
  const it = disk(context)
  const own = mkdtempSync(join(home, 'share-'))
  const [behind, shown] = [join(own, 'behind'), join(own, 'shown')]
  mkdirSync(behind)
  writeFileSync(join(behind, '1.jpg'), 'a photo of the share')
  it.put('near/1.jpg')
  const share = await faultyFolder(context, behind, shown)
  atEnd(context, () => share.obey())
  for (const point of points) plugs.plug(shown, join(it.root, point))
  setPatience({ slow: 3000, silent: 3000 })
  await it.scan(scanned.map((directory) => ({ directory, deep: false })))
  return { it, share }
}

/** Looks through directories; the share hangs as soon as one of them is listed. */
function scanHanging(it: Disk, share: FaultyFolder, directories: string[]): Promise<Findings> {
  class Hanging extends StepAside {
    override async over(): Promise<void> {
      share.hang('stat')
    }
  }
  const [folder] = it.catalogue.folders.list()
  assert.ok(folder)
  const starts = directories.map((directory) => ({ directory, deep: false }))
  const options = { settle: 0, now: Date.now, aside: new Hanging() }
  return reconcile(it.catalogue, [{ folder, starts, known: new Set(['', 'far']) }], options)
}

test('a directory whose files are not told apart is closed, others are not', { skip }, async (context) => {
  const { it, share } = await made(context, ['far'], ['near'])
  const { ino } = statSync(join(it.root, 'far/1.jpg'), { bigint: true })
  it.catalogue.otherPaths.put(it.folder, 'far', '1.jpg', it.idOf('near/1.jpg') ?? 0, String(ino))
  it.put('near/2.jpg')
  const found = await scanHanging(it, share, ['far', 'near'])
  assert.deepEqual(
    it.catalogue.closed.ofFolder(it.folder).map(({ directory }) => directory),
    ['far']
  )
  assert.ok(found.told.has(it.folder))
  assert.deepEqual(it.rows(), ['near/1.jpg pending', 'near/2.jpg pending'])
  assert.equal(it.catalogue.otherPaths.total(), 1, 'what is known of it is kept')

  share.obey()
  it.catalogue.closed.releaseAll()
  await it.scan()
  assert.deepEqual(it.catalogue.closed.ofFolder(it.folder), [])
  assert.deepEqual(it.rows(), ['far/1.jpg pending', 'near/1.jpg pending', 'near/2.jpg pending'])
})

test('a file that could not be compared is one photo after the next look', { skip }, async (context) => {
  const { it, share } = await made(context, ['far', 'same'], ['near', 'far'])
  await scanHanging(it, share, ['same'])
  assert.deepEqual(it.rows(), ['far/1.jpg pending', 'near/1.jpg pending', 'same/1.jpg pending'])
  share.obey()
  await it.scan()
  assert.deepEqual(it.rows(), ['far/1.jpg pending', 'near/1.jpg pending'])
  assert.equal(it.catalogue.otherPaths.total(), 1)
})
