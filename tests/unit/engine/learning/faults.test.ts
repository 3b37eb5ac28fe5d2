// What becomes of a run that fails: which faults it waits out, when another run takes its place,
// what is left of it. With a real catalogue, and a compute that answers with faults.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { createFitter } from '../../../../main/engine/models/fitter.ts'
import type { Learner } from '../../../../main/engine/learning/learner-api.ts'
import { createLearner } from '../../../../main/engine/learning/learner.ts'
import { createModelSwap } from '../../../../main/engine/models/model-swap.ts'
import { createTidying } from '../../../../main/engine/models/tidying.ts'
import { Fault } from '../../../../main/wire/fault.ts'
import type { FaultKind } from '../../../../main/wire/fault.ts'
import type { LearnOptions } from '../../../../main/wire/learning-contract.ts'
import { addIndexed, modelRecord, temporaryCatalogue } from '../../../support/library.ts'
import { MACHINE, partCompute } from '../../../support/part-compute.ts'
import { contextOf } from '../../../support/writer-context.ts'

const PHOTOS = 260
const HOUR = 3600_000
const MOST_FAILURES = 6
const OUTCOME = {
  kept: true,
  scoreBefore: 0.6,
  scoreAfter: 0.7,
  steps: 1,
  stepMilliseconds: 1,
  device: 'cpu',
  setting: null,
  verdict: null,
  opponent: 'serving' as const,
  prices: []
}

interface Library {
  catalogue: Catalogue
  /** So often compute was asked for what fails. */
  attempts(): number
  start(learns: LearnOptions): Promise<Learner>
  add(photos: number): void
}

function library(context: TestContext, kind: FaultKind): Library {
  const catalogue = temporaryCatalogue(context)
  catalogue.settings.setDevices({ devices: [], measuredAt: 1, machine: MACHINE, note: null })
  const folder = catalogue.folders.add('/photos', 'photos')
  let photos = 0
  let attempts = 0
  function fail(): never {
    attempts++
    throw new Fault({ kind, subject: 'a test', expected: 'luck', received: 'none' })
  }
  const { link } = partCompute({ fit: fail, renew: fail })
  const parts = contextOf(catalogue, link)
  return {
    catalogue,
    attempts: () => attempts,
    add(more) {
      for (const end = photos + more; photos < end; photos++)
        addIndexed(catalogue, folder, `${photos}.jpg`)
    },
    async start(learns) {
      await link.session()
      const tidying = createTidying(parts)
      const swap = createModelSwap(parts, tidying)
      const fitter = createFitter(parts, swap)
      const onServing = (): void => undefined
      const surroundings = { isIdle: () => true, learns, onServing }
      const learner = createLearner({ context: parts, fitter, swap, tidying, ...surroundings })
      context.after(() => learner.close())
      await atRest()
      return learner
    }
  }
}

/** Whatever is under way has ended, or waits for a timer. */
async function atRest(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate)
}

async function pass(context: TestContext, milliseconds: number): Promise<void> {
  context.mock.timers.tick(milliseconds)
  await atRest()
}

test('what may pass is waited for: tried later and later, but once an hour', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { catalogue, attempts, start, add } = library(context, 'unreadable')
  add(PHOTOS)
  const learner = await start({ depth: 'head' })
  const run = catalogue.runs.unfinished()!.id
  for (let failures = 1; failures < 12; failures++) {
    assert.equal(attempts(), failures)
    assert.equal(learner.snapshot().trouble?.kind, 'unreadable')
    const wait = Math.min(HOUR, 30_000 * 2 ** (failures - 1))
    await pass(context, wait - 1)
    learner.wake()
    await atRest()
    assert.equal(attempts(), failures, 'not before its time')
    await pass(context, 1)
  }
  assert.equal(catalogue.runs.unfinished()?.id, run, 'the same run all the time')
  assert.equal(catalogue.settings.learnedUntil(), undefined, 'nothing was learned')

  add(PHOTOS / 5)
  await pass(context, HOUR)
  assert.equal(catalogue.runs.unfinished(), undefined)
  await pass(context, HOUR)
  assert.ok(catalogue.runs.unfinished()!.id > run, 'so many new photos: another run')
  assert.equal(attempts(), 14)
  assert.equal(catalogue.settings.learnedUntil(), undefined)
})

