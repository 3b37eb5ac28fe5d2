// A decoder that hangs counts as one that died; one is asked for when there is something to decode
// and let go when there is not: over real ports, with times that are short.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { PortDecoder } from '../../../main/compute/port-decoder.ts'
import { hopeless } from '../../../main/wire/backoff.ts'
import { serve } from '../../../main/wire/channel.ts'
import { decoderContract, type Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { faultWords } from '../../../main/wire/fault-words.ts'
import { portOfWeb } from '../../../main/wire/port.ts'
import { LARGE_PICTURES } from '../../support/decoding.ts'

const PIXELS: Pixels = {
  width: 2,
  height: 1,
  pixelWidth: 2,
  pixelHeight: 1,
  rgb: new Uint8Array(6),
  thumbnail: null,
  damage: null
}

/** A decoder that has nothing to do for so long is let go. */
const IDLE = 200 // ms

test('a photo that hangs the decoder each time is refused; the others are decoded', async (t) => {
  const states: string[] = []
  let stuck = 0
  let end: () => void = () => undefined
  /** Replaces the decoder, as app does. A photo that hangs it keeps the others waiting too. */
  function open(): void {
    end()
    let hangs = false
    const { port1, port2 } = new MessageChannel()
    const server = serve(portOfWeb(port2), decoderContract, {
      decode({ subject }) {
        hangs ||= subject === 'hangs'
        return hangs ? new Promise<Pixels>(() => undefined) : PIXELS
      },
      ...LARGE_PICTURES,
      stepAside: () => ({})
    })
    end = () => server.close()
    decoder.attach(portOfWeb(port1))
  }
  const decoder = new PortDecoder((state) => void states.push(state), {
    limitSeconds: 0.3,
    onStuck: () => {
      stuck++
      setImmediate(open)
    }
  })
  open()
  t.after(() => end())
  const names = ['a', 'hangs', 'b', 'c']
  const { signal } = new AbortController()
  const decode = (subject: string): Promise<Pixels> =>
    decoder.decode(
      { bytes: new Uint8Array(1), format: 'jpeg', shortSide: 32, thumbnail: false, subject },
      signal
    )
  const results = await Promise.allSettled(names.map(decode))
  const refused = results.flatMap((each, at) => (each.status === 'rejected' ? [names[at]] : []))
  assert.deepEqual(refused, ['hangs'])
  const hung = results[1]
  assert.ok(hung?.status === 'rejected' && isFault(hung.reason, 'ends-process'))
  assert.equal((await decode('afterwards')).width, 2)
  assert.equal(stuck, 4, 'twice among others, twice alone')
  assert.deepEqual(
    states,
    Array(9)
      .fill(0)
      .map((_, at) => (at % 2 ? 'lost' : 'ready'))
  )
})

test('where the decoder ends at any picture no photo is to blame', async (t) => {
  let opened = 0
  let end: () => void = () => undefined
  let isOver = false
  const open = (): void => {
    if (isOver) return
    opened++
    const { port1, port2 } = new MessageChannel()
    const die = (): Promise<Pixels> => {
      setImmediate(() => server.close())
      return new Promise(() => undefined)
    }
    const answers = { decode: die, ...LARGE_PICTURES, stepAside: () => ({}) }
    const server = serve(portOfWeb(port2), decoderContract, answers)
    end = () => server.close()
    decoder.attach(portOfWeb(port1))
  }
  const decoder = new PortDecoder((state) => {
    if (state === 'lost') setImmediate(open)
  })
  open()
  t.after(() => {
    isOver = true
    end()
  })
  const request = { format: 'jpeg', shortSide: 32, thumbnail: false, subject: 'good' } as const
  const decoding = decoder.decode(
    { ...request, bytes: new Uint8Array(1) },
    new AbortController().signal
  )
  await assert.rejects(decoding, (error) => {
    assert.ok(isFault(error, 'keeps-ending'))
    const { what } = faultWords(error.record)
    assert.equal(what, 'A part of Kindred ended again and again, with any picture.')
    return error.record.about === 'program'
  })
  assert.ok(opened >= 5, 'a picture of its own was tried, too')
})

test('where there will be no decoder nobody waits for it; it is asked for again', async () => {
  let wanted = 0
  const decoder = new PortDecoder(() => undefined, { onWanted: () => wanted++ })
  const decode = (): Promise<Pixels> => {
    const request = { format: 'jpeg', shortSide: 32, thumbnail: false, subject: 'good' } as const
    const { signal } = new AbortController()
    return decoder.decode({ ...request, bytes: new Uint8Array(1) }, signal)
  }
  for (let turn = 1; turn <= 2; turn++) {
    const decoding = Promise.allSettled([decode(), decode()])
    await wait(0)
    assert.equal(wanted, turn)
    decoder.refuse(hopeless('decoder', '5 times while starting'))
    for (const each of await decoding)
      assert.ok(each.status === 'rejected' && isFault(each.reason, 'keeps-ending'))
  }
})

test('a queue that takes longer than the limit is no hang while answers come', async (t) => {
  const { port1, port2 } = new MessageChannel()
  let last = Promise.resolve()
  const server = serve(portOfWeb(port2), decoderContract, {
    decode() {
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, 100)))
      return last.then(() => PIXELS)
    },
    ...LARGE_PICTURES,
      stepAside: () => ({})
  })
  t.after(() => server.close())
  let stuck = 0
  const decoder = new PortDecoder(() => undefined, { limitSeconds: 0.5, onStuck: () => stuck++ })
  decoder.attach(portOfWeb(port1))
  const { signal } = new AbortController()
  const request = {
    bytes: new Uint8Array(1),
    format: 'jpeg',
    shortSide: 32,
    thumbnail: false
  } as const
  const names = Array.from({ length: 12 }, (_, at) => `${at}`)
  await Promise.all(names.map((subject) => decoder.decode({ ...request, subject }, signal)))
  assert.equal(stuck, 0)
})

