// The typed line between two processes: answers, refusals, cancellation, events, handshake, death.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import test from 'node:test'
import * as v from 'valibot'
import { connect, defineContract, serve } from '../../../main/wire/channel.ts'
import { Bug, Fault, isFault } from '../../../main/wire/fault.ts'
import { portOfChild, portOfWeb, portPair } from '../../../main/wire/port.ts'
import { echoContract } from '../../support/echo-contract.ts'

const contract = defineContract({
  name: 'sums',
  version: 3,
  methods: {
    add: {
      argument: v.object({ left: v.number(), right: v.number() }),
      result: v.object({ sum: v.number() })
    },
    wait: { argument: v.object({}), result: v.object({}) },
    fail: { argument: v.object({ how: v.string() }), result: v.object({}) },
    lie: { argument: v.object({}), result: v.object({ sum: v.number() }) }
  },
  events: { counted: v.object({ calls: v.number() }) }
})

function line() {
  const [near, far] = portPair()
  const seen = { aborted: 0, added: 0 }
  const server = serve(far, contract, {
    add({ left, right }) {
      seen.added++
      return { sum: left + right }
    },
    wait: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          seen.aborted++
          reject(new Error('stopped'))
        })
      }),
    fail({ how }) {
      if (how === 'fault')
        throw new Fault({
          kind: 'not-found',
          subject: 'a.jpg',
          expected: 'a file',
          received: 'nothing'
        })
      throw new Bug('an impossible state')
    },
    lie: () => ({ sum: Number.NaN })
  })
  return { near, far, server, seen, client: connect(near, contract) }
}

test('a call is answered, and calls in flight do not mix', async () => {
  const { client } = line()
  const sums = await Promise.all(
    Array.from({ length: 50 }, (_, i) => client.call('add', { left: i, right: 1 }))
  )
  assert.deepEqual(
    sums.map((answer) => answer.sum),
    Array.from({ length: 50 }, (_, i) => i + 1)
  )
})

test('a fault crosses whole, with its kind and its sentence', async () => {
  const { client } = line()
  await assert.rejects(client.call('fail', { how: 'fault' }), (error) => {
    assert.ok(isFault(error, 'not-found'))
    assert.equal(error.message, 'a.jpg: expected a file, got nothing.')
    return true
  })
})

test('an error of ours crosses as a fault, and the line lives on', async (t) => {
  t.mock.method(console, 'error', () => undefined)
  const { client } = line()
  await assert.rejects(client.call('fail', { how: 'bug' }), /no internal error, got an impossible state/)
  assert.deepEqual(await client.call('add', { left: 1, right: 2 }), { sum: 3 })
})

