// Where one has been among kin: forward, back, and what is forgotten.
import assert from 'node:assert/strict'
import test from 'node:test'
import { kinOf, plainPhoto } from '../../../renderer/state/question.ts'
import { NO_HISTORY, canGo, current, follow, go, replace } from '../../../renderer/state/history.ts'

test('following, going back and forward restores photo and scroll', () => {
  let history = follow(NO_HISTORY, kinOf(1), 0)
  history = follow(history, kinOf(2), 340)
  history = follow(history, kinOf(3), 50)
  history = go(history, -1, 70)
  assert.deepEqual(current(history), { question: kinOf(2), kinScroll: 50 })
  history = go(history, -1, 60)
  assert.deepEqual(current(history), { question: kinOf(1), kinScroll: 340 })
  history = go(go(history, 1, 0), 1, 60)
  assert.deepEqual(current(history), { question: kinOf(3), kinScroll: 70 })
  assert.deepEqual([canGo(history, -1), canGo(history, 1)], [true, false])
})

test('following after going back forgets what lay ahead', () => {
  const back = go(follow(follow(NO_HISTORY, kinOf(1), 0), kinOf(2), 0), -1, 0)
  const history = follow(back, kinOf(9), 0)
  assert.deepEqual(
    history.visits.map((visit) => plainPhoto(visit.question)),
    [1, 9]
  )
})

test('the ends hold, the same photo is no new visit, stepping is none either', () => {
  const one = follow(NO_HISTORY, kinOf(1), 0)
  assert.equal(go(one, -1, 0), one)
  assert.equal(go(one, 1, 0), one)
  assert.equal(follow(one, kinOf(1), 20), one)
  const stepped = replace(follow(one, kinOf(2), 0), kinOf(7))
  assert.deepEqual(
    stepped.visits.map((visit) => plainPhoto(visit.question)),
    [1, 7]
  )
  assert.equal(current(NO_HISTORY), undefined)
})

test('a very long walk forgets its beginning only', () => {
  let history = NO_HISTORY
  for (let id = 1; id <= 700; id++) history = follow(history, kinOf(id), 0)
  assert.equal(history.visits.length, 500)
  assert.deepEqual(current(history)?.question, kinOf(700))
  assert.deepEqual(history.visits[0]?.question, kinOf(201))
})
