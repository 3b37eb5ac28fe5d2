// A disk that fills up in the middle of deep training, and gets room again: no photo fails, no
// vector is lost, what served goes on to, and the run goes on by itself. The disk is a real, small
// one.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../main/catalogue/database.ts'
import { CATALOGUE_FILE } from '../../main/catalogue/library-files.ts'
import { createEngine } from '../../main/engine/engine.ts'
import type { LearnOptions } from '../../main/wire/learning-contract.ts'
import { superviseCompute } from '../support/compute.ts'
import { DEEP, letBadModelServe } from '../support/deep.ts'
import { atEnd } from '../support/endings.ts'
import { duringFirstRun, indexInto, whenLearning } from '../support/learning.ts'
import { kinOf } from '../support/library.ts'
import { makePhotos } from '../support/photos.ts'
import { SHARED_PHOTOS, copyIndexed } from '../support/shared-library.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'
import { SOON, isWell, whenProgress } from '../support/waiting.ts'

const PHOTOS = 300
const OUTSIDE = 40 // of the sample: described anew once the tuned backbone has proven better
const ROOM = 256 * 2 ** 20
const OPTIONS: LearnOptions = { ...DEEP, steps: 8 }
/** They write the tuned backbone; features of the sample; all that the new model lacks. */
const PHASES = ['training', 'features', 'renewal'] as const

const home = mkdtempSync(join(tmpdir(), 'kindred-full-deep-'))
after(() => rmSync(home, { recursive: true, force: true }))

/** Empties the write-ahead log, in which a little would still find room. */
function withoutLog(library: string): void {
  const database = openDatabase(join(library, CATALOGUE_FILE))
  const empty = database.query('PRAGMA wal_checkpoint(TRUNCATE)', v.object({ busy: v.number() }))
  while (empty.get({})?.busy !== 0) continue // it waits for the writer by itself
  database.close()
}

/** How many photos have a feature, by the backbone of the serving model and by all others. */
function describedIn(library: string): { serving: number; others: number[] } {
  const catalogue = openCatalogue(library)
  const { vectors, models } = catalogue
  const serving = models.serving()?.backbone ?? ''
  const count = (backbone: string): number => vectors.featureIds(backbone).length
  const others = vectors.backbones().filter((backbone) => backbone !== serving)
  const counts = { serving: count(serving), others: others.map(count) }
  catalogue.close()
  return counts
}

test('the disk fills up in each part of deep training', { skip: NO_SMALL_DISK }, async (context) => {
  const [more, library] = [join(home, 'more photos'), join(home, 'library')]
  await makePhotos(more, PHOTOS - SHARED_PHOTOS, { seed: 6, size: 80 })
  const disk = smallDisk(context, library, ROOM)
  await copyIndexed(library)
  await indexInto(library, more)
  const { bad } = await letBadModelServe(library, OPTIONS, OUTSIDE)

  const engine = await createEngine({
    library,
    watch: false,
    settle: 0,
    spacing: SOON,
    learns: OPTIONS
  })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await engine.close()
    await compute.stop()
  }
  atEnd(context, close)

  for (const phase of PHASES) {
    await duringFirstRun(engine, (told) => told.phase === phase && told.trouble === null, phase)
    withoutLog(library)
    disk.leave(0)
    await duringFirstRun(
      engine,
      ({ state, trouble }) => state === 'waiting' && trouble?.kind === 'disk-full',
      `the full disk was met in ${phase}`
    )
    await whenProgress(engine, ({ waits }) => waits[0]?.fault.kind === 'disk-full')
    const { failed, indexed, model } = engine.status()
    assert.deepEqual([failed, indexed, model?.id], [0, PHOTOS, bad], phase)
    const [kin] = await kinOf(engine, { parts: [{ of: { id: 7 }, weight: 1 }], top: 1 })
    assert.ok(kin, 'what served still does')
    disk.leave(ROOM)
  }

  const { last } = await whenLearning(engine, (learning) => learning.last !== null)
  assert.equal(last?.kept, true, last?.reason)
  await whenProgress(engine, isWell)
  const { failed, indexed, model } = engine.status()
  assert.deepEqual([failed, indexed, model?.id], [0, PHOTOS, last.model])
  await close()
  assert.deepEqual(describedIn(library), { serving: PHOTOS, others: [PHOTOS] })
})
