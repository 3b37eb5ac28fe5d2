// Devices are believed when they compute right: each case is the processor's backbone or steps with
// one thing gone wrong in what comes out, as a bad driver would have it.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { BATCH, type Backbone } from '../../../main/compute/backbone.ts'
import { openBackbone } from '../../../main/compute/backbone-folder.ts'
import { LEAST_COSINE, LOSS_TOLERANCE } from '../../../main/compute/device-check.ts'
import { measureDevices, type Tools } from '../../../main/compute/measure-devices.ts'
import { drawnPictures } from '../../../main/compute/drawn-picture.ts'
import type { Device } from '../../../main/wire/learning-contract.ts'
import {
  ProviderError,
  encodeModel,
  measureHeadSteps,
  runsHere,
  type Provider
} from '../../../model/learning.ts'
import { createPreprocessor, type Card } from '../../../model/retrieval.ts'
import { temporaryFolder } from '../../support/library.ts'
import { exampleCard } from '../../support/noise.ts'
import { sha256, tinyBackbone } from '../../support/tiny-backbone.ts'
import { useSoftwareDriver } from '../../support/webgpu.ts'

const SHIPPED = join(import.meta.dirname, '../../../model/backbones')
const giveWay = (): Promise<void> => Promise.resolve()
const ofProcessor = measureHeadSteps('cpu', 24, giveWay)

interface Stored {
  bytes: Uint8Array
  card: Card
}

async function opened(
  context: TestContext,
  { bytes, card }: Stored,
  restAfter?: number
): Promise<Backbone> {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, card.file), bytes)
  writeFileSync(join(folder, 'card.json'), JSON.stringify(card))
  const backbone = await openBackbone(folder, restAfter)
  context.after(() => backbone.dispose())
  return backbone
}

/** The mean of each colour: what is no number stays none, as no Relu makes a 0 of it. */
function meanColours(): Stored {
  const node = (operator: string, input: string, output: string) => ({
    ...{ operator, name: operator, domain: '', attributes: {} },
    ...{ inputs: [input], outputs: [output] }
  })
  const card = exampleCard({ size: 16 })
  const bytes = encodeModel({
    name: 'mean',
    opset: 17,
    nodes: [node('GlobalAveragePool', 'pixels', 'mean'), node('Flatten', 'mean', 'features')],
    initializers: new Map(),
    inputs: [{ name: 'pixels', type: 'f32', shape: ['batch', 3, 16, 16] }],
    outputs: [{ name: 'features', type: 'f32', shape: ['batch', 3] }]
  })
  return { bytes, card: { ...card, sha256: sha256(bytes), output: { name: 'features', size: 3 } } }
}

type Spoil = (features: Float32Array, n: number, backbone: Backbone) => void
interface Case {
  spoil?: Spoil
  losses?: (processors: number[]) => number[]
  runs?: true | ProviderError
}

/** The devices of a machine whose graphics card is the processor, but for one thing. */
async function machine(context: TestContext, spoiled: Case): Promise<Device[]> {
  const { spoil, losses, runs = true } = spoiled
  const tiny = await opened(context, tinyBackbone())
  const tools: Tools = {
    giveWay,
    timed: 0,
    offered: () => Promise.resolve(['webgpu', 'cpu']),
    runs: (provider) => Promise.resolve(provider === 'cpu' ? true : runs),
    async open(provider) {
      const backbone = await tiny.on('cpu')
      const { run } = backbone
      if (provider === 'webgpu')
        backbone.run = async (values, n) => {
          const features = await run.call(backbone, values, n)
          spoil?.(features, n, backbone)
          return features
        }
      return backbone
    },
    async headSteps(provider) {
      const made = await ofProcessor
      return provider === 'webgpu' && losses ? { ...made, losses: losses(made.losses) } : made
    }
  }
  return measureDevices(tools)
}

test('a card that computes as the processor does is believed', async (context) => {
  const [cpu, card] = await machine(context, {})
  assert.deepEqual([cpu?.provider, card?.provider], ['cpu', 'webgpu'])
  for (const device of [cpu, card]) {
    assert.equal(device?.available, true)
    assert.ok((device?.photosPerSecond ?? 0) > 0 && (device?.stepMilliseconds ?? 0) > 0)
  }
  assert.equal([cpu, card].filter((device) => device?.chosen).length, 1)
})

