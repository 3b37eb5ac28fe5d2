// What the training bench times: models with what they are fed, step by step. Runs in the bench's
// worker process; the same steps in PyTorch are in steps.py.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PAPER_VIEWS, sampleAugmentation } from '../../../model/image/augment.ts'
import { toHalves } from '../../../model/quant/float16.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { parseCard, type Card } from '../../../model/image/card.ts'
import type { Quantizer } from '../../../model/quant/quantizer.ts'
import { floats } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { packAugmentations } from '../../../model/train/augmentation.ts'
import { readBackbone } from '../../../model/train/deep/deep-backbone.ts'
import { deepBatch } from '../../../model/train/deep/deep-batches.ts'
import { deepStep } from '../../../model/train/deep/deep-step.ts'
import { createBatches } from '../../../model/train/head/batches.ts'
import type { Setting } from '../../../model/train/head/head-contract.ts'
import { HIDDEN, headStep, parametersOf } from '../../../model/train/head/head-graph.ts'
import { VIEWS, encoder, trainingStep } from '../../../model/train/reproduce/networks.ts'
import { PICTURE, SIDE } from '../../../model/train/reproduce/labelled-pictures.ts'
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
  feeds(step: number): Feeds | Promise<Feeds>
}

export const CASES = {
  'resnet18-64': () => resnet18(64),
  'resnet18-256': () => resnet18(256),
  'forward-64': () => resnet18Forward(64),
  'forward-256': () => resnet18Forward(256),
  'forward-256-fed': () => resnet18Forward(256, 'fed'),
  backbone: () => backbone(32),
  deep: () => deep(32),
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
  'forward-256-fed': 'the same, weights fed',
  backbone: 'backbone forward, 32 photos',
  deep: 'last 10 layers, step of 32 pairs',
  head: 'head step, batch 256, 64 bits'
}

const BITS = 32
const BACKBONES = fileURLToPath(new URL('../../../model/backbones/', import.meta.url))
/** Layers of the backbone that deep training learns, and pixels that a photo has room in. */
export const LAYERS = 10
export const CANVAS = { width: 384, height: 384 }
/** Both trainings on a user's photos, as they are by default but for q: no photo has kin here. */
const SETTING: Setting = {
  ...{ loss: 'spq', pairs: 'views', temperature: 0.2, neighbourShare: 0, similarityRatio: 2 },
  steps: 1000
}
const [M, L] = [16, 8]

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

/**
 * As many pictures as a step describes, through the network as it is used: its weights constants,
 * which ONNX Runtime puts into an order of its own. Fed, they run as they do in training.
 */
function resnet18Forward(batch: number, weights: 'constant' | 'fed' = 'constant'): Case {
  const { scope } = trainingStep('spq', BITS, 2)
  const { codebooks: _, ...values } = initialise(scope, seededRandom(1))
  const isFed = weights === 'fed'
  const model = encoder(isFed ? {} : values, BITS, 2 * batch, 'evaluation')
  const images = noisePictures(2 * batch)
  const feeds = isFed ? { images, ...values } : { images }
  return { images: 2 * batch, model, carry: {}, start: {}, feeds: () => feeds }
}

/** The shipped backbone, as indexing runs it but for the batch. */
function backbone(batch: number): Case {
  const { card, bytes: model } = shippedBackbone()
  const { name, size } = card.input
  const photos = noise([batch, 3, size, size], 3)
  return { images: batch, model, carry: {}, start: {}, feeds: () => ({ [name]: photos }) }
}

/** The shipped backbone's card and ONNX file. */
export function shippedBackbone(): { card: Card; bytes: Uint8Array } {
  const read = (name: string): Buffer => readFileSync(BACKBONES + name)
  const card = parseCard(JSON.parse(read('efficientnet-lite0.json').toString()))
  return { card, bytes: new Uint8Array(read(card.file)) }
}

/** A step of deep training: views of pairs of photos, the last layers learned. */
export function deep(pairs: number): Case {
  const { card, bytes } = shippedBackbone()
  const { size: D } = card.output
  const rows = 2 * pairs
  const trainable = readBackbone(bytes, card, LAYERS, rows)
  const quantizer: Quantizer = {
    backbone: card.sha256,
    projection: { mean: noise([D], 1).data, matrix: noise([D, 256], 2).data },
    head: { kind: 'linear', weight: noise([256, M * L], 3).data, bias: noise([M * L], 4).data },
    codebooks: { M, L, values: noise([M, 16, L], 5).data },
    fittedOn: rows
  }
  const options = { backbone: trainable, card, quantizer, setting: SETTING, rows, canvas: CANVAS }
  const step = deepStep({ ...options, backboneShare: 1e-2 })
  const values: Record<string, Tensor<'f32'>> = { ...parametersOf(quantizer, 1) }
  for (const { input, values: held } of trainable.parameters)
    values[input.name] = floats(input.shape, held)
  const [width, height] = [384, 256]
  const photo = { rgb: noiseBytes(width * height * 3), width, height }
  const graph = { ...emptyGraph(rows), similarities: new Float32Array() }
  const { size } = card.input
  const drawn = { graph, setting: SETTING, B: pairs, canvas: CANVAS, size, seed: 1 }
  return {
    images: rows,
    ...modelOf(step, values),
    feeds: async (number) => ({
      ...(await deepBatch({ ...drawn, picture: () => Promise.resolve(photo) }, number)),
      ...scalarsOf(step, number, 1e-3)
    })
  }
}

/** A step of head training on features that are noise, with its batches as training draws them. */
function head(batch: number): Case {
  const [n, V, size] = [4000, 4, 256]
  const step = headStep(SETTING, batch, M, L)
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
  const graph = { ...nearest, ...emptyGraph(n) }
  const rows = Uint32Array.from({ length: n }, (_, row) => row)
  const pool = { data: { n, projected, views, V }, rows, nearest, graph }
  const batches = createBatches(pool, SETTING, 1)
  return {
    images: batch,
    ...modelOf(step, start),
    feeds(number) {
      const { inputs, pairBias } = batches.at(number)
      return {
        batch: floats([2 * batch, size], inputs),
        'pair bias': floats([2 * batch, 2 * batch], pairBias),
        ...scalarsOf(step, number, 3e-3)
      }
    }
  }
}

function emptyGraph(n: number) {
  return { n, offsets: new Uint32Array(n + 1), indices: new Uint32Array() }
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
  return { type: 'u8', shape: [count, 3, SIDE, SIDE], data: noiseBytes(count * PICTURE) }
}

function noiseBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.imul(i, 2654435761) >>> 24)
}

/** Uniform in -0.1..0.1. */
function noise(shape: number[], seed: number): Tensor<'f32'> {
  const random = seededRandom(seed)
  const size = shape.reduce((product, length) => product * length, 1)
  return floats(shape, Float32Array.from({ length: size }, () => (random() - 0.5) / 5))
}
