// Compute steps aside while somebody acts: with the real backbone and real photos, in this process
// with a clock that the test sets, and in a process of its own.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createComputeService } from '../../../main/compute/service.ts'
import { sharpDecoder } from '../../../main/decode/node-large.ts'
import { connect } from '../../../main/wire/channel.ts'
import type { Client } from '../../../main/wire/channel.ts'
import { computeContract } from '../../../main/wire/compute-contract.ts'
import type { ComputeContract } from '../../../main/wire/compute-contract.ts'
import { QUIET_AFTER_ACT, StepAside } from '../../../main/wire/step-aside.ts'
import { superviseCompute } from '../../support/compute.ts'
import { ROOT } from '../../support/electron.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { clusteredFeatures } from '../../support/quantizers.ts'

const PHOTOS = 24
/** A while in which work would begin, if it did, ms. */
const QUIET = 500

async function photosOf(t: TestContext) {
  const folder = temporaryFolder(t)
  const paths = await makePhotos(join(folder, 'photos'), PHOTOS)
  const photos = paths.map((path, at) => ({ id: at + 1, path }))
  return { photos, thumbnails: join(folder, 'thumbnails') }
}

test('nothing is begun in the background; what somebody waits for is, and all is the same', async (t) => {
  const clock = { now: 0 }
  const aside = new StepAside(() => clock.now)
  const began: number[] = []
  const service = await createComputeService(
    join(ROOT, 'model/backbones'),
    sharpDecoder,
    (event, value) => void (event === 'began' && 'ids' in value && began.push(...value.ids)),
    aside
  )
  t.after(() => service.end())
  const { handlers } = service
  const { signal } = new AbortController()
  const { photos, thumbnails } = await photosOf(t)
  const { featureSize: D } = await handlers.openBackbones({ tuned: '' }, signal)
  const features = clusteredFeatures(300, D, 10)
  const fitting = { features, n: 300, bits: 64, seed: 5 }
  const before = await handlers.process({ photos, thumbnails }, signal)
  const fitted = await handlers.fit(fitting, signal)
  began.length = 0
  await handlers.usage({}, signal)

  await handlers.stepAside({}, signal)
  const ended: string[] = []
  const processed = Promise.resolve(handlers.process({ photos, thumbnails }, signal))
  const again = Promise.resolve(handlers.fit(fitting, signal))
  void processed.finally(() => ended.push('photos'))
  void again.finally(() => ended.push('fit'))
  await sleep(QUIET)
  assert.deepEqual([began, ended], [[], []])
  const embedded = await handlers.embed({ source: { path: photos[0]!.path } }, signal)
  const own = before.outcomes[0]
  assert.ok(own?.outcome === 'described')
  assert.equal(embedded.width, own.width)
  await sleep(QUIET)
  assert.deepEqual([began, ended], [[], []], 'somebody who asks does not wake the others')

  clock.now = QUIET_AFTER_ACT
  assert.deepEqual(await processed, before)
  assert.deepEqual(await again, fitted)
  assert.equal(began.length, PHOTOS)
})

test('a process of its own is told in time, and goes on by itself', async (t) => {
  const { photos, thumbnails } = await photosOf(t)
  let client: Client<ComputeContract> | undefined
  const compute = await superviseCompute((port) => (client = connect(port, computeContract)))
  t.after(() => compute.stop())
  assert.ok(client)
  let beganAt: number | undefined
  client.on('began', () => (beganAt ??= performance.now()))
  const toldAt = performance.now()
  void client.call('stepAside', {})
  const { outcomes } = await client.call('process', { photos, thumbnails })
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'described').length, PHOTOS)
  assert.ok(beganAt !== undefined && beganAt - toldAt >= QUIET_AFTER_ACT)
})
