// A head that is learned without some photos: these leave no trace in it, it goes on from a
// checkpoint, and refuses what does not fit.
import assert from 'node:assert/strict'
import test from 'node:test'
import { trainBaseline } from '../../../../model/learning.ts'
import type { HeadProgress, TrainBaselineOptions } from '../../../../model/learning.ts'
import { PHOTOS, SETTING, TRAINING, libraryOfKinds } from '../../../support/kinds.ts'

const HELD = Uint32Array.of(3, 40, 41, 159)
const given = libraryOfKinds()

async function options(own: Partial<TrainBaselineOptions> = {}): Promise<TrainBaselineOptions> {
  return {
    ...(await given),
    ...TRAINING,
    setting: SETTING,
    heldOut: HELD,
    ...own
  }
}

/** The same photos, but for one: it became like another. */
async function withOther(photo: number): Promise<Partial<TrainBaselineOptions>> {
  const { data } = await given
  const projected = data.projected.slice()
  const views = data.views.slice()
  projected.copyWithin(photo * 256, 100 * 256, 101 * 256)
  views.copyWithin(photo * 512, 100 * 512, 101 * 512)
  return { data: { ...data, projected, views } }
}

test('photos that are held out leave no trace; others do', async () => {
  const { quantizer: learned } = await trainBaseline(await options())
  assert.equal(learned.fittedOn, PHOTOS - HELD.length)
  assert.equal(learned.head.kind, 'residual')
  const same = await trainBaseline(await options(await withOther(HELD[1]!)))
  assert.deepEqual(same.quantizer, learned)
  const { quantizer: differs } = await trainBaseline(await options(await withOther(HELD[1]! + 2)))
  assert.notDeepEqual(differs.head.weight, learned.head.weight)
})

test('progress ends, and a checkpoint of the middle comes to the same numbers', async (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => (now += 2000)) // a clock that runs fast
  const kept: Uint8Array[] = []
  const told: HeadProgress[] = []
  const { quantizer: learned } = await trainBaseline(
    await options({
      onCheckpoint: (bytes) => kept.push(bytes),
      onProgress: (progress) => told.push(progress)
    })
  )
  const last = told.at(-1)
  assert.deepEqual([last?.phase, last?.done, last?.total], ['training', 16, 16])
  const again: number[] = []
  const { quantizer: resumed } = await trainBaseline(
    await options({ resume: kept[2]!, onProgress: ({ step }) => again.push(step) })
  )
  assert.deepEqual(resumed, learned)
  assert.ok(!again.includes(1) && again.includes(16), 'it went on')
  const others = Uint32Array.of(4)
  const anew: number[] = []
  await trainBaseline(
    await options({ heldOut: others, resume: kept[2]!, onProgress: ({ step }) => anew.push(step) })
  )
  assert.ok(anew.includes(1), 'others held out: another run')
})

test('what does not fit is refused', async () => {
  const { data } = await given
  const short = { ...data, views: data.views.subarray(1) }
  await assert.rejects(trainBaseline(await options({ data: short })), RangeError)
  const setting = { ...(await options()).setting, temperature: 0 }
  await assert.rejects(trainBaseline(await options({ setting })), /loss: expected a finite number/)
  const stop = AbortSignal.abort(new Error('enough'))
  await assert.rejects(trainBaseline(await options({ signal: stop })), /enough/)
})
