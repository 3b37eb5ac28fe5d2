// What can be taken back is kept in a file: over restarts, behind a line that was cut off, and not
// for ever.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openUndoList } from '../../../main/app/files/undo-list.ts'
import type { Undo } from '../../../main/app/files/undo-list.ts'
import { temporaryFolder } from '../../support/library.ts'

const unexpected = (error: unknown): void => assert.fail(String(error))

const moved = (id: number): Undo => ({
  how: 'put-back',
  id,
  files: [{ from: `/photos/${id}.jpg`, to: `/elsewhere/${id}.jpg` }],
  notes: []
})

const COPY = { path: '/elsewhere/3.jpg', size: 3, modifiedAt: 1 }

test('jobs are taken back one by one, after a restart, too', (context) => {
  const file = join(temporaryFolder(context), 'undo.jsonl')
  const list = openUndoList(file, unexpected)
  assert.deepEqual(list.last(), [])
  list.begin()
  list.add(moved(1))
  list.begin()
  list.add(moved(2))
  list.add({ how: 'throw-away', id: 3, copies: [COPY] })

  const next = openUndoList(file, unexpected)
  const last = next.last()
  assert.deepEqual(last, [moved(2), { how: 'throw-away', id: 3, copies: [COPY] }])
  next.keepOfLast(last.slice(0, 1))
  assert.deepEqual(openUndoList(file, unexpected).last(), [moved(2)], 'the rest is tried again')
  next.keepOfLast([])
  assert.deepEqual(openUndoList(file, unexpected).last(), [moved(1)])
  next.keepOfLast([])
  assert.deepEqual(openUndoList(file, unexpected).last(), [])
})

test('a line that was cut off spoils neither those before nor those after it', (context) => {
  const file = join(temporaryFolder(context), 'undo.jsonl')
  const list = openUndoList(file, unexpected)
  list.begin()
  list.add(moved(1))
  appendFileSync(file, '{"job":1,"undo":{"how":"put-')
  const next = openUndoList(file, unexpected)
  next.begin()
  next.add(moved(2))
  assert.deepEqual(openUndoList(file, unexpected).last(), [moved(2)])
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 2)
})

test('the oldest of many jobs are forgotten', (context) => {
  const file = join(temporaryFolder(context), 'undo.jsonl')
  const list = openUndoList(file, unexpected)
  for (let id = 1; id <= 80; id++) {
    list.begin()
    list.add(moved(id))
  }
  assert.ok(readFileSync(file, 'utf8').trim().split('\n').length <= 51)
  assert.deepEqual(list.last(), [moved(80)])
})

test('a disk that does not keep it is told, and it lasts until the end', (context) => {
  const file = join(temporaryFolder(context), 'undo.jsonl')
  mkdirSync(file)
  const faults: unknown[] = []
  const list = openUndoList(file, (error) => faults.push(error))
  list.begin()
  list.add(moved(1))
  assert.ok(faults.length > 0)
  assert.deepEqual(list.last(), [moved(1)])
})
