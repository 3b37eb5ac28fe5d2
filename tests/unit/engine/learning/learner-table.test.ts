// The learner's table as it is printed, and what holds of every path through it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import {
  LEARNER_COMMANDS,
  EVENTS,
  STATES,
  TABLE,
  tableText
} from '../../../../main/engine/learning/learner-table.ts'
import type { Event, State } from '../../../../main/engine/learning/learner-table.ts'

const PRINTED = `resting    go -> learning: start
           hold: ignored
           learn -> resting: adopt
           replace -> replacing: refuse, give-up
           cancel -> dropping: refuse, give-up
           discard -> dropping: discard
           measure -> measuring: measure
           go-back -> returning: go-back
           close -> closed: refuse, release
           done, failed: impossible
learning   go: ignored
           hold -> halting: abort
           learn -> learning: adopt
           replace, cancel, discard, measure, go-back, close -> halting: abort, asked again
           done -> resting: answer
           failed -> resting: refuse, count, retry
halting    go, hold: ignored
           learn -> halting: adopt
           replace, cancel, discard, measure, go-back, close: waits
           done -> resting: answer
           failed -> resting
dropping   go, hold: ignored
           learn, replace, cancel, discard, measure, go-back, close: waits
           done -> resting
           failed -> resting: retry
replacing  go, hold: ignored
           learn, replace, cancel, discard, measure, go-back, close: waits
           done -> resting: adopt
           failed -> resting: turn-away, retry
measuring  go, hold: ignored
           learn, replace, cancel, discard, measure, go-back: waits
           close -> measuring: abort, asked again
           done -> resting: reply
           failed -> resting: turn-away
returning  go, hold: ignored
           learn, replace, discard, measure, go-back: waits
           cancel -> returning: abort
           close -> returning: abort, asked again
           done -> resting: refuse, reply
           failed -> resting: turn-away
closed     go, hold, cancel, discard: ignored
           learn, replace, measure, go-back -> closed: turn-away
           close -> closed: release
           done, failed: impossible`

test('the table is as it is drawn', () => {
  assert.equal(tableText(), PRINTED)
  const source = new URL('../../../../main/engine/learning/learner-table.ts', import.meta.url)
  const drawn = readFileSync(source, 'utf8').replaceAll(/^\/\/ {3}?/gm, '')
  assert.ok(drawn.includes(PRINTED), 'the comment of the file draws it, too')
})

/** Where an event leads to; itself where nothing happens. */
function next(state: State, event: Event): State {
  const cell = TABLE[state][event]
  return typeof cell === 'string' ? state : cell.to
}

/** All states that these events lead to from one, in any order. */
function reachable(from: State, events: readonly Event[]): Set<State> {
  const found = new Set([from])
  for (const state of found) for (const event of events) found.add(next(state, event))
  return found
}

const WORK = STATES.filter((state) => TABLE[state].done !== 'impossible')

test('every state can be reached, and from each there is a way to rest and to the end', () => {
  assert.deepEqual([...reachable('resting', EVENTS)].sort(), [...STATES].sort())
  for (const state of STATES.filter((each) => each !== 'closed')) {
    assert.ok(reachable(state, ['done']).has('resting'), `${state}: when its work is done`)
    assert.ok(reachable(state, ['failed']).has('resting'), `${state}: when it fails`)
    assert.ok(reachable(state, ['close', 'failed']).has('closed'), `${state}: when it is closed`)
  }
  assert.deepEqual([...reachable('closed', EVENTS)], ['closed'])
})

test('work begins at rest alone, one at a time, and what begins it is the only way into it', () => {
  const begins = new Set(['start', 'give-up', 'discard', 'measure', 'go-back'])
  for (const state of STATES)
    for (const event of EVENTS) {
      const cell = TABLE[state][event]
      if (typeof cell === 'string') continue
      const work = cell.effects.filter((effect) => begins.has(effect))
      const isBegun = WORK.includes(cell.to) && !WORK.includes(state)
      assert.equal(work.length, isBegun ? 1 : 0, `${state}, ${event}`)
      if (isBegun) assert.equal(state, 'resting')
    }
})

test('a command that waits is offered to a state in which it does not', () => {
  for (const command of LEARNER_COMMANDS) assert.notEqual(TABLE.resting[command], 'waits', command)
  for (const state of STATES)
    for (const command of LEARNER_COMMANDS)
      if (TABLE[state][command] === 'waits') assert.ok(WORK.includes(state), `${state}, ${command}`)
})
