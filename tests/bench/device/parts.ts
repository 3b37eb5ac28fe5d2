// What the bench of devices measures, part by part: each in a process of its own, so that a device
// that hangs or fails takes nothing else with it. Prints as it goes.
import { wrongFeatures, wrongLosses } from '../../../main/compute/device-check.ts'
import { drawnPictures } from '../../../main/compute/drawn-picture.ts'
import {
  PICTURE,
  RECIPES,
  floats,
  floatsIn,
  measureHeadSteps,
  openRun,
  openSession,
  type Method,
  type Pictures,
  type Provider,
  type RunSettings
} from '../../../model/learning.ts'
import { createPreprocessor } from '../../../model/retrieval.ts'
import { median } from '../search/timing.ts'
import { deep, shippedBackbone } from '../train/cases.ts'
import { vulkanDrivers } from './machine-devices.ts'

/** Photos of a run, as indexing has them. */
const BATCH = 8
/** SwiftShader's driver file, and Mesa's. */
const SOFTWARE = /swiftshader|lvp_icd/
const HEAD_STEPS = 24
const FEW_STEPS = 4
/** Pictures of CIFAR-10 that the papers train on. */
const IMAGES = 50_000
const FIRST_STEPS = 10

type Tell = (line: string) => void

/** Features of drawn pictures on the processor and the device, and photos a second of each. */
export async function backbone(provider: Provider, tell: Tell): Promise<void> {
  const { card, bytes } = shippedBackbone()
  const { name, size } = card.input
  const preprocess = createPreprocessor(card)
  const isSlow = isSoftware(provider)
  let right: Float32Array | undefined
  for (const on of ['cpu', provider] as const) {
    const n = isSlow && on !== 'cpu' ? 1 : BATCH
    const values = new Float32Array(n * 3 * size ** 2)
    drawnPictures(n).forEach((picture, slot) => preprocess(picture, values, slot))
    const session = await openSession(bytes, { provider: on })
    const run = async (): Promise<Float32Array> => {
      const out = await session.run({ [name]: floats([n, 3, size, size], values) })
      return floatsIn(out[card.output.name], 'features')
    }
    const got = await run() // it loads and compiles
    const speed = await rate(run, n, on === 'cpu' ? 2000 : 4000)
    tell(`${on}: ${speed.toFixed(speed < 10 ? 2 : 0)} photos/s, ${n} a run`)
    right ??= got
    const same = right.subarray(0, got.length)
    const wrong = wrongFeatures(same, got, card.output.size)
    const most = far(same, got).toExponential(1)
    if (on !== 'cpu') tell(wrong ?? `its features are the processor's; largest difference ${most}`)
    await session.dispose()
  }
}

/** Steps of head training on both, and whether their losses agree. */
export async function head(provider: Provider, tell: Tell): Promise<void> {
  const steps = isSoftware(provider) ? FEW_STEPS : HEAD_STEPS
  const processor = await measureHeadSteps('cpu', steps, giveWay)
  tell(`cpu: ${processor.milliseconds.toFixed(1)} ms a step of 256 pairs`)
  const { milliseconds, losses } = await measureHeadSteps(provider, steps, giveWay)
  const wrong = wrongLosses(processor.losses, losses)
  const ends = [losses[0], losses.at(-1)].map((loss) => loss?.toFixed(4)).join(' to ')
  tell(`${provider}: ${milliseconds.toFixed(1)} ms a step, ${losses.length} steps, loss ${ends}`)
  tell(`${provider}: ${wrong ?? "losses fall as the processor's do"}`)
}

