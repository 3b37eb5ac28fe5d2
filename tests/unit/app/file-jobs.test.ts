// Jobs over the files of many photos, with real files, a real catalogue and a real line to it: what
// was done can be taken back, whatever came in between.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { createControl } from '../../../main/app/control.ts'
import { createFileJobs, type FileJobs } from '../../../main/app/files/file-jobs.ts'
import { openUndoList } from '../../../main/app/files/undo-list.ts'
import { filesOfPhotos } from '../../../main/engine/moving/last-copies.ts'
import { followFiles, putBack, transferPhoto } from '../../../main/engine/moving/move-photos.ts'
import { handOver } from '../../support/control-engine.ts'
import { diskOf, type Disk } from '../../support/described-disk.ts'
import { temporaryFolder } from '../../support/library.ts'

/** Jobs on a disk; `moved` is awaited once a photo's files were moved, before that is told. */
function jobsOn(
  context: TestContext,
  disk: Disk,
  moved: () => Promise<void> = async () => {},
  trash: (path: string) => Promise<undefined> = async () => assert.fail('nothing is thrown away')
): FileJobs {
  const { catalogue, library } = disk
  const control = createControl()
  const engine = handOver(control, {
    files: ({ ids }) => ({ photos: filesOfPhotos(catalogue, ids) }),
    async transfer(what) {
      const { files } = await transferPhoto(catalogue, what, library)
      await moved()
      return { files }
    },
    async putBack({ id, files }) {
      await putBack(catalogue, id, files)
      return {}
    },
    async follow({ ids }) {
      await followFiles(catalogue, ids, Date.now())
      return {}
    }
  })
  context.after(() => engine.close())
  const file = join(temporaryFolder(context), 'undo.jsonl')
  return createFileJobs({
    engine: control,
    trash,
    undoList: openUndoList(file, (error) => assert.fail(String(error))),
    tell: () => undefined
  })
}

test('the photo that was in work when it was stopped can be taken back', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'a/two.jpg': 'two' })
  mkdirSync(join(d.root, 'b'))
  const ids = [d.id('a/one.jpg'), d.id('a/two.jpg')]
  const jobs: FileJobs = jobsOn(context, d, async () => jobs.stop())
  const answer = await jobs.run({ what: 'move', directory: join(d.root, 'b') }, ids)
  assert.ok(answer.outcome === 'done')
  assert.deepEqual(
    [answer.done, answer.failed, answer.stopped, answer.canUndo],
    [1, 0, true, true]
  )
  assert.deepEqual(readdirSync(join(d.root, 'b')), ['one.jpg'])
  await jobs.undo()
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['one.jpg', 'two.jpg'])
  assert.ok(!existsSync(join(d.root, 'b/one.jpg')))
})

test('what lies on a drive that is away is taken back once the drive is there', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one', 'two.jpg': 'two' })
  const drive = join(temporaryFolder(context), 'drive')
  mkdirSync(drive)
  const jobs = jobsOn(context, d)
  await jobs.run({ what: 'move', directory: drive }, [d.id('one.jpg'), d.id('two.jpg')])
  renameSync(drive, `${drive}-away`)
  const away = await jobs.undo()
  assert.ok(away.outcome === 'done')
  assert.deepEqual([away.failed, away.fault?.kind, away.canUndo], [2, 'disk-error', true])
  assert.equal(away.fault?.about, 'folder')

  renameSync(`${drive}-away`, drive)
  rmSync(join(drive, 'one.jpg')) // this one is lost
  const back = await jobs.undo()
  assert.ok(back.outcome === 'done')
  assert.deepEqual([back.done, back.failed, back.canUndo], [1, 1, false])
  assert.deepEqual([back.fault?.kind, back.fault?.subject], ['not-found', 'one.jpg'])
  assert.deepEqual(readdirSync(d.root), ['two.jpg'])
})

test('what belonged to a photo and is gone does not keep the photo away', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one', 'one.xmp': '<x/>' })
  const there = temporaryFolder(context)
  const jobs = jobsOn(context, d)
  await jobs.run({ what: 'move', directory: there }, [d.id('one.jpg')])
  rmSync(join(there, 'one.xmp'))
  const back = await jobs.undo()
  assert.ok(back.outcome === 'done' && back.done === 1)
  assert.deepEqual(readdirSync(d.root), ['one.jpg'])
})

test('copies on a drive that is away can be thrown away later', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one' })
  const drive = join(temporaryFolder(context), 'drive')
  mkdirSync(drive)
  const jobs = jobsOn(context, d)
  await jobs.run({ what: 'copy', directory: drive }, [d.id('one.jpg')])
  renameSync(drive, `${drive}-away`)
  const away = await jobs.undo()
  assert.ok(away.outcome === 'done')
  assert.deepEqual([away.failed, away.fault?.kind, away.canUndo], [1, 'disk-error', true])
})

test('of copies that are taken back those stay that were changed since', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one', 'one.xmp': '<x/>', 'two.jpg': 'two' })
  const there = temporaryFolder(context)
  const thrown: string[] = []
  const jobs = jobsOn(context, d, undefined, async (path) => {
    thrown.push(basename(path))
    rmSync(path)
    return undefined
  })
  await jobs.run({ what: 'copy', directory: there }, [d.id('one.jpg'), d.id('two.jpg')])
  writeFileSync(join(there, 'one.jpg'), 'ONE') // as long as it was, a minute later
  const later = new Date(Date.now() + 60_000)
  utimesSync(join(there, 'one.jpg'), later, later)
  const answer = await jobs.undo()
  assert.ok(answer.outcome === 'done')
  assert.deepEqual([answer.done, answer.failed, answer.canUndo], [1, 1, false])
  assert.deepEqual([answer.fault?.kind, answer.fault?.subject], ['bad-argument', 'one.jpg'])
  assert.deepEqual([thrown.sort(), readdirSync(there)], [['one.xmp', 'two.jpg'], ['one.jpg']])
  assert.deepEqual(readdirSync(d.root).sort(), ['one.jpg', 'one.xmp', 'two.jpg'])
})
