// What was done with files, in sentences.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Fault } from '../../../main/wire/fault.ts'
import type { FaultKind } from '../../../main/wire/fault.ts'
import { resultWords } from '../../../renderer/state/file-words.ts'

const none = { failed: 0, fault: null, stopped: false, canUndo: true }
const fault = (kind: FaultKind) =>
  new Fault({ kind, about: 'photo', subject: 'a.jpg', expected: 'x', received: 'y' }).record

test('one and many are told', () => {
  const said = (total: number, done: number) =>
    resultWords({ what: 'move', answer: { outcome: 'done', total, done, ...none } })
  assert.equal(said(1, 1), '1 photo was moved.')
  assert.equal(said(5, 5), '5 photos were moved.')
  const stopped = { ...none, stopped: true }
  const answer = { outcome: 'done', total: 5, done: 1, ...stopped } as const
  assert.equal(resultWords({ what: 'trash', answer }),
    '1 of 5 photos was moved to the trash. You stopped the rest.')
})

test('what failed is told with its name, why, and what to do', () => {
  const failed = (kind: FaultKind, total = 3, what: 'move' | 'trash' | 'undo' = 'move') => {
    const answer = { ...none, outcome: 'done', total, done: total - 1, failed: 1 } as const
    return resultWords({ what, answer: { ...answer, fault: fault(kind) } })
  }
  assert.equal(
    failed('disk-full'),
    '2 of 3 photos were moved. a.jpg: The disk is full. Make room, and try again.'
  )
  assert.equal(
    failed('read-only', 1),
    'A disk is read-only. Make it writable, or choose a folder on another one.'
  )
  assert.match(failed('no-access', 1), /may not be written to/)
  assert.match(failed('unreadable', 1, 'trash'), /trash does not take it/)
  assert.match(failed('unreadable', 1), /system refused/)
  assert.match(failed('bad-argument', 1, 'undo'), /changed since it was copied/)
})
