// Somebody acts all the while photos are indexed, and compute dies in the middle of it: nothing is
// left waiting, and every photo is found.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { until } from '../../support/until.ts'

const PHOTOS = 120
const ACT_EVERY = 50 // ms

test('indexing goes on beside somebody who never stops, over the end of compute', async (t) => {
  const home = temporaryFolder(t)
  const photos = join(home, 'photos')
  await makePhotos(photos, PHOTOS, { size: 200 })
  const engine = await createEngine({ library: join(home, 'library'), watch: false, settle: 0 })
  t.after(() => engine.close())
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  t.after(() => compute.stop())
  const [far, near] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  const acts: Promise<unknown>[] = []
  const acting = setInterval(() => acts.push(page.call('stepAside', {})), ACT_EVERY)
  try {
    await engine.addFolder(photos)
    await until('some are indexed', () => engine.progress().done > 0)
    compute.kill()
    await engine.idle()
  } finally {
    clearInterval(acting)
  }
  await Promise.all(acts)
  const { indexed, failed } = await page.call('library', {})
  assert.deepEqual([indexed, failed], [PHOTOS, 0])
  assert.equal(compute.starts, 2)
  assert.ok(acts.length > 0)
})