test('malformed arguments are refused on arrival and never reach the handler', async () => {
  const { near, seen } = line()
  const answers: unknown[] = []
  near.onMessage((message) => answers.push(message))
  near.post({ type: 'call', id: 9, method: 'add', argument: { left: '1', right: 2 } })
  near.post({ type: 'call', id: 10, method: 'constructor', argument: {} })
  near.post({ type: 'call', id: 11, method: 'nothing', argument: {} })
  near.post('noise')
  near.post({ type: 'call', id: 'x' })
  while (answers.length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  const faults = answers.filter((a) => v.is(v.object({ type: v.literal('fault') }), a))
  assert.equal(faults.length, 3)
  assert.match(JSON.stringify(faults[0]), /sums\.add\.left/)
  assert.equal(seen.added, 0)
})

test('an answer that breaks the contract is a fault for the caller', async () => {
  const { client } = line()
  await assert.rejects(client.call('lie', {}), (error) => isFault(error, 'bad-argument'))
})

test('cancelling rejects at once and reaches the handler', async () => {
  const { client, seen } = line()
  const controller = new AbortController()
  const waiting = client.call('wait', {}, controller.signal)
  await client.call('add', { left: 0, right: 0 }) // the call has arrived
  controller.abort()
  await assert.rejects(waiting, (error) => isFault(error, 'cancelled'))
  await client.call('add', { left: 0, right: 0 }) // the cancellation has arrived
  assert.equal(seen.aborted, 1)
  const stopped = client.call('add', { left: 1, right: 1 }, controller.signal)
  await assert.rejects(stopped, (error) => isFault(error, 'cancelled'))
})

test('when the far end dies every call in flight ends as process-lost, and so do later ones', async () => {
  const { client, far, seen } = line()
  const waiting = client.call('wait', {})
  await client.call('add', { left: 0, right: 0 })
  far.close()
  await assert.rejects(waiting, (error) => isFault(error, 'process-lost'))
  await client.closed
  await assert.rejects(client.call('add', { left: 1, right: 1 }), (e) => isFault(e, 'process-lost'))
  assert.equal(seen.aborted, 1, 'work for a dead caller is stopped')
})

test('events arrive in order until the listener leaves; malformed ones never reach it', async (t) => {
  const complaints = t.mock.method(console, 'error', () => undefined)
  const { client, server, far } = line()
  const heard: number[] = []
  const leave = client.on('counted', ({ calls }) => heard.push(calls))
  server.emit('counted', { calls: 1 })
  server.emit('counted', { calls: 2 })
  far.post({ type: 'event', name: 'unknown', value: 1 })
  far.post({ type: 'event', name: 'counted', value: { calls: 'many' } })
  await client.call('add', { left: 0, right: 0 })
  leave()
  server.emit('counted', { calls: 3 })
  await client.call('add', { left: 0, right: 0 })
  assert.deepEqual(heard, [1, 2])
  assert.equal(complaints.mock.callCount(), 1, 'and the developer is told')
})

test('ends of different versions refuse each other with a sentence', async () => {
  const [near, far] = portPair()
  serve(far, contract, handlersOfNothing())
  const newer = connect(near, { ...contract, version: 4 })
  await assert.rejects(newer.call('add', { left: 1, right: 1 }), (error) => {
    assert.ok(isFault(error, 'version-mismatch'))
    assert.match(error.message, /expected sums 4, got sums 3/)
    return true
  })
})

function handlersOfNothing() {
  return {
    add: () => ({ sum: 0 }),
    wait: () => ({}),
    fail: () => ({}),
    lie: () => ({ sum: 0 })
  }
}

test('a web port carries the line, and its closing is told', async () => {
  const { port1, port2 } = new MessageChannel()
  const server = serve(portOfWeb(port1), contract, handlersOfNothing())
  const client = connect(portOfWeb(port2), contract)
  assert.deepEqual(await client.call('add', { left: 1, right: 1 }), { sum: 0 })
  client.close()
  await Promise.all([client.closed, server.closed])
})

test('a forked process carries the line, typed arrays and all, and its death is told', async () => {
  const child = fork(new URL('../../support/echo-child.ts', import.meta.url), {
    serialization: 'advanced'
  })
  const client = connect(portOfChild(child), echoContract)
  const numbers = Float32Array.of(1.5, -2)
  const answer = await client.call('echo', { numbers })
  assert.ok(answer.numbers instanceof Float32Array)
  assert.deepEqual(answer.numbers, numbers)
  const waiting = client.call('never', {})
  child.kill('SIGKILL')
  await assert.rejects(waiting, (error) => isFault(error, 'process-lost'))
})

test('what is said to a process that has just died is lost, and nothing else', async () => {
  const child = fork(new URL('../../support/echo-child.ts', import.meta.url), {
    serialization: 'advanced'
  })
  const client = connect(portOfChild(child), echoContract)
  await client.call('echo', { numbers: Float32Array.of(1) })
  child.kill('SIGKILL')
  // Nothing is heard meanwhile: the process is gone, and its end not yet told.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  const asked = client.call('echo', { numbers: new Float32Array(1_000_000) })
  await assert.rejects(asked, (error) => isFault(error, 'process-lost'))
  await client.closed
})