/** One step of deep training, after the first, which loads and compiles. */
export async function deepTraining(provider: Provider, tell: Tell): Promise<void> {
  const pairs = isSoftware(provider) ? 1 : 16
  const one = deep(pairs)
  for (const name of ['cpu', provider] as const) {
    const session = await openSession(one.model, { provider: name, carry: one.carry })
    session.write(one.start)
    const losses: string[] = []
    const times: number[] = []
    for (let step = 1; step <= (pairs === 1 ? 1 : 4); step++) {
      const feeds = await one.feeds(step)
      const began = performance.now()
      const { loss } = await session.run(feeds)
      times.push(performance.now() - began)
      losses.push((floatsIn(loss, 'loss')[0] ?? NaN).toFixed(4))
    }
    const [first = NaN, ...later] = times
    const rest = later.length > 0 ? `, then ${median(later).toFixed(0)} ms` : ''
    tell(`${name}: ${first.toFixed(0)} ms the first step of ${pairs} pairs${rest}; loss ${losses}`)
    await session.dispose()
  }
}

/** Ten steps of a paper's training, and as much of its first epoch as there is time for. */
export async function reproduce(
  method: Method,
  provider: Provider,
  seconds: number,
  tell: Tell
): Promise<void> {
  const isSmall = isSoftware(provider)
  const batch = isSmall ? 4 : 256
  const images = isSmall ? batch * FIRST_STEPS : IMAGES
  const { epochs } = RECIPES[method]
  const settings: RunSettings = { method, bits: 32, epochs, batch, seed: 1 }
  const what = isSmall
    ? `a driver in software, so batches of ${batch}, an epoch of ${images} pictures, a network ` +
      'an eighth as wide: figures of another problem'
    : `batches of ${batch}, an epoch of ${images} pictures`
  tell(`${method} on ${provider}: ${what}`)
  const began = performance.now()
  const run = await openRun({ ...settings, narrower: isSmall ? 8 : 1 }, drawn(images), provider)
  const times: number[] = []
  const left = (): number => seconds - (performance.now() - began) / 1000
  let loss: number | undefined
  while (loss === undefined) {
    times.push(await timed(async () => (loss = await run.step())))
    if (times.length === FIRST_STEPS)
      tell(`ten steps: ${times.map((x) => x.toFixed(0)).join(' ')} ms`)
    if (left() < (2 * (times.at(-1) ?? 0)) / 1000) break
  }
  const step = median(times.slice(times.length > 1 ? 1 : 0))
  const done = times.reduce((sum, x) => sum + x, 0) / 1000
  const epoch = loss === undefined ? (step * run.stepsPerEpoch) / 1000 : done
  const fitted = `${times.length} of ${run.stepsPerEpoch} steps`
  tell(
    loss === undefined
      ? `${fitted} fit into the time; by them an epoch takes ${epoch.toFixed(1)} s`
      : `one epoch, ${fitted}: ${epoch.toFixed(1)} s, mean loss ${loss.toFixed(4)}`
  )
  const hours = ((epoch * epochs) / 3600).toFixed(1)
  const ofWhat = isSmall ? ' of this small problem' : ''
  tell(`the paper's ${epochs} epochs${ofWhat}: ${hours} h`)
  await run.dispose()
}

/** Whether the only drivers are such as compute on the processor: full sizes are out of reach. */
function isSoftware(provider: Provider): boolean {
  const drivers = vulkanDrivers()
  return provider === 'webgpu' && drivers.length > 0 && drivers.every((path) => SOFTWARE.test(path))
}

/** Pictures in ten colours with noise: what they show is nothing to how long a step takes. */
function drawn(count: number): Pictures {
  const pixels = new Uint8Array(count * PICTURE)
  const labels = Uint16Array.from({ length: count }, (_, row) => row % 10)
  for (let at = 0; at < pixels.length; at++) {
    const colour = (Math.floor(at / PICTURE) % 10) * 20
    pixels[at] = colour + ((Math.imul(at, 2654435761) >>> 24) >> 2)
  }
  return { pixels, labels }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** How many a second, over so many ms. */
async function rate(work: () => Promise<unknown>, each: number, least: number): Promise<number> {
  let [taken, runs] = [0, 0]
  while (taken < least) {
    taken += await timed(work)
    runs++
  }
  return (runs * each * 1000) / taken
}

function far(a: Float32Array, b: Float32Array): number {
  return b.reduce((most, x, i) => Math.max(most, Math.abs(x - a[i]!)), 0)
}

function giveWay(): Promise<void> {
  return Promise.resolve()
}
