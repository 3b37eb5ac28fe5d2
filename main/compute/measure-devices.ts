// Which execution providers run here, whether they compute right, and how fast each is on the real
// model: the backbone's batches, and steps of head training. Compute's main thread, which stands
// still meanwhile.
import {
  PROVIDERS,
  ProviderError,
  builtInProviders,
  bundledProviders,
  measureHeadSteps,
  runsHere,
  type MeasuredSteps,
  type Provider
} from '../../model/learning.ts'
import { createPreprocessor, type Card } from '../../model/retrieval.ts'
import type { Device } from '../wire/learning-contract.ts'
import { BATCH, type Backbone } from './backbone.ts'
import { openBackbone } from './backbone-folder.ts'
import { wrongFeatures, wrongLosses } from './device-check.ts'
import { drawnPictures } from './drawn-picture.ts'

/** As `Tools` has it, unless said. */
const TIMED = 1500
/** Photos a second. A slower device is a driver in software: no more of it is measured. */
const HOPELESS = 2
/** Steps that are timed, on made-up photos. */
const STEPS = 24

/** What devices are measured with. */
export interface Tools {
  /** The backbone on a provider. */
  open(provider: Provider): Promise<Backbone>
  /** Lets other work have its turn, between runs. */
  giveWay(): Promise<void>
  /** Providers whose files are here. */
  offered?(): Promise<Provider[]>
  runs?(provider: Provider): Promise<true | ProviderError>
  headSteps?(provider: Provider, steps: number, giveWay: Tools['giveWay']): Promise<MeasuredSteps>
  /** How long the backbone is timed after its first runs, ms, but for two batches at least. */
  timed?: number
}

/** What the processor gave, once it was measured. */
interface Processors {
  features?: Float32Array
  losses?: number[]
}

/**
 * Measures every provider that could be had here. One that does not give what the processor gives
 * of the same pictures and steps is told with what is wrong and never chosen; of the others the one
 * that takes most photos a second is.
 */
export async function measureDevices(tools: Tools): Promise<Device[]> {
  const own = { offered, runs: runsHere, headSteps: measureHeadSteps, timed: TIMED }
  const whole = { ...own, ...tools }
  const processors: Processors = {}
  const devices: Device[] = []
  for (const provider of inOrder(await whole.offered()))
    devices.push(await measured(provider, whole, processors))
  const fastest = devices.reduce((best, device) => (speed(device) > speed(best) ? device : best))
  return devices.map((device) => ({ ...device, chosen: device === fastest && device.available }))
}

/** The same for the backbone of a folder, with nothing else at work. Throws Fault bad-model. */
export async function measureDevicesOn(backbones: string): Promise<Device[]> {
  const backbone = await openBackbone(backbones)
  try {
    const open = (provider: Provider): Promise<Backbone> => backbone.on(provider)
    return await measureDevices({ open, giveWay: () => Promise.resolve() })
  } finally {
    await backbone.dispose()
  }
}

/** Those that come with ONNX Runtime, and others whose files a person has put there. */
async function offered(): Promise<Provider[]> {
  const bundled = await bundledProviders()
  const others = (await builtInProviders()).filter((provider) => !bundled.includes(provider))
  const answers = await Promise.all(others.map((provider) => runsHere(provider)))
  return [...bundled, ...others.filter((_, at) => answers[at] === true)]
}

/** The processor first: the others are held against it. */
function inOrder(providers: readonly Provider[]): Provider[] {
  return PROVIDERS.filter((provider) => providers.includes(provider))
}

function speed({ photosPerSecond }: Device): number {
  return photosPerSecond ?? 0
}

async function measured(
  provider: Provider,
  tools: Required<Tools>,
  processors: Processors
): Promise<Device> {
  const none = { provider, photosPerSecond: null, stepMilliseconds: null, chosen: false }
  try {
    const runs = await tools.runs(provider)
    if (runs !== true) throw runs
    const photosPerSecond = await photosPerSecondOf(provider, tools, processors)
    const isHopeless = provider !== 'cpu' && photosPerSecond < HOPELESS
    const stepMilliseconds = isHopeless ? null : await millisecondsOf(provider, tools, processors)
    return { ...none, available: true, reason: null, photosPerSecond, stepMilliseconds }
  } catch (error) {
    // A provider may load and still fail on the real model: then it is not one for us.
    return { ...none, available: false, reason: reasonOf(error) }
  }
}

async function photosPerSecondOf(
  provider: Provider,
  { open, giveWay, timed: least }: Required<Tools>,
  processors: Processors
): Promise<number> {
  const backbone = await open(provider)
  let lost: string | undefined
  backbone.onLost = (_provider, reason) => (lost = reason) // the processor went on in its place
  const values = batchOf(backbone.card)
  const { size: D } = backbone.card.output

  /** Runs the first `n` pictures, ms. */
  async function run(n: number): Promise<number> {
    const began = performance.now()
    const features = await backbone.run(values.subarray(0, (values.length / BATCH) * n), n)
    const taken = performance.now() - began
    if (lost !== undefined) throw new Error(lost)
    if (provider === 'cpu') processors.features = features
    const right = expected(processors.features).subarray(0, features.length)
    const wrong = wrongFeatures(right, features, D)
    if (wrong) throw new WrongDevice(wrong)
    return taken
  }

  try {
    // First runs load and allocate; the second of a single photo shows a hopeless device early.
    await run(1)
    const ofOne = await run(1)
    if (provider !== 'cpu' && 1000 / ofOne < HOPELESS) return 1000 / ofOne
    await run(BATCH)
    let [photos, taken] = [0, 0]
    while (taken < least || photos < 2 * BATCH) {
      await giveWay()
      taken += await run(BATCH)
      photos += BATCH
    }
    return photos / (taken / 1000)
  } finally {
    await backbone.dispose()
  }
}

/** A batch of pictures [BATCH, 3, size, size], as photos come to the backbone. */
function batchOf(card: Card): Float32Array {
  const values = new Float32Array(BATCH * 3 * card.input.size ** 2)
  const preprocess = createPreprocessor(card)
  drawnPictures(BATCH).forEach((picture, slot) => preprocess(picture, values, slot))
  return values
}

async function millisecondsOf(
  provider: Provider,
  { headSteps, giveWay }: Required<Tools>,
  processors: Processors
): Promise<number> {
  const { milliseconds, losses } = await headSteps(provider, STEPS, giveWay)
  if (provider === 'cpu') processors.losses = losses
  const wrong =
    losses.length < STEPS
      ? `the loss of step ${losses.length + 1} is no number`
      : wrongLosses(expected(processors.losses), losses)
  if (wrong) throw new WrongDevice(wrong)
  return milliseconds
}

/** What the processor gave; nothing can be said where it failed itself. */
function expected<T>(given: T | undefined): T {
  if (given === undefined) throw new Error('the processor, which it is held against, failed')
  return given
}

/** A device that computes, but not what it should. */
class WrongDevice extends Error {}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof WrongDevice)
    return `It computes wrongly: ${reason}. It is not used; a newer driver may mend that.`
  if (error instanceof ProviderError)
    return 'No such device, or its driver is missing. It is looked for again when that changes.'
  return `It fails on the real model: ${firstLine(reason)}`
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200)
}