const WRONG: Readonly<Record<string, [RegExp, Case]>> = {
  'features that are no numbers': [/are no numbers/, { spoil: (features) => features.fill(NaN) }],
  'one number of a batch that is none': [
    /are no numbers/,
    { spoil: (features, n) => n > 1 && (features[features.length - 1] = Infinity) }
  ],
  'features of nothing': [/cosine NaN/, { spoil: (features) => features.fill(0) }],
  'photos in another order': [/cosine 0\.\d+/, { spoil: (features, n) => n > 1 && turn(features) }],
  'features that are coarse': [
    /cosine 0\.99\d+/,
    { spoil: (features) => features.forEach((x, i) => (features[i] = x * (i % 2 ? 1 : 1.1))) }
  ],
  'a device that is gone at work': [
    /fails on the real model: gone/,
    { spoil: (_features, n, backbone) => n > 1 && backbone.onLost('webgpu', 'gone') }
  ],
  'no loss at all': [/step 1 is no number/, { losses: () => [] }],
  'a loss that ends': [/step 9 is no number/, { losses: (all) => all.slice(0, 8) }],
  'a loss that does not fall': [
    /the loss of step \d+ is 8\.\d+, the processor's/,
    { losses: (all) => all.map(() => all[0]!) }
  ],
  'no driver': [
    /its driver is missing/,
    { runs: new ProviderError('webgpu', 'Failed to get a WebGPU adapter') }
  ]
}

for (const [what, [reason, spoiled]] of Object.entries(WRONG))
  test(`not believed: ${what}`, async (context) => {
    const [cpu, card] = await machine(context, spoiled)
    assert.equal(cpu?.chosen, true)
    assert.match(card?.reason ?? '', reason)
    const { available, photosPerSecond, stepMilliseconds, chosen } = card!
    assert.deepEqual([available, photosPerSecond, stepMilliseconds, chosen], [
      false, null, null, false
    ])
  })

test('what is asked of a device tells right from wrong', async (context) => {
  const { losses } = await ofProcessor
  const [first = 0, last = 0] = [losses[0], losses.at(-1)]
  assert.ok(last < first * (1 - 10 * LOSS_TOLERANCE), `the loss falls, from ${first} to ${last}`)
  const backbone = await openBackbone(SHIPPED)
  context.after(() => backbone.dispose())
  const { input, output } = backbone.card
  const values = new Float32Array(BATCH * 3 * input.size ** 2)
  const preprocess = createPreprocessor(backbone.card)
  drawnPictures(BATCH).forEach((picture, slot) => preprocess(picture, values, slot))
  const features = await backbone.run(values, BATCH)
  const of = (row: number): Float32Array =>
    features.subarray(row * output.size, (row + 1) * output.size)
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((s, x, i) => s + x * b[i]!, 0)
  for (let a = 0; a < BATCH; a++)
    for (let b = 0; b < a; b++) {
      const cosine = dot(of(a), of(b)) / Math.sqrt(dot(of(a), of(a)) * dot(of(b), of(b)))
      assert.ok(cosine < 1 - 50 * (1 - LEAST_COSINE), `pictures ${a} and ${b}: ${cosine}`)
    }
})

test('what this build cannot have is not listed', async (context) => {
  const tiny = await opened(context, tinyBackbone())
  const listed: Provider[] = []
  await measureDevices({
    giveWay,
    timed: 0,
    open: () => tiny.on('cpu'),
    runs(provider) {
      listed.push(provider)
      return Promise.resolve(new ProviderError(provider, 'none'))
    }
  })
  const known = { linux: ['cpu', 'webgpu'], win32: ['cpu', 'webgpu', 'dml'] } as const
  const expected = process.platform === 'linux' ? known.linux : known.win32
  if (process.platform === 'darwin') context.skip('written for Linux and Windows')
  else assert.deepEqual(listed, expected)
})

test('a card that computes no numbers at work: the processor takes over', async (context) => {
  useSoftwareDriver()
  const runs = await runsHere('webgpu')
  if (runs !== true) return context.skip(runs.message)
  const restAfter = 50
  const card = await (await opened(context, meanColours(), restAfter)).on('webgpu')
  context.after(() => card.dispose())
  const told: string[] = []
  card.onLost = (provider, reason) => told.push(`${provider}: ${reason}`)
  const { size } = card.card.input
  await card.run(new Float32Array(3 * size * size).fill(NaN), 1)
  assert.deepEqual(told, ['webgpu: features that are no numbers'])
  assert.equal(card.provider, 'cpu')
  await setTimeout(4 * restAfter) // what it was moved with must not close it
  assert.deepEqual([...(await card.run(new Float32Array(3 * size * size).fill(2), 1))], [2, 2, 2])
})

function turn(features: Float32Array): void {
  const size = features.length / BATCH
  features.set(Float32Array.from([...features.subarray(size), ...features.subarray(0, size)]))
}
