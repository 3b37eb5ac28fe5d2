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

/** The same photos, but for one: it became like another, with which it is one photo then. */
async function withOther(photo: number, like: number): Promise<Partial<TrainBaselineOptions>> {
  const { data } = await given
  const projected = data.projected.slice()
  const views = data.views.slice()
  projected.copyWithin(photo * 256, like * 256, (like + 1) * 256)
  views.copyWithin(photo * 512, like * 512, (like + 1) * 512)
  return { data: { ...data, projected, views } }
}

test('photos that are held out leave no trace; others do', async () => {
  const { quantizer: learned } = await trainBaseline(await options())
  assert.equal(learned.fittedOn, PHOTOS - HELD.length)
  assert.equal(learned.head.kind, 'residual')
  const same = await trainBaseline(await options(await withOther(HELD[1]!, HELD[2]!)))
  assert.deepEqual(same.quantizer, learned)
  const other = await options(await withOther(HELD[1]! + 2, 100))
  const { quantizer: differs } = await trainBaseline(other)
  assert.notDeepEqual(differs.head.weight, learned.head.weight)
})

test('a photo is held out with its copies', async () => {
  const copied = await options(await withOther(HELD[1]!, 100))
  const both = Uint32Array.from([...HELD, 100]).sort()
  const { quantizer: one } = await trainBaseline(copied)
  const { quantizer: two } = await trainBaseline({ ...copied, heldOut: both })
  assert.deepEqual(one.head, two.head)
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
