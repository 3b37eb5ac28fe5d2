// The small parts of learning in the engine: when it is due, the thinned curve, what is told.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Curve } from '../../../../main/engine/runs/loss-curve.ts'
import { gather } from '../../../../main/engine/runs/run-data.ts'
import { deepSeconds, secondsAfter } from '../../../../main/engine/runs/estimate.ts'
import { isDue, newPhotosNeeded } from '../../../../main/engine/runs/due.ts'
import { isWitness } from '../../../../main/engine/runs/witnesses.ts'
import { createLearningMeter } from '../../../../main/engine/runs/learning-meter.ts'
import type { Surroundings } from '../../../../main/engine/runs/learning-meter.ts'
import type { LearnPhase } from '../../../../main/wire/learning-contract.ts'
import { addIndexed, modelRecord, temporaryCatalogue } from '../../../support/library.ts'

test('due: with enough photos at first, then when a tenth is new', () => {
  assert.equal(isDue(255, 255, undefined), false)
  assert.equal(isDue(256, 256, undefined), true)
  const until = { at: 1, photos: 1000 }
  assert.equal(newPhotosNeeded(until), 101)
  assert.equal(isDue(1100, 100, until), false)
  assert.equal(isDue(1101, 101, until), true)
  assert.equal(isDue(200, 101, until), false, 'most were removed meanwhile')
})

test('the curve stays small and keeps its ends', () => {
  const curve = new Curve()
  for (let step = 0; step < 10_000; step++) curve.add({ trial: 0, step, loss: 1 / (step + 1) })
  const { points } = curve
  assert.ok(points.length > 100 && points.length <= 401, `${points.length} points`)
  assert.equal(points[0]?.step, 0)
  assert.ok(points.at(-1)!.step > 9900)
  const gaps = new Set(points.slice(1).map(({ step }, i) => step - points[i]!.step))
  assert.equal(gaps.size, 1, 'evenly spaced')
  curve.clear()
  assert.deepEqual(curve.points, [])
})

test('the data of a run: photos with a feature and views, witnesses marked', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg', 'c.jpg'].map((name, i) => addIndexed(catalogue, folder, name, i))
  const base = catalogue.models.add('first', modelRecord(), 5, 'retired')
  const [a, , c] = ids as [number, number, number]
  catalogue.views.put(a, base, new Uint16Array(4 * 256).fill(7))
  catalogue.views.put(c, base, new Uint16Array(4 * 256).fill(8))
  const used = { id: base, record: modelRecord() }
  const dataOf = (share: number) => gather(catalogue, Uint32Array.from(ids), share, used)
  assert.deepEqual([...dataOf(0).witness], [0, 0], 'none of them')
  assert.deepEqual([...dataOf(1).witness], [1, 1], 'all of them')
  const data = dataOf(0.5)
  assert.equal(data.n, 2)
  assert.deepEqual([data.features[0], data.features.at(-1)], [0, 2])
  assert.deepEqual([data.views[0], data.views.at(-1), data.views.length], [7, 8, 2 * 1024])
  const isOne = (id: number): boolean => isWitness(catalogue.photos.place(id)!.hash!, 0.5)
  assert.deepEqual([...data.witness], [Number(isOne(a)), Number(isOne(c))])
})

const device = { available: true, reason: null, stepMilliseconds: 1 }
const devices = [
  { ...device, provider: 'cpu' as const, photosPerSecond: 50, chosen: false },
  { ...device, provider: 'webgpu' as const, photosPerSecond: 500, chosen: true }
]
const on = (provider: 'cpu' | 'webgpu') => ({
  devices: () => ({ devices, measuredAt: 1, note: null }),
  providerFor: () => provider
})

test('what deep training takes: by the device that trains and the one that describes', () => {
  assert.equal(deepSeconds(1000, on('cpu')), (1000 * 0.9 * 6 * 6) / 50 + 2)
  assert.equal(deepSeconds(1000, on('webgpu')), (1000 * 0.9 * 6 * 6) / 500 + 2)
  const [more, most] = [deepSeconds(20_000, on('cpu')), deepSeconds(100_000, on('cpu'))]
  assert.equal(most! - more!, 80_000 / 500, 'it trains on a sample, and describes all')
  const none = { devices: [], measuredAt: null, note: null }
  assert.equal(deepSeconds(1000, { ...on('cpu'), devices: () => none }), null)
})

test('what is still to come after a phase, of the whole run', () => {
  const library = { photos: 5000, sample: 5000 }
  const after = (depth: 'head' | 'deep', phases: readonly LearnPhase[]): number[] =>
    phases.map((phase) => secondsAfter(phase, { depth, ...library }, on('cpu')))
  const [views, graph, training] = after('head', ['views', 'graph', 'training'])
  assert.deepEqual([views, training], [graph, 0])
  assert.ok(views! > 30 && views! < 300, `trials of ${views} s`)
  const deep = deepSeconds(5000, on('cpu'))!
  const phases = ['views', 'start', 'training', 'features', 'validation'] as const
  const [seen, start, trained, described, proven] = after('deep', phases)
  assert.ok(seen! > start! && seen! < start! + 60)
  assert.deepEqual([start, trained, described, proven], [deep, 10, 0, 0])
  const many = { depth: 'deep' as const, photos: 100_000, sample: 20_000 }
  assert.equal(secondsAfter('features', many, on('cpu')), 160, 'photos outside the sample')
})

test('what is told: the phase, the time left of the whole run, at rest none', () => {
  let now = 0
  const around: Surroundings = {
    state: 'running',
    waitsFor: null,
    depth: 'head',
    device: 'cpu',
    photos: 1000,
    photosNeeded: 256,
    newPhotos: 0,
    newPhotosNeeded: 101,
    deepSeconds: null,
    last: null,
    trouble: null
  }
  const meter = createLearningMeter({
    surroundings: () => around,
    secondsAfter: (phase) => (phase === 'views' ? 25 : 0),
    onFault: assert.ifError,
    now: () => now
  })
  assert.equal(meter.snapshot().secondsLeft, null)
  meter.begin('views', 100, 1000, 1000)
  now = 10_000
  meter.add(100)
  const { phase, done, total, secondsLeft } = meter.snapshot()
  assert.deepEqual([phase, done, total], ['views', 200, 1000])
  assert.equal(secondsLeft, 80 + 25, 'eighty for the views, the rest for what follows')
  const step = { run: 1, total: 600, trial: 1, trials: 3, step: 5 }
  meter.step({ ...step, phase: 'training', done: 0, loss: 2 }, 1000)
  now = 20_000
  meter.step({ ...step, phase: 'training', done: 200, loss: 1 }, 1000)
  assert.equal(meter.snapshot().secondsLeft, 20)
  assert.deepEqual(meter.snapshot().curve, [
    { trial: 1, step: 5, loss: 2 },
    { trial: 1, step: 5, loss: 1 }
  ])
  meter.rest()
  assert.equal(meter.snapshot().phase, null)
  meter.close()
})