test('a decoder is asked for when it is needed, and let go when it is not', async (t) => {
  const told: string[] = []
  const answers: (() => void)[] = []
  let end: () => void = () => undefined
  t.after(() => end())
  function open(): void {
    const { port1, port2 } = new MessageChannel()
    const server = serve(portOfWeb(port2), decoderContract, {
      decode: () => new Promise<Pixels>((resolve) => answers.push(() => resolve(PIXELS))),
      ...LARGE_PICTURES,
      stepAside: () => ({})
    })
    end = () => server.close()
    decoder.attach(portOfWeb(port1))
  }
  const decoder = new PortDecoder((state) => void told.push(state), {
    idleSeconds: IDLE / 1000,
    onWanted: () => {
      told.push('wanted')
      setTimeout(open, 20)
    },
    onIdle: () => told.push('idle')
  })
  const { signal } = new AbortController()
  const decode = (): Promise<Pixels> =>
    decoder.decode(
      { bytes: new Uint8Array(1), format: 'jpeg', shortSide: 32, thumbnail: false, subject: '' },
      signal
    )
  const asked = [decode(), decode()]
  while (!answers[1]) await wait(5)
  await wait(2 * IDLE)
  answers[0]?.()
  await asked[0]
  await wait(2 * IDLE)
  assert.deepEqual(told, ['wanted', 'ready'], 'once for both; what waits for an answer is at work')
  answers[1]?.()
  await asked[1]
  await wait(2 * IDLE)
  assert.deepEqual(told.splice(0), ['wanted', 'ready', 'idle'], 'and is not missed')
  const again = decode()
  while (!answers[2]) await wait(5)
  answers[2]()
  assert.equal((await again).width, 2)
  assert.deepEqual(told, ['wanted', 'ready'])
})
