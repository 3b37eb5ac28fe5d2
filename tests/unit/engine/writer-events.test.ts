// What the parts of the writer hear: a decoder that comes back is no other compute.
import assert from 'node:assert/strict'
import test from 'node:test'
import { anotherReady } from '../../../main/engine/writer/writer-events.ts'

test('only a compute that was started is another one, however often its decoder comes', () => {
  const isAnother = anotherReady()
  const states = ['absent', 'starting', 'ready', 'decoder-lost', 'ready', 'starting', 'ready'] as const
  assert.deepEqual(states.map(isAnother), [false, false, true, false, false, false, true])
  assert.deepEqual((['resting', 'ready'] as const).map(isAnother), [false, false], 'after a rest')
})
