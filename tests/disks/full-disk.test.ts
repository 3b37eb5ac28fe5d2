// A disk that fills up in the middle of indexing and of learning, and gets room again: no photo
// fails, no vector is lost, and work goes on by itself. The disks are real, small ones.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import type { Engine, EngineOptions } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import type { Progress } from '../../main/wire/engine-records.ts'
import type { Learning } from '../../main/wire/learning-contract.ts'
import { atEnd } from '../support/endings.ts'
import { superviseCompute } from '../support/compute.ts'
import { QUICK, duringFirstRun, whenLearning } from '../support/learning.ts'
import { makePhotos } from '../support/photos.ts'
import { SHARED_PHOTOS, copyViewed, sharedPhotos } from '../support/shared-library.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'
import { SOON, described, isWell, whenProgress } from '../support/waiting.ts'
import { kinOf } from '../support/library.ts'

const skip = NO_SMALL_DISK
const PHOTOS = 270 // enough for a first quantizer
const KNOWN = 60 // of them, that were indexed before
const VIEWLESS = 60 // of the photos to learn from
const ROOM = 256 * 2 ** 20

const home = mkdtempSync(join(tmpdir(), 'kindred-full-'))
const known = join(home, 'known')
const rest = join(home, 'rest')
let knownPaths: string[] = []

before(async () => {
  if (skip) return
  knownPaths = await makePhotos(known, KNOWN, { seed: 3, size: 96 })
  await makePhotos(rest, PHOTOS - KNOWN, { seed: 4, size: 96 })
})
after(() => rmSync(home, { recursive: true, force: true }))

async function opened(
  context: TestContext,
  library: string,
  learns?: EngineOptions['learns']
): Promise<Engine> {
  const options = { library, watch: false, settle: 0, spacing: SOON, ...(learns && { learns }) }
  const engine = await createEngine(options)
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  atEnd(context, async () => {
    await engine.close()
    await compute.stop()
  })
  return engine
}

const isFull = ({ waits }: Progress): boolean =>
  waits.some(({ fault }) => fault.kind === 'disk-full')

async function findsItself(engine: Engine, path: string): Promise<void> {
  const [kin] = await kinOf(engine, { parts: [{ of: { path }, weight: 1 }], top: 1 })
  assert.ok(kin, `${path} has kin`)
}

for (const where of ['the library', 'its thumbnails'] as const)
  test(`the disk of ${where} fills up while photos are indexed`, { skip }, async (context) => {
    const library = join(home, where.replaceAll(' ', '-'))
    const path = where === 'the library' ? library : join(library, 'thumbnails')
    const disk = smallDisk(context, path, ROOM)
    const engine = await opened(context, library)
    await engine.addFolder(known)
    await engine.idle()
    assert.equal(engine.status().indexed, KNOWN)

    disk.leave(300_000)
    // They are to be described once more: as long as that waits they are found as they were.
    const later = new Date(Date.now() + 60_000)
    for (const photo of knownPaths) utimesSync(photo, later, later)
    await engine.addFolder(rest)
    await engine.rescan()
    const stopped = await whenProgress(engine, isFull)
    await engine.idle()
    const full = engine.status()
    assert.equal(full.failed, 0)
    assert.ok(full.indexed < PHOTOS, 'it did fill up')
    assert.equal(stopped.waits.length, 1, 'it is told once')
    assert.equal(stopped.waits[0]?.fault.about, 'library')
    assert.ok(described(library) >= KNOWN, 'no vector is lost')
    await findsItself(engine, knownPaths[0]!)

    disk.leave(ROOM)
    await whenProgress(engine, isWell)
    await engine.idle()
    const { photos, indexed, failed, model } = engine.status()
    assert.deepEqual([photos, indexed, failed], [PHOTOS, PHOTOS, 0])
    assert.equal(described(library), PHOTOS)
    assert.ok(model)
  })

test('the disk fills up while views are made, and while learning', { skip }, async (context) => {
  const library = join(home, 'learned')
  const disk = smallDisk(context, library, ROOM)
  await copyViewed(library, VIEWLESS)
  const again = await opened(context, library, QUICK)
  const before = again.status()
  assert.deepEqual([before.indexed, before.model?.kind], [SHARED_PHOTOS, 'first'])
  await duringFirstRun(again, ({ phase }) => phase === 'views', 'views')
  disk.leave(0)
  await duringFirstRun(again, ({ trouble }) => trouble?.kind === 'disk-full', 'it was full')
  await whenProgress(again, isFull) // it is told of all work
  disk.leave(ROOM)

  const isTraining = ({ phase, trouble }: Learning) => phase === 'training' && trouble === null
  await duringFirstRun(again, isTraining, 'training')
  disk.leave(0) // checkpoints are not kept, and then not what was learned
  await duringFirstRun(
    again,
    ({ state, trouble }) => state === 'waiting' && trouble?.kind === 'disk-full',
    'it was full again'
  )
  await findsItself(again, join(await sharedPhotos(), 'photo-5-00000.jpg'))
  assert.equal(again.status().model?.id, before.model?.id, 'what served still does')
  disk.leave(ROOM)

  const { last } = await whenLearning(again, (learning) => learning.last !== null)
  assert.equal(last?.kept, true, last?.reason)
  const { photos, indexed, failed, model } = again.status()
  assert.deepEqual([photos, indexed, failed], [SHARED_PHOTOS, SHARED_PHOTOS, 0])
  assert.equal(model?.kind, 'learned')
  assert.equal(described(library), SHARED_PHOTOS)
})
