// What the training bench times: models with what they are fed, step by step. Runs in the bench's
// worker process; the same steps in PyTorch are in steps.py.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PAPER_VIEWS, sampleAugmentation } from '../../../model/image/augment.ts'
import { toHalves } from '../../../model/quant/float16.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { parseCard } from '../../../model/image/card.ts'
import { floats } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { packAugmentations } from '../../../model/train/augmentation.ts'
import { createBatches } from '../../../model/train/head/batches.ts'
import { HIDDEN, headStep } from '../../../model/train/head/head-graph.ts'
import { VIEWS, encoder, trainingStep } from '../../../model/train/reproduce/networks.ts'
import { PICTURE, SIDE } from '../../../model/train/reproduce/pictures.ts'
import { initialise, startOf } from '../../../model/train/step.ts'
import type { TrainingStep } from '../../../model/train/step.ts'

export type Feeds = Readonly<Record<string, Tensor>>

export interface Case {
  /** Pictures or photos a step. */
  readonly images: number
  readonly model: Uint8Array
  readonly carry: Readonly<Record<string, string>>
  /** First values of what is carried. */
  readonly start: Readonly<Record<string, Tensor<'f32'>>>
  /** What step 1, 2, .. is fed, as training makes it. */
  feeds(step: number): Feeds
}

export const CASES = {
  'resnet18-64': () => resnet18(64),
  'resnet18-256': () => resnet18(256),
  'forward-64': () => resnet18Forward(64),
  'forward-256': () => resnet18Forward(256),
  backbone: () => backbone(32),
  head: () => head(256)
} as const
export type CaseName = keyof typeof CASES

/** Numbers that a case learns: those that Adam keeps a first moment of. */
export function learnedBy({ start }: Case): number {
  const moments = Object.entries(start).filter(([name]) => name.endsWith(' first'))
  return moments.reduce((sum, [, { data }]) => sum + data.length, 0)
}

/** What each case is, for the table. */
export const TITLES: Readonly<Record<CaseName, string>> = {
  'resnet18-64': 'ResNet-18 SPQ step, batch 64',
  'resnet18-256': 'ResNet-18 SPQ step, batch 256',
  'forward-64': 'ResNet-18 forward of 128',
  'forward-256': 'ResNet-18 forward of 512',
  backbone: 'backbone forward, 32 photos',
  head: 'head step, batch 256, 64 bits'
}

const BITS = 32
const BACKBONES = '../../../model/backbones/'

/** `kindred reproduce`'s step: views, two forwards, loss, backward, Adam. */
function resnet18(batch: number): Case {
  const { scope, step } = trainingStep('spq', BITS, batch)
  const random = seededRandom(2)
  const source = { width: SIDE, height: SIDE }
  return {
    images: batch,
    ...modelOf(step, initialise(scope, seededRandom(1))),
    feeds(number) {
      const feeds: Record<string, Tensor> = { images: noisePictures(batch) }
      for (const view of VIEWS) {
        const views = Array.from({ length: batch }, () =>
          sampleAugmentation(random, PAPER_VIEWS, source)
        )
        Object.assign(feeds, packAugmentations(view, views, source, SIDE))
      }
      return { ...feeds, ...scalarsOf(step, number, 3e-4) }
    }
  }
}

/** As many pictures as a step describes, through the network as it is used: weights fixed. */
function resnet18Forward(batch: number): Case {
  const { scope } = trainingStep('spq', BITS, 2)
  const model = encoder(initialise(scope, seededRandom(1)), BITS, 2 * batch, 'evaluation')
  const images = noisePictures(2 * batch)
  return { images: 2 * batch, model, carry: {}, start: {}, feeds: () => ({ images }) }
}

/** The shipped backbone, as indexing runs it but for the batch. */
function backbone(batch: number): Case {
  const at = (name: string): string =>
    fileURLToPath(new URL(BACKBONES + name, import.meta.url))
  const card = parseCard(JSON.parse(readFileSync(at('efficientnet-lite0.json'), 'utf8')))
  const { name, size } = card.input
  const photos = noise([batch, 3, size, size], 3)
  const model = new Uint8Array(readFileSync(at(card.file)))
  return { images: batch, model, carry: {}, start: {}, feeds: () => ({ [name]: photos }) }
}

/** A step of head training on features that are noise, with its batches as training draws them. */
function head(batch: number): Case {
  const [M, L, n, V, size] = [16, 8, 4000, 4, 256]
  const setting = {
    ...{ loss: 'spq', pairs: 'views', temperature: 0.2, q: 0, r: 2 } as const,
    steps: 1000
  }
  const step = headStep(setting, batch, M, L)
  const start = {
    weight: noise([size, M * L], 4),
    bias: noise([M * L], 5),
    hiddenWeight: noise([size, HIDDEN], 6),
    hiddenBias: noise([HIDDEN], 7),
    outputWeight: noise([HIDDEN, M * L], 8),
    codebooks: noise([M, 16, L], 9)
  }
  const projected = toHalves(noise([n, size], 10).data)
  const views = toHalves(noise([n, V, size], 11).data)
  const indices = Uint32Array.from({ length: n }, (_, row) => (row + 1) % n)
  const nearest = { n, k: 1, indices, similarities: new Float32Array(n) }
  const graph = { ...nearest, offsets: new Uint32Array(n + 1), indices: new Uint32Array() }
  const rows = Uint32Array.from({ length: n }, (_, row) => row)
  const pool = { data: { n, projected, views, V }, rows, nearest, graph }
  const batches = createBatches(pool, setting, 1)
  return {
    images: batch,
    ...modelOf(step, start),
    feeds(number) {
      const { images, bias } = batches.at(number)
      return {
        batch: floats([2 * batch, size], images),
        'pair bias': floats([2 * batch, 2 * batch], bias),
        ...scalarsOf(step, number, 3e-3)
      }
    }
  }
}

function modelOf(
  step: TrainingStep,
  values: Readonly<Record<string, Tensor<'f32'>>>
): Pick<Case, 'model' | 'carry' | 'start'> {
  return { model: step.model, carry: step.carry, start: startOf(step, values) }
}

function scalarsOf(step: TrainingStep, number: number, rate: number): Feeds {
  const scalars = { learningRate: rate, ...step.optimiser.scalars(number) }
  return Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, floats([], [x])]))
}

function noisePictures(count: number): Tensor<'u8'> {
  const data = Uint8Array.from({ length: count * PICTURE }, (_, i) => Math.imul(i, 2654435761) >>> 24)
  return { type: 'u8', shape: [count, 3, SIDE, SIDE], data }
}

/** Uniform in -0.1..0.1. */
function noise(shape: number[], seed: number): Tensor<'f32'> {
  const random = seededRandom(seed)
  const size = shape.reduce((product, length) => product * length, 1)
  return floats(shape, Float32Array.from({ length: size }, () => (random() - 0.5) / 5))
}
