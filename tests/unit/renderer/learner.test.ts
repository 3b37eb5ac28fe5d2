// What the page knows of learning: told by events, read when looked at, and each button's question.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { until } from '../../support/until.ts'
import { LEARNING, MODEL, handlers, kindOf } from './engine.ts'
import { BROKEN, withPage } from './page.ts'

test('the state of learning is read at the start and told as it changes', async () => {
  await withPage({}, async ({ learner, engine }) => {
    await until('it is there', () => learner.status !== undefined)
    assert.equal(learner.status?.state, 'off')
    engine.emit('learning', { ...LEARNING, state: 'running', phase: 'views' })
    await until('it runs', () => learner.status?.state === 'running')
  })
})

test('a run that is halted shows how far it was, until it runs again or is given up', async () => {
  await withPage({}, async ({ learner, engine }) => {
    const curve = [{ trial: 0, step: 1, loss: 2 }]
    const running = { ...LEARNING, state: 'running' as const, phase: 'training' as const, curve }
    engine.emit('learning', { ...running, done: 5, total: 10 })
    await until('it runs', () => learner.status?.state === 'running')
    engine.emit('learning', { ...LEARNING, state: 'paused' })
    await until('it is halted', () => learner.status?.state === 'paused')
    engine.emit('learning', { ...LEARNING, state: 'waiting', waitsFor: 'compute' })
    await until('it waits', () => learner.status?.state === 'waiting')
    const status = learner.status!
    assert.deepEqual([status.phase, status.done, status.curve], ['training', 5, curve])
    assert.equal(status.waitsFor, 'compute')
    const last = {
      kept: true,
      reason: 'Better.',
      steps: 1,
      seconds: 1,
      stepMilliseconds: 1,
      scoreBefore: 0,
      scoreAfter: 1,
      model: 1,
      verdict: null
    }
    engine.emit('learning', { ...LEARNING, state: 'waiting', last })
    await until('the next one waits', () => learner.status?.last?.model === 1)
    assert.equal(learner.status?.phase, null)
    engine.emit('learning', LEARNING)
    await until('it is given up', () => learner.status?.state === 'off')
    assert.equal(learner.status?.phase, null)
  })
})

test('models and comparisons are read together; the one that serves is known', async () => {
  const comparison = { query: 1, before: [{ id: 2, score: 0.4 }], after: [{ id: 3, score: 0.5 }] }
  const answers: Partial<Handlers<EngineContract>> = {
    models: () => ({ models: [MODEL, { ...MODEL, id: 1, state: 'retired' }] }),
    compareModels: () => ({ before: 1, after: 2, comparisons: [comparison] })
  }
  await withPage(answers, async ({ learner }) => {
    await learner.read()
    assert.deepEqual([learner.serving?.id, learner.models.length], [2, 2])
    assert.deepEqual(learner.comparisons, [comparison])
  })
})

test('each button asks what it says', async () => {
  const asked: string[] = []
  const note = (name: string) => (argument: object) => {
    asked.push(`${name} ${JSON.stringify(argument)}`)
    return {}
  }
  const answers: Partial<Handlers<EngineContract>> = {
    learn: note('learn'),
    pauseLearning: note('pause'),
    resumeLearning: note('resume'),
    cancelLearning: note('cancel'),
    rollback: note('rollback')
  }
  await withPage(answers, async ({ learner }) => {
    await learner.learn('head')
    await learner.learn('deep')
    await learner.pause()
    await learner.resume()
    await learner.cancel()
    await learner.goBackTo(1)
    assert.deepEqual(asked, [
      'learn {"depth":"head"}',
      'learn {"depth":"deep"}',
      'pause {}',
      'resume {}',
      'cancel {}',
      'rollback {"model":1}'
    ])
  })
})

test('devices are measured once at a time, and a fault of it is the caller’s', async () => {
  let times = 0
  let release: () => void = () => undefined
  const measured = { devices: [], measuredAt: 5, note: 'lost' }
  const measureDevices: Handlers<EngineContract>['measureDevices'] = async () => {
    if (++times > 1) throw BROKEN
    await new Promise<void>((resolve) => (release = resolve))
    return measured
  }
  await withPage({ measureDevices }, async ({ learner }) => {
    const first = learner.measure()
    await until('it was asked', () => times === 1)
    await learner.measure()
    assert.deepEqual([times, learner.isMeasuring], [1, true])
    release()
    await first
    assert.deepEqual([learner.devices, learner.isMeasuring], [measured, false])
    await assert.rejects(learner.measure(), (error) => kindOf(error) === 'unreadable')
    assert.equal(learner.isMeasuring, false)
  })
})

test('what cannot be read says why, until it can', async () => {
  let isBroken = true
  const models: Handlers<EngineContract>['models'] = (argument, signal) => {
    if (isBroken) throw BROKEN
    return handlers().models(argument, signal)
  }
  await withPage({ models }, async ({ learner }) => {
    await learner.read()
    assert.equal(learner.fault?.kind, 'unreadable')
    isBroken = false
    await learner.read()
    assert.equal(learner.fault, undefined)
  })
})
