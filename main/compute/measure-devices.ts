// Which execution providers run here, and how fast each is on the real model: the backbone's
// batches, and steps of head training. Compute's main thread, which stands still meanwhile.
import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { arch, cpus, platform, release } from 'node:os'
import { join } from 'node:path'
import {
  PROVIDERS,
  ProviderError,
  builtInProviders,
  runsHere,
  runtimeVersion,
  trainBaseline,
  type Provider
} from '../../model/learning.ts'
import { PROJECTED, fitFirstQuantizer, seededRandom, toHalves } from '../../model/retrieval.ts'
import type { Device } from '../wire/learning-contract.ts'
import { BATCH, type Backbone } from './backbone.ts'
import { openBackbone } from './backbone-folder.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'

/** The backbone is timed for this long after its first runs, ms, but for two batches at least. */
const TIMED = 1500
/** Photos a second. A slower device is a driver in software: no more of it is measured. */
const HOPELESS = 2
/** Steps that are timed, on made-up photos. */
const SETTING = {
  loss: 'spq',
  pairs: 'views',
  temperature: 0.2,
  neighbourShare: 0,
  similarityRatio: 2,
  steps: 24
} as const
const PHOTOS = 256
const VIEWS = 2
const BITS = 64

/** Files that change with the driver of a device, where there are any. */
const DRIVERS = ['/proc/driver/nvidia/version', '/sys/module/amdgpu/version']
/** Folders that list the drivers of Vulkan, on which WebGPU runs: an update changes their files. */
const VULKAN_DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']

/** Changes when the machine, its system, a driver or ONNX Runtime does. */
export async function fingerprintOfMachine(): Promise<string> {
  const drivers = DRIVERS.map((path) => readFile(path, 'utf8').catch(() => '')) // mostly not there
  const vulkan = VULKAN_DRIVERS.map((path) => contentsOf(path))
  const parts = [
    platform(),
    arch(),
    release(),
    cpus()[0]?.model ?? '',
    await runtimeVersion(),
    await builtInProviders(),
    await Promise.all([...drivers, ...vulkan])
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/** Names and times of a folder's files; none where it is not there; a broken link has no time. */
export async function contentsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const times = names.sort().map((name) => stat(join(folder, name)).catch(() => undefined))
  return (await Promise.all(times)).map((file, at) => `${names[at]} ${file?.mtimeMs ?? ''}`)
}

/**
 * Measures every provider; the one that takes most photos a second is chosen. `giveWay` is called
 * between runs.
 */
export async function measureDevices(
  open: (provider: Provider) => Promise<Backbone>,
  giveWay: () => Promise<void>
): Promise<Device[]> {
  const devices: Device[] = []
  for (const provider of PROVIDERS) devices.push(await measured(provider, open, giveWay))
  const fastest = devices.reduce((best, device) => (speed(device) > speed(best) ? device : best))
  return devices.map((device) => ({ ...device, chosen: device === fastest && device.available }))
}

/** The same for the backbone of a folder, with nothing else at work. Throws Fault bad-model. */
export async function measureDevicesOn(backbones: string): Promise<Device[]> {
  const backbone = await openBackbone(backbones)
  try {
    const open = (provider: Provider): Promise<Backbone> => backbone.on(provider)
    return await measureDevices(open, () => Promise.resolve())
  } finally {
    await backbone.dispose()
  }
}

function speed({ photosPerSecond }: Device): number {
  return photosPerSecond ?? 0
}

async function measured(
  provider: Provider,
  open: (provider: Provider) => Promise<Backbone>,
  giveWay: () => Promise<void>
): Promise<Device> {
  const none = { provider, photosPerSecond: null, stepMilliseconds: null, chosen: false }
  try {
    const runs = await runsHere(provider)
    if (runs !== true) return { ...none, available: false, reason: reasonOf(runs) }
    const photosPerSecond = await photosPerSecondOf(await open(provider), giveWay)
    const isHopeless = provider !== 'cpu' && photosPerSecond < HOPELESS
    const stepMilliseconds = isHopeless ? null : await stepMillisecondsOf(provider, giveWay)
    return { ...none, available: true, reason: null, photosPerSecond, stepMilliseconds }
  } catch (error) {
    // A provider may load and still fail on the real model: then it is not one for us.
    return { ...none, available: false, reason: reasonOf(error) }
  }
}

async function photosPerSecondOf(
  backbone: Backbone,
  giveWay: () => Promise<void>
): Promise<number> {
  const values = new Float32Array(BATCH * 3 * backbone.card.input.size ** 2).fill(0.1)
  const one = values.subarray(0, values.length / BATCH)
  try {
    // First runs load and allocate; the second of a single photo shows a hopeless device early.
    await backbone.run(one, 1)
    let began = performance.now()
    await backbone.run(one, 1)
    let taken = performance.now() - began
    if (1000 / taken < HOPELESS) return 1000 / taken
    await backbone.run(values, BATCH)
    let photos = 0
    taken = 0
    while (taken < TIMED || photos < 2 * BATCH) {
      await giveWay()
      began = performance.now()
      await backbone.run(values, BATCH)
      taken += performance.now() - began
      photos += BATCH
    }
    return photos / (taken / 1000)
  } finally {
    await backbone.dispose()
  }
}

async function stepMillisecondsOf(
  provider: Provider,
  giveWay: () => Promise<void>
): Promise<number> {
  const random = seededRandom(1)
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, random)
  const start = await fitFirstQuantizer({
    features: numbers(PHOTOS * PROJECTED),
    n: PHOTOS,
    D: PROJECTED,
    bits: BITS,
    seed: 1,
    backbone: '0'.repeat(64),
    multiply: multiplyInRuntime
  })
  const { stepMilliseconds } = await trainBaseline({
    data: {
      n: PHOTOS,
      projected: toHalves(numbers(PHOTOS * PROJECTED)),
      views: toHalves(numbers(PHOTOS * VIEWS * PROJECTED)),
      V: VIEWS
    },
    start,
    bits: BITS,
    setting: SETTING,
    heldOut: new Uint32Array(),
    seed: 1,
    provider,
    multiply: multiplyInRuntime,
    giveWay
  })
  return stepMilliseconds
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ProviderError)) return `It fails on the real model: ${firstLine(reason)}`
  if (reason.includes('a build of ONNX Runtime')) return 'It is not offered on this system.'
  return 'No such device, or its driver is missing. It is looked for again when that changes.'
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200)
}