test('what does not pass: another run, an hour later, of the same photos', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { catalogue, attempts, start, add } = library(context, 'bad-model')
  add(PHOTOS)
  const learner = await start({ depth: 'head' })
  for (let failures = 1; failures < MOST_FAILURES; failures++) {
    assert.ok(catalogue.runs.unfinished())
    await pass(context, HOUR)
  }
  assert.equal(attempts(), MOST_FAILURES)
  assert.equal(catalogue.runs.unfinished(), undefined)
  assert.equal(catalogue.settings.learnedUntil(), undefined, 'nothing was learned')
  learner.wake()
  await atRest()
  assert.equal(attempts(), MOST_FAILURES, 'not at once')
  await pass(context, HOUR)
  await pass(context, HOUR)
  assert.equal(attempts(), MOST_FAILURES + 2, 'but not never')
})

test('of a run that failed for good nothing is left', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { catalogue, attempts, start, add } = library(context, 'bad-model')
  add(PHOTOS)
  const options = { depth: 'deep' } as const
  const base = catalogue.models.add('first', modelRecord(), 0)
  const { id: run } = catalogue.runs.start(options, Date.now())
  catalogue.runs.setBase(run, base)
  const none = { scoreBefore: null, scoreAfter: null }
  const how = { base: null, device: 'cpu', seconds: 1, steps: 1, witnessShare: 0.5 }
  const learned = { ...how, ...none, ...options }
  const record = { ...modelRecord(), backbone: 'c'.repeat(64) }
  const candidate = catalogue.models.addLearned(record, 0, learned)
  catalogue.runs.setOutcome(run, { ...OUTCOME, ...none }, candidate)
  await start(options)
  for (let failures = 1; failures < MOST_FAILURES; failures++) {
    assert.ok(catalogue.models.get(candidate))
    await pass(context, HOUR)
  }
  assert.ok(attempts() >= MOST_FAILURES)
  assert.equal(catalogue.models.get(candidate), undefined)
  assert.equal(catalogue.runs.unfinished(), undefined)
})

test('a model that was lost after its training is trained again', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { catalogue, attempts, start, add } = library(context, 'unreadable')
  add(PHOTOS)
  const { id: run } = catalogue.runs.start({ depth: 'head' }, Date.now())
  const model = catalogue.models.add('first', modelRecord(), 0)
  catalogue.runs.setOutcome(run, OUTCOME, model)
  catalogue.models.erase(model)
  assert.equal(catalogue.runs.unfinished()?.model, null)
  await start({ depth: 'head' })
  assert.equal(attempts(), 1)
  assert.equal(catalogue.runs.lastEnded(), undefined, 'not told as not better')
})

test('what groups kinds better, but loses near duplicates, is dropped and says so', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const { catalogue, attempts, start, add } = library(context, 'unreadable')
  add(PHOTOS)
  const { id: run } = catalogue.runs.start({ depth: 'head' }, Date.now())
  const interval = { mean: 0.1, low: 0.05, high: 0.15, queries: 130, groups: 40 }
  const things = { ...interval, mean: -0.2, low: -0.3, high: -0.1 }
  const reason = 'loses-things' as const
  const verdict = { passes: false, reason, gain: interval, things }
  catalogue.runs.setOutcome(run, { ...OUTCOME, kept: false, verdict }, null)
  await start({ depth: 'head' })
  const result = catalogue.runs.lastEnded()?.result
  assert.deepEqual([attempts(), result?.kept], [0, false])
  assert.match(result?.reason ?? '', /kinds better, but .*very same thing less well.*-20.0 points/)
})
