// The line to the engine: waits for it, asks again what was lost with it, gives up on a poisonous
// question.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import { Fault } from '../../../main/wire/fault.ts'
import { until } from '../../support/until.ts'
import { WindowTarget, handlers, kindOf } from './engine.ts'
import { loadState } from './bundle.ts'

type Module = typeof import('../../../renderer/state/engine-link.svelte.ts')
let EngineLink: Module['EngineLink']
before(async () => {
  EngineLink = (await loadState<Module>('engine-link.svelte.ts')).EngineLink
})

function linked(): { target: WindowTarget; link: InstanceType<Module['EngineLink']> } {
  const target = new WindowTarget()
  return { target, link: new EngineLink(target as EventTarget as Window) }
}

test('a question that is asked before there is an engine is answered by the first', async () => {
  const { target, link } = linked()
  assert.equal(link.state, 'starting')
  const asked = link.call('library', {})
  const engine = target.hand(handlers())
  assert.equal((await asked).photos, 3)
  assert.deepEqual([link.state, link.engines], ['ready', 1])
  engine.close()
})

test('what an engine took with it is asked again of the next', async () => {
  const { target, link } = linked()
  let wasAsked = false
  const never = new Promise<never>(() => undefined)
  const first = target.hand({ ...handlers(), library: () => ((wasAsked = true), never) })
  const asked = link.call('library', {})
  await until('the first engine was asked', () => wasAsked)
  // The first engine is dead without a word: only a new port tells.
  const second = target.hand(handlers())
  assert.equal((await asked).photos, 3)
  assert.equal(link.engines, 2)
  first.close()
  second.close()
})

test('a question that kills each engine is given up', async () => {
  const { target, link } = linked()
  const asked = link.call('library', {})
  const outcome = asked.then(
    () => 'answered',
    (error: unknown) => error
  )
  for (let i = 0; i < 3; i++) {
    let wasAsked = false
    const die = (): Promise<never> => ((wasAsked = true), new Promise<never>(() => undefined))
    const server = target.hand({ ...handlers(), library: die })
    await until(`engine ${i + 1} was asked`, () => wasAsked)
    server.close()
  }
  assert.equal(kindOf(await outcome), 'process-lost')
})

test('a question that nobody waits for any more ends as cancelled', async () => {
  const { link } = linked()
  const controller = new AbortController()
  const asked = link.call('library', {}, controller.signal)
  controller.abort()
  await assert.rejects(asked, (error) => kindOf(error) === 'cancelled')
})

test('a fault of the engine is passed on and not asked again', async () => {
  const { target, link } = linked()
  let times = 0
  const fault = new Fault({
    kind: 'unreadable',
    subject: 'kin',
    expected: 'a disk',
    received: 'an error'
  })
  const engine = target.hand({
    ...handlers(),
    kin() {
      times++
      throw fault
    }
  })
  await assert.rejects(
    link.call('kin', { id: 1, top: 10 }),
    (error) => kindOf(error) === 'unreadable'
  )
  assert.equal(times, 1)
  engine.close()
})

test('listeners are told of each new line', () => {
  const { target, link } = linked()
  let told = 0
  link.onConnect(() => told++)
  const engines = [target.hand(handlers()), target.hand(handlers())]
  assert.equal(told, 2)
  for (const engine of engines) engine.close()
})

test('a message that is no port of the engine is none', () => {
  const { target, link } = linked()
  const { port1, port2 } = new MessageChannel()
  const strangers = [
    { data: { type: 'port', peer: 'engine' }, source: {}, ports: [port2] },
    { data: { type: 'port', peer: 'compute' }, source: target, ports: [port2] },
    { data: 'port', source: target, ports: [port2] },
    { data: { type: 'port', peer: 'engine' }, source: target, ports: [] }
  ]
  for (const stranger of strangers)
    target.dispatchEvent(Object.assign(new Event('message'), stranger))
  assert.equal(link.state, 'starting')
  port1.close()
})
