// A run of the benchmark, step by step: from pictures and a place to losses and a new place. Runs
// where sessions run. It keeps nothing on disk and stops its thread for a step at a time.
import { floats, floatsIn } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { openSession } from '../../runtime/session.ts'
import type { Provider } from '../../runtime/onnxruntime.ts'
import { sampleAugmentation } from '../../image/augment.ts'
import { packAugmentations } from '../augmentation.ts'
import { rateAt } from '../schedule.ts'
import { initialise, startOf } from '../step.ts'
import { randomAt, shuffled } from './draws.ts'
import { VIEWS, descriptorLength, encoder, trainingStep } from './networks.ts'
import { PICTURE, SIDE, picturesAt } from './labelled-pictures.ts'
import type { Pictures } from './labelled-pictures.ts'
import { RECIPES, scheduleOf } from './recipe.ts'
import type { Bits, Method } from './recipe.ts'

export interface RunSettings {
  readonly method: Method
  readonly bits: Bits
  readonly epochs: number
  readonly batch: number
  readonly seed: number
  /** Divides the widths of the network; 1, the papers', when left out. For tests. */
  readonly narrower?: number
}

/** Where a run is; with the tensors, all that it needs to go on. */
export interface Place {
  /** Whole epochs that are done. */
  readonly epoch: number
  /** Steps done of the next one, and the sum of their losses. */
  readonly step: number
  readonly lossSum: number
}

export type RunTensors = Readonly<Record<string, Tensor>>

export interface Run {
  readonly place: Place
  readonly stepsPerEpoch: number
  /** One step; the mean loss of the epoch when it was its last. */
  step(): Promise<number | undefined>
  /** Copies of all parameters, statistics and the optimiser's state. */
  tensors(): Promise<RunTensors>
  dispose(): Promise<void>
}

/** A run at its beginning. */
export const START: Place = { epoch: 0, step: 0, lossSum: 0 }

/**
 * Opens a run on pictures, at its beginning or where it was left.
 * @throws RangeError when there are fewer pictures than one batch needs
 * @throws ProviderError when the provider does not run here
 */
export async function openRun(
  settings: RunSettings,
  pictures: Pictures,
  provider: Provider,
  left?: { place: Place; tensors: RunTensors }
): Promise<Run> {
  const { method, bits, epochs, batch, seed, narrower } = settings
  const n = pictures.labels.length
  const stepsPerEpoch = Math.floor(n / batch) // what is left of an epoch is dropped
  if (stepsPerEpoch < 1)
    throw new RangeError(`pictures: expected at least a batch of ${batch}, got ${n}`)
  const { scope, step } = trainingStep(method, bits, batch, narrower)
  const schedule = scheduleOf(RECIPES[method], epochs, stepsPerEpoch)
  const session = await openSession(step.model, { provider, carry: step.carry })
  const first = startOf(step, initialise(scope, randomAt(seed, 'parameters')))
  session.write(left?.tensors ?? first)
  let place = left?.place ?? START
  let order: { epoch: number; rows: Uint32Array } | undefined

  function batchOf({ epoch, step }: Place): Record<string, Tensor> {
    if (order?.epoch !== epoch)
      order = { epoch, rows: shuffled(n, randomAt(seed, 'order', epoch)) }
    const rows = order.rows.subarray(step * batch, (step + 1) * batch)
    const random = randomAt(seed, 'views', epoch, step)
    const source = { width: SIDE, height: SIDE }
    const feeds: Record<string, Tensor> = { images: bytes(picturesAt(pictures, rows).pixels) }
    for (const view of VIEWS) {
      const views = Array.from({ length: batch }, () =>
        sampleAugmentation(random, RECIPES[method].views, source)
      )
      Object.assign(feeds, packAugmentations(view, views, source, SIDE))
    }
    return feeds
  }

  return {
    stepsPerEpoch,
    get place() {
      return place
    },
    async step() {
      const number = place.epoch * stepsPerEpoch + place.step + 1
      const scalars = { learningRate: rateAt(number, schedule), ...step.optimiser.scalars(number) }
      const feeds = batchOf(place)
      for (const [name, value] of Object.entries(scalars)) feeds[name] = floats([], [value])
      const loss = floatsIn((await session.run(feeds)).loss, 'loss')[0]!
      const [done, lossSum] = [place.step + 1, place.lossSum + loss]
      if (done < stepsPerEpoch) {
        place = { ...place, step: done, lossSum }
        return undefined
      }
      place = { epoch: place.epoch + 1, step: 0, lossSum: 0 }
      return lossSum / stepsPerEpoch
    },
    tensors: () => session.read(),
    dispose: () => session.dispose()
  }
}

/**
 * Descriptors [n, M*L] of pictures by the tensors of a run, without augmentation. A network that is
 * untrained has no statistics for its batch norm: it takes those of each batch, since without them
 * its signals die away and every picture gets one code.
 * @param between awaited after each batch: progress, or a throw that stops
 */
export async function describePictures(
  { bits, batch, narrower }: RunSettings,
  { place, tensors }: { place: Place; tensors: RunTensors },
  pictures: Pictures,
  provider: Provider,
  between: (done: number) => Promise<void>
): Promise<Float32Array> {
  const n = pictures.labels.length
  const length = descriptorLength(bits)
  const isUntrained = place.epoch === 0 && place.step === 0
  const mode = isUntrained ? 'training' : 'evaluation'
  const session = await openSession(encoder(tensors, bits, batch, mode, narrower), { provider })
  try {
    const all = new Float32Array(n * length)
    for (let from = 0; from < n; from += batch) {
      const rows = Uint32Array.from({ length: batch }, (_, i) => (from + i) % n) // the last is full
      const out = await session.run({ images: bytes(picturesAt(pictures, rows).pixels) })
      const count = Math.min(batch, n - from)
      const some = floatsIn(out.descriptors, 'descriptors').subarray(0, count * length)
      all.set(some, from * length)
      await between(from + count)
    }
    return all
  } finally {
    await session.dispose()
  }
}

function bytes(pixels: Uint8Array): Tensor {
  return { type: 'u8', shape: [pixels.length / PICTURE, 3, SIDE, SIDE], data: pixels }
}
