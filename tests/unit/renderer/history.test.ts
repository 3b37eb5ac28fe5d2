// Where one has been among kin: forward, back, and what is forgotten.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Filter } from '../../../main/wire/filter.ts'
import { kinOf, plainPhoto } from '../../../renderer/state/question.ts'
import { NO_HISTORY, canGo, current, follow, go, replace } from '../../../renderer/state/history.ts'

const ALL = {}
const left = (kinScroll: number, filter: Filter = ALL) => ({ kinScroll, filter })

test('following, going back and forward restores photo and scroll', () => {
  let history = follow(NO_HISTORY, kinOf(1), left(0))
  history = follow(history, kinOf(2), left(340))
  history = follow(history, kinOf(3), left(50))
  history = go(history, -1, left(70))
  assert.deepEqual(current(history), { question: kinOf(2), kinScroll: 50, filter: ALL })
  history = go(history, -1, left(60))
  assert.deepEqual(current(history), { question: kinOf(1), kinScroll: 340, filter: ALL })
  history = go(go(history, 1, left(0)), 1, left(60))
  assert.deepEqual(current(history), { question: kinOf(3), kinScroll: 70, filter: ALL })
  assert.deepEqual([canGo(history, -1), canGo(history, 1)], [true, false])
})

test('each visit keeps what narrowed its kin when it was left', () => {
  const narrowed = { camera: 'Canon EOS 5D' }
  let history = follow(NO_HISTORY, kinOf(1), left(0))
  history = follow(history, kinOf(2), left(0, narrowed))
  assert.deepEqual(current(history)?.filter, narrowed, 'one goes on within the filter')
  history = go(history, -1, left(0, ALL))
  assert.deepEqual(current(history)?.filter, narrowed)
  history = go(history, 1, left(0, narrowed))
  assert.deepEqual(current(history)?.filter, ALL)
})

test('following after going back forgets what lay ahead', () => {
  const back = go(follow(follow(NO_HISTORY, kinOf(1), left(0)), kinOf(2), left(0)), -1, left(0))
  const history = follow(back, kinOf(9), left(0))
  assert.deepEqual(
    history.visits.map((visit) => plainPhoto(visit.question)),
    [1, 9]
  )
})

test('the ends hold, the same photo is no new visit, stepping is none either', () => {
  const one = follow(NO_HISTORY, kinOf(1), left(0))
  assert.equal(go(one, -1, left(0)), one)
  assert.equal(go(one, 1, left(0)), one)
  assert.equal(follow(one, kinOf(1), left(20)), one)
  const stepped = replace(follow(one, kinOf(2), left(0)), kinOf(7))
  assert.deepEqual(
    stepped.visits.map((visit) => plainPhoto(visit.question)),
    [1, 7]
  )
  assert.equal(current(NO_HISTORY), undefined)
})

test('a very long walk forgets its beginning only', () => {
  let history = NO_HISTORY
  for (let id = 1; id <= 700; id++) history = follow(history, kinOf(id), left(0))
  assert.equal(history.visits.length, 500)
  assert.deepEqual(current(history)?.question, kinOf(700))
  assert.deepEqual(history.visits[0]?.question, kinOf(201))
})
