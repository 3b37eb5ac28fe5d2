// What is done with files, in a page whose bridge a test answers for: which photos left, and which
// came back; and what is said of it.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Fault } from '../../../main/wire/fault.ts'
import type { FaultKind } from '../../../main/wire/fault.ts'
import type { FileAnswer } from '../../../main/wire/file-commands.ts'
import { resultWords } from '../../../renderer/state/file-words.ts'
import type { Target } from '../../../renderer/state/target.ts'
import { loadState } from './bundle.ts'

type State = typeof import('../../../renderer/state/file-work.svelte.ts')

let state: State
before(async () => {
  state = await loadState<State>('file-work.svelte.ts')
})

const DONE: FileAnswer = {
  outcome: 'done',
  total: 1,
  done: 1,
  failed: 0,
  fault: null,
  stopped: false,
  canUndo: true
}
const one = (id: number): Target => ({ ids: [id], focused: id, where: 'compare' })

/** Files that are worked with, and what was told; each answer is given by the test. */
function working() {
  const told: string[] = []
  const answers: ((answer: FileAnswer) => void)[] = []
  const ask = (): Promise<FileAnswer> => new Promise((resolve) => answers.push(resolve))
  Object.assign(globalThis, { window: { kindred: { withFiles: ask, undoFiles: ask } } })
  const files = new state.FileWork(new EventTarget() as Window, {
    tell: (notice) => void told.push(notice),
    left: ({ ids }) => void told.push(`left ${ids.join()}`),
    did: () => void told.push('did'),
    cameBack: ({ ids }) => void told.push(`back ${ids.join()}`),
    picture: async () => ''
  })
  return { files, told, answer: (given: FileAnswer) => answers.shift()?.(given) }
}

test('what is asked for while files are being moved is not taken for what was done', async () => {
  const { files, told, answer } = working()
  const first = files.act('trash', one(1))
  await files.act('trash', one(2))
  assert.deepEqual(told.splice(0), ['Wait until the files before are done.'])
  answer(DONE)
  await first
  assert.deepEqual(told, ['did', 'left 1'])
  files.hide()
})

test('what is taken back is what was done last, be it moved or thrown away', async () => {
  for (const what of ['move', 'trash'] as const) {
    const { files, told, answer } = working()
    const done = files.act(what, one(1))
    answer(DONE)
    await done
    const declined = files.act('trash', one(2))
    answer({ outcome: 'cancelled' })
    await declined
    const undone = files.undo()
    answer(DONE)
    await undone
    assert.deepEqual(told, ['did', 'left 1', 'back 1'])
    files.hide()
  }
})

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
