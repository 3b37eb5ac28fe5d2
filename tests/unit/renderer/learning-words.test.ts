// Learning in plain words: each state, phase and end has some.
import assert from 'node:assert/strict'
import test from 'node:test'
import { LearnPhase } from '../../../main/wire/learning-contract.ts'
import type { Learning } from '../../../main/wire/learning-contract.ts'
import {
  deepSentence,
  deviceName,
  duration,
  isDeepQuick,
  learningDetail,
  learningLine,
  learningProgress,
  learningTitle,
  modelName,
  modelSentence,
  phaseShare,
  phasesOf,
  scores,
  shownPhase
} from '../../../renderer/state/learning-words.ts'
import { LEARNING, MODEL } from './engine.ts'

const READY: Learning = { ...LEARNING, photos: 1200, newPhotosNeeded: 120 }
const RUNNING: Learning = {
  ...READY,
  state: 'running',
  phase: 'training',
  done: 300,
  total: 1000,
  secondsLeft: 190,
  trial: 1,
  trials: 4
}

const RETURNING: Learning = {
  ...READY,
  state: 'returning',
  phase: 'renewal',
  done: 40,
  total: 1200,
  secondsLeft: 70
}

test('every phase of a run is explained, in its order', () => {
  const states = [
    { ...RUNNING, depth: 'head' as const },
    { ...RUNNING, depth: 'deep' as const },
    RETURNING
  ]
  const all = states.flatMap((state) => phasesOf(state).map(({ phase }) => phase))
  assert.deepEqual(new Set(all), new Set(LearnPhase.options))
  for (const state of states) {
    const places = phasesOf(state).map(({ phase }) => LearnPhase.options.indexOf(phase))
    assert.deepEqual(places, [...places].sort((a, b) => a - b), state.depth)
  }
})

test('deep training says what it takes, and is offered to all where that is under an hour', () => {
  const soon = { ...READY, deepSeconds: 25 * 60 }
  assert.match(deepSentence(soon), /takes about 25 minutes/)
  assert.match(deepSentence(READY), /once the devices were measured/)
  assert.deepEqual(
    [soon, READY, { ...READY, deepSeconds: 5 * 3600 }].map((status) => isDeepQuick(status)),
    [true, false, false]
  )
  const renewing = { ...RUNNING, depth: 'deep' as const, phase: 'renewal' as const }
  assert.match(learningDetail(renewing), /^Renewing features/)
})

test('too few photos: how many more', () => {
  const few = { ...LEARNING, photos: 56 }
  assert.equal(learningTitle(few), 'Too few photos to learn from')
  assert.match(learningDetail(few), /256 photos are indexed: 200 more/)
})

test('nothing to do: when it begins again', () => {
  assert.equal(learningTitle(READY), 'Nothing to learn now')
  assert.match(learningDetail({ ...READY, newPhotos: 119 }), /when 1 more photo has come/)
  assert.match(learningDetail({ ...READY, newPhotos: 20 }), /when 100 more photos have come/)
})

test('waiting says for what', () => {
  const waiting = { ...READY, state: 'waiting' as const }
  const titles = (['indexing', 'mains-power', 'compute'] as const).map((waitsFor) =>
    learningTitle({ ...waiting, waitsFor })
  )
  assert.match(titles[0] ?? '', /indexed/)
  assert.match(titles[1] ?? '', /plugged in/)
  assert.equal(new Set(titles).size, 3)
})

test('halted by the user, also while nothing is due', () => {
  for (const halted of [
    { ...RUNNING, state: 'paused' as const },
    { ...READY, halted: true }
  ]) {
    assert.equal(learningTitle(halted), 'Learning is paused')
    assert.match(learningDetail(halted), /when you resume it/)
  }
  const few = { ...LEARNING, photos: 56, halted: true }
  assert.equal(learningTitle(few), 'Too few photos to learn from')
})

test('running: what goes on, how long, which attempt', () => {
  assert.equal(learningDetail(RUNNING), 'Learning what makes them alike')
  const progress = ['300 of 1000 steps', 'about 3 minutes left', 'attempt 2 of 4']
  assert.deepEqual(
    learningProgress(RUNNING).map((words) => words.replace(/(\d)\D(\d{3})/, '$1$2')),
    progress
  )
  const views = { ...RUNNING, phase: 'views' as const, secondsLeft: null, done: 1, total: 9 }
  assert.deepEqual(learningProgress(views), ['1 of 9 photos'])
  assert.equal(learningLine(RUNNING), 'Learning from your photos, about 3 minutes left')
  assert.equal(learningLine({ ...RUNNING, secondsLeft: null }), 'Learning from your photos')
  assert.equal(learningDetail({ ...RUNNING, phase: null }), 'Getting ready')
})

test('on the way back: what goes on and how long, whatever learning is', () => {
  for (const status of [RETURNING, { ...RETURNING, halted: true }]) {
    assert.equal(learningTitle(status), 'Going back to an earlier model')
    assert.match(learningDetail(status), /^Renewing features/)
  }
  assert.match(learningLine(RETURNING), /^Going back .*, about a minute left$/)
  assert.deepEqual(
    phasesOf(RETURNING).map(({ phase }) => phase),
    ['renewal', 'encoding']
  )
})

test('deep training prepares a model to begin with: in steps, after views that are missing', () => {
  const start = { ...RUNNING, depth: 'deep' as const, phase: 'start' as const, trials: 1 }
  assert.equal(learningDetail(start), 'Learning a model to begin with')
  assert.match(learningProgress(start)[0] ?? '', /^300 of 1.?000 steps$/)
  const views = { ...start, phase: 'views' as const }
  assert.deepEqual([shownPhase(views), shownPhase(start)], ['start', 'start'])
  assert.match(learningProgress(views)[0] ?? '', /photos$/)
})

test('the check of an attempt is no phase of its own until the last', () => {
  const validating = { ...RUNNING, phase: 'validation' as const }
  assert.equal(shownPhase(validating), 'training')
  assert.equal(shownPhase({ ...validating, trial: 3 }), 'validation')
  assert.deepEqual([shownPhase(RUNNING), shownPhase(READY)], ['training', null])
  assert.deepEqual([phaseShare(RUNNING), phaseShare(READY)], [0.3, 0])
})

test('models and devices have names for people', () => {
  assert.match(modelSentence(MODEL, 'today'), /learned what is alike from 1.?200 photos of yours/)
  assert.match(modelSentence({ ...MODEL, kind: 'first' }, 'today'), /not learned from them yet/)
  assert.deepEqual(
    [
      modelName(MODEL),
      modelName({ ...MODEL, depth: 'deep' }),
      modelName({ ...MODEL, kind: 'first' })
    ],
    ['Learned', 'Learned deeply', 'General model']
  )
  assert.deepEqual(
    [deviceName('cpu'), deviceName('a card of its own')],
    ['Processor (CPU)', 'a card of its own']
  )
  assert.equal(scores(0.614, 0.806), '61 % before, 81 % after')
})

test('durations are spoken', () => {
  assert.deepEqual([0.2, 1, 40, 200, 9000].map(duration), [
    '1 second',
    '1 second',
    '40 seconds',
    '3 minutes',
    '3 hours'
  ])
})
