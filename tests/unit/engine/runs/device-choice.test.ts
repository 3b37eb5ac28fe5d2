// Which device runs what, before and after one was lost. With a real catalogue, and a compute whose
// devices fail as the test says.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { createDeviceChoice } from '../../../../main/engine/runs/device-choice.ts'
import { persistently } from '../../../../main/engine/runs/persist-run.ts'
import { Fault } from '../../../../main/wire/fault.ts'
import type { Device, PROVIDERS } from '../../../../main/wire/learning-contract.ts'
import { temporaryCatalogue } from '../../../support/library.ts'
import { MACHINE, partCompute } from '../../../support/part-compute.ts'

type Provider = (typeof PROVIDERS)[number]

function device(provider: Provider, photosPerSecond: number, stepMilliseconds: number): Device {
  const chosen = provider === 'webgpu'
  return { provider, available: true, reason: null, photosPerSecond, stepMilliseconds, chosen }
}

const DEVICES = [device('cpu', 50, 20), device('webgpu', 900, 8), device('cuda', 400, 5)]

function fault(subject: Provider): Fault {
  return new Fault({ kind: 'device', subject, expected: 'a device', received: 'none' })
}

function choice(context: TestContext) {
  const catalogue = temporaryCatalogue(context)
  catalogue.settings.setDevices({
    devices: DEVICES,
    measuredAt: 1,
    machine: MACHINE,
    note: null
  })
  const devices = createDeviceChoice(catalogue, assert.ifError)
  const chosen = (): Provider[] =>
    devices.devices().devices.flatMap((one) => (one.chosen ? [one.provider] : []))
  return { devices, chosen }
}

test('a lost device that runs no photos leaves the one that does', (context) => {
  const { devices, chosen } = choice(context)
  assert.equal(devices.providerFor({ depth: 'head' }), 'cuda')
  assert.equal(devices.providerFor({ depth: 'deep' }), 'webgpu', 'by the backbone, not the head')
  assert.equal(devices.lose(fault('cuda')), true)
  assert.deepEqual(chosen(), ['webgpu'])
  assert.equal(devices.providerFor({ depth: 'head', provider: 'cuda' }), 'webgpu')
  assert.equal(devices.devices().note, 'cuda could not go on (none); webgpu took over.')
  assert.equal(devices.lose(fault('coreml')), true, 'one that was never there')
  assert.deepEqual(chosen(), ['webgpu'])
})

test('the lost device that ran photos: the next fastest does, the processor at last', (context) => {
  const { devices, chosen } = choice(context)
  devices.lose(fault('webgpu'))
  assert.deepEqual(chosen(), ['cuda'])
  assert.equal(devices.devices().note, 'webgpu could not go on (none); cuda took over.')
  devices.lose(fault('cuda'))
  assert.deepEqual(chosen(), ['cpu'])
  assert.equal(devices.devices().note, 'cuda could not go on (none); the processor took over.')
  assert.equal(devices.lose(fault('cuda')), false)
  assert.equal(devices.lose(fault('cpu')), false)
})

test('a call is made again on what takes over, also where the loss is known already', async (context) => {
  const { devices } = choice(context)
  const signal = new AbortController().signal
  const giveWay = (): Promise<void> => Promise.resolve()
  const options = { depth: 'head' } as const
  const on: Provider[] = []
  const attempt = async (): Promise<string> => {
    const provider = devices.providerFor(options)
    on.push(provider)
    if (provider !== 'cuda') return 'done'
    devices.lose(fault('cuda')) // as the backbone tells it, which ran there too
    throw fault('cuda')
  }
  assert.equal(await persistently({ giveWay }, devices, options, attempt, signal), 'done')
  assert.deepEqual(on, ['cuda', 'webgpu'])
  const fails = (): Promise<never> => Promise.reject(fault('webgpu'))
  const stuck = { ...devices, providerFor: (): Provider => 'webgpu' }
  const hopeless = persistently({ giveWay }, stuck, options, fails, signal)
  await assert.rejects(hopeless, /webgpu/, 'nothing else is there')
})

test('a loss that is told again and again, of a device not in use, ends the attempts', async (context) => {
  const { devices } = choice(context)
  const signal = new AbortController().signal
  const giveWay = (): Promise<void> => Promise.resolve()
  let attempts = 0
  const attempt = (): Promise<never> => {
    if (++attempts > 100) throw new Error('it goes on for ever')
    return Promise.reject(fault('coreml'))
  }
  const ends = persistently({ giveWay }, devices, { depth: 'head' }, attempt, signal)
  await assert.rejects(ends, /coreml/)
})

test('compute is moved to the next that takes the backbone', async (context) => {
  const { devices, chosen } = choice(context)
  const asked: string[] = []
  const { link } = partCompute(
    {
      useProvider({ provider }) {
        asked.push(provider)
        if (provider === 'webgpu') throw fault(provider)
        return { provider }
      }
    },
    (session) => devices.apply(session)
  )
  const session = await link.session()
  assert.deepEqual(asked, ['webgpu', 'cuda'])
  assert.equal(session.backbone.provider, 'cuda')
  assert.deepEqual(chosen(), ['cuda'])
  assert.equal(devices.devices().note, 'webgpu could not go on (none); cuda took over.')
  link.close()
})

test('a device that is lost at work: the processor goes on, the next later', async (context) => {
  const { devices, chosen } = choice(context)
  const useProvider = ({ provider }: { provider: string }) => ({ provider })
  const { link, far } = partCompute({ useProvider }, (session) => devices.apply(session))
  const session = await link.session()
  assert.equal(session.backbone.provider, 'webgpu')
  far.emit('deviceLost', { provider: 'webgpu', reason: 'gone' })
  await new Promise(setImmediate)
  assert.equal(session.backbone.provider, 'cpu')
  assert.deepEqual(chosen(), ['cuda'])
  assert.equal(devices.devices().note, 'webgpu could not go on (gone); the processor took over.')
  link.close()
})
