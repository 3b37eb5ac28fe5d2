// App's line to the engine: calls wait for an engine, and are made again when it died under them,
// but for those that would do the same thing twice.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createControl, type Control } from '../../../main/app/control.ts'
import type { Server } from '../../../main/wire/channel.ts'
import type { EngineControlContract } from '../../../main/wire/engine-contract.ts'
import { handOver } from '../../support/control-engine.ts'

function startEngine(
  control: Control,
  addFolder: (path: string) => Promise<number>
): Server<EngineControlContract> {
  return handOver(control, { addFolder: async ({ path }) => ({ id: await addFolder(path) }) })
}

test('a call made before there is an engine waits for it', async () => {
  const control = createControl()
  const added = control.call('addFolder', { path: '/photos' })
  startEngine(control, async () => 3)
  assert.deepEqual(await added, { id: 3 })
})

test('a call under which the engine dies is made again to the next one', async () => {
  const control = createControl()
  let asked: (path: string) => void = () => undefined
  const wasAsked = new Promise<string>((resolve) => (asked = resolve))
  const first = startEngine(control, (path) => {
    asked(path)
    return new Promise(() => undefined)
  })
  const added = control.call('addFolder', { path: '/photos' })
  assert.equal(await wasAsked, '/photos')
  first.close()
  const second = startEngine(control, async () => 4)
  assert.deepEqual(await added, { id: 4 })
  second.close()
  const later = control.call('addFolder', { path: '/more' })
  startEngine(control, async () => 5)
  assert.deepEqual(await later, { id: 5 })
})

test('a fault of the engine is the answer', async () => {
  const control = createControl()
  startEngine(control, async () => 1)
  await assert.rejects(control.call('large', { name: '0'.repeat(32), side: 720 }), { kind: 'not-found' })
})

test('what moves files is not asked for twice: the engine may have done it', async () => {
  const control = createControl()
  const move = { id: 1, directory: '/elsewhere', copies: false }
  const back = { id: 1, files: [{ from: '/a.jpg', to: '/elsewhere/a.jpg' }] }
  let asked = 0
  for (const call of [
    () => control.call('transfer', move),
    () => control.call('putBack', back)
  ]) {
    const first = handOver(control, {
      transfer: () => (asked++, first.close(), new Promise(() => undefined)),
      putBack: () => (asked++, first.close(), new Promise(() => undefined))
    })
    const called = call()
    void first.closed.then(() =>
      handOver(control, {
        transfer: () => (asked++, { files: [] }),
        putBack: () => (asked++, {})
      })
    )
    await assert.rejects(called, { kind: 'process-lost' })
  }
  assert.equal(asked, 2)
})

test('waiting for an engine ends when it is stopped', async () => {
  const control = createControl()
  const stop = new AbortController()
  const added = control.call('addFolder', { path: '/photos' }, stop.signal)
  stop.abort()
  await assert.rejects(added, { kind: 'cancelled' })
  await assert.rejects(control.call('large', { name: '0'.repeat(32), side: 720 }, stop.signal), { kind: 'cancelled' })
})
