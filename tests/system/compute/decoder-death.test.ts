// A decoder that dies with photos in it, in real processes: the work goes on, the killer is found.
import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import test, { type TestContext } from 'node:test'
import { PortDecoder } from '../../../main/compute/port-decoder.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { portOfChild } from '../../../main/wire/port.ts'
import { picture } from '../../support/pictures.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const DECODER = fileURLToPath(new URL('../../support/decoder-child.ts', import.meta.url))

interface Rig {
  decode(subject: string, signal?: AbortSignal): Promise<Pixels>
  states: string[]
  starts(): number
}

/** A decoder that is started again at once whenever it dies, as app does. */
async function rig(t: TestContext): Promise<Rig> {
  const states: string[] = []
  const decoder = new PortDecoder((state) => void states.push(state))
  let child: ChildProcess
  let starts = 0
  let over = false
  function start(): void {
    starts++
    child = fork(DECODER, [String(starts)], {
      serialization: 'advanced',
      execArgv: [...TYPESCRIPT]
    })
    child.once('exit', () => over || start())
    decoder.attach(portOfChild(child))
  }
  start()
  t.after(() => {
    over = true
    child.kill('SIGKILL')
  })
  const bytes = new Uint8Array(await picture(64, 48).jpeg().toBuffer())
  return {
    decode: (subject, signal = new AbortController().signal) =>
      decoder.decode({ bytes, format: 'jpeg', shortSide: 32, thumbnail: false, subject }, signal),
    states,
    starts: () => starts
  }
}

test('decodes in flight at a death are done again, and nobody notices', async (t) => {
  const { decode, states, starts } = await rig(t)
  const names = Array.from({ length: 20 }, (_, i) => `one bad moment ${i}`)
  const all = await Promise.all(names.map((name) => decode(name)))
  for (const pixels of all) assert.equal(pixels.pixelHeight, 32)
  assert.equal(starts(), 2)
  assert.deepEqual(states, ['ready', 'lost', 'ready'])
})

test('a photo that kills the decoder each time is refused; the others are decoded', async (t) => {
  const { decode, starts } = await rig(t)
  const names = ['a', 'b', 'killer.jpg', 'c', 'd', 'e']
  const results = await Promise.allSettled(names.map((name) => decode(name)))
  const refused = results.flatMap((result, i) => (result.status === 'rejected' ? [names[i]] : []))
  assert.deepEqual(refused, ['killer.jpg'])
  const killer = results[2]
  assert.ok(killer?.status === 'rejected' && isFault(killer.reason, 'ends-process'))
  assert.equal(killer.reason.record.subject, 'killer.jpg')
  assert.equal((await decode('afterwards')).pixelHeight, 32)
  assert.equal(starts(), 5, 'two deaths among others, two alone')
})

test('a photo waits for a decoder that is not there yet, and can be given up', async () => {
  const decoder = new PortDecoder(() => undefined)
  const bytes = new Uint8Array(await picture(64, 48).jpeg().toBuffer())
  const subject = 'photo'
  const request = { bytes, format: 'jpeg', shortSide: 32, thumbnail: false, subject } as const
  const controller = new AbortController()
  const waiting = decoder.decode(request, controller.signal)
  controller.abort()
  await assert.rejects(waiting, (error) => isFault(error, 'cancelled'))
})
