// Compute is ended while nothing is asked of it, and started for whoever asks next: a picture from
// outside, photos that came. Each time all is as if it had been there.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { until } from '../../support/until.ts'

const PHOTOS = 12
const MORE = 4

test('compute rests, and comes back for who asks', async (t) => {
  const home = temporaryFolder(t)
  const photos = join(home, 'photos')
  await makePhotos(photos, PHOTOS, { size: 120 })
  const [outside = ''] = await makePhotos(join(home, 'outside'), 1, { size: 120, seed: 9 })
  let compute: Promise<Supervised> | undefined
  let isNeeded = true
  let starts = 0

  /** As app does it: it is started and ended, one after the other. */
  function onNeed(isNeededNow: boolean): void {
    const former = compute
    isNeeded = isNeededNow
    if (isNeeded) {
      starts++
      compute = Promise.resolve(former).then(() =>
        superviseCompute((port) => engine.attachCompute(port))
      )
    } else compute = former?.then(async (one) => (await one.stop(), one))
  }

  /** On a slow machine it may have rested and come back more often than a test can tell. */
  async function untilAtRest(): Promise<number> {
    await until('compute rests', () => !isNeeded)
    await compute
    return starts
  }
  const engine = await createEngine({
    library: join(home, 'library'),
    watch: false,
    settle: 0,
    computeRest: { after: 300, onNeed }
  })
  t.after(async () => {
    await engine.close()
    await (await compute)?.stop()
  })
  compute = superviseCompute((port) => engine.attachCompute(port))
  await engine.addFolder(photos)
  assert.equal((await engine.idle()).indexed, PHOTOS)

  const first = await untilAtRest()
  const { kin } = await engine.similar({ parts: [{ of: { path: outside }, weight: 1 }], top: 3 })
  assert.equal(kin.length, 3)
  assert.ok(starts > first)

  const second = await untilAtRest()
  await makePhotos(photos, MORE, { size: 120, seed: 5 })
  await engine.rescan()
  const { indexed, failed } = await engine.idle()
  assert.deepEqual([indexed, failed], [MORE, 0])
  assert.equal(engine.progress().restarting, null)
  assert.ok(starts > second)
})
