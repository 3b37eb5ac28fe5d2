// Jobs over the files of many photos, with real files, a real catalogue and a real line to it: what
// was done can be taken back, whatever came in between.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
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
  moved: () => Promise<void> = async () => {}
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
    trash: () => assert.fail('nothing is thrown away'),
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
