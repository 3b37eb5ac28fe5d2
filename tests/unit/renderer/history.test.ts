// Where one has been among kin: forward, back, and what is forgotten.
import assert from 'node:assert/strict'
import test from 'node:test'
import { NO_HISTORY, canGo, current, follow, go, replace } from '../../../renderer/state/history.ts'

test('following, going back and forward restores photo and scroll', () => {
  let history = follow(NO_HISTORY, 1, 0)
  history = follow(history, 2, 340)
  history = follow(history, 3, 50)
  history = go(history, -1, 70)
  assert.deepEqual(current(history), { id: 2, kinScroll: 50 })
  history = go(history, -1, 60)
  assert.deepEqual(current(history), { id: 1, kinScroll: 340 })
  history = go(go(history, 1, 0), 1, 60)
  assert.deepEqual(current(history), { id: 3, kinScroll: 70 })
  assert.deepEqual([canGo(history, -1), canGo(history, 1)], [true, false])
})

test('following after going back forgets what lay ahead', () => {
  const back = go(follow(follow(NO_HISTORY, 1, 0), 2, 0), -1, 0)
  const history = follow(back, 9, 0)
  assert.deepEqual(
    history.visits.map((visit) => visit.id),
    [1, 9]
  )
})

test('the ends hold, the same photo is no new visit, stepping is none either', () => {
  const one = follow(NO_HISTORY, 1, 0)
  assert.equal(go(one, -1, 0), one)
  assert.equal(go(one, 1, 0), one)
  assert.equal(follow(one, 1, 20), one)
  const stepped = replace(follow(one, 2, 0), 7)
  assert.deepEqual(
    stepped.visits.map((visit) => visit.id),
    [1, 7]
  )
  assert.equal(current(NO_HISTORY), undefined)
})

test('a very long walk forgets its beginning only', () => {
  let history = NO_HISTORY
  for (let id = 1; id <= 700; id++) history = follow(history, id, 0)
  assert.equal(history.visits.length, 500)
  assert.equal(current(history)?.id, 700)
  assert.equal(history.visits[0]?.id, 201)
})
