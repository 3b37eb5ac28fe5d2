// What of a photo is looked at again after decoders or rules have changed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { CHANGES, JUDGEMENT, changedSince, type Change } from '../../../main/wire/judgement.ts'

const LATER: readonly Change[] = [
  ...CHANGES,
  { what: 'dates', formats: 'all', asks: 'metadata' },
  { what: 'frames', formats: ['gif', 'webp'], asks: 'picture' }
]

test('only what can have changed is looked at again', () => {
  assert.equal(changedSince(JUDGEMENT, 'jpeg'), null)
  assert.equal(changedSince(0, 'jpeg'), 'picture')
  assert.equal(changedSince(CHANGES.length, 'jpeg', LATER), 'metadata')
  assert.equal(changedSince(CHANGES.length, 'gif', LATER), 'picture')
  assert.equal(changedSince(CHANGES.length + 1, 'jpeg', LATER), null)
  assert.equal(changedSince(CHANGES.length + 1, 'webp', LATER), 'picture')
  // Of a row that does not say its format any change may concern it.
  assert.equal(changedSince(CHANGES.length + 1, null, LATER), 'picture')
  assert.equal(changedSince(LATER.length, null, LATER), null)
})
