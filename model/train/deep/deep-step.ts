// The step of deep training as one ONNX model (METHOD.md 6.2): pictures, views, the backbone, the
// head, the loss, its gradients, AdamW. Pure.
import { normalize } from '../../graph/composites.ts'
import { matmul, multiply, reverse, subtract } from '../../graph/functions.ts'
import { constant, input } from '../../graph/graph.ts'
import type { Value } from '../../graph/ops.ts'
import type { Card } from '../../image/card.ts'
import type { Size } from '../../image/augment.ts'
import { Scope, filledWith } from '../../nn/scope.ts'
import { K } from '../../quant/codes.ts'
import { PROJECTED } from '../../quant/projection.ts'
import type { Projection } from '../../quant/projection.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { floats } from '../../tensor/tensor.ts'
import { augment, augmentationInputs } from '../augmentation.ts'
import type { Setting } from '../head/head-contract.ts'
import { PAIR_BIAS_INPUT, headGraph, lossOf } from '../head/head-graph.ts'
import { adamW } from '../optimisers.ts'
import { writeStep } from '../step.ts'
import type { TrainingStep } from '../step.ts'
import type { TrainableBackbone } from './deep-backbone.ts'

/** Pictures [2B, 3, H, W] of bytes: photo a of each pair, then photo b. */
export const PICTURES_INPUT = 'pictures'
/** Names of the inputs of the views begin so (see augmentation.ts). */
export const VIEWS_INPUT = 'views'
const DECAY = 1e-4

export interface DeepStepOptions {
  backbone: TrainableBackbone
  card: Card
  /** Its projection is part of the model; head and codebooks give the sizes alone. */
  quantizer: Quantizer
  setting: Setting
  /** Rows of a step: two a pair. */
  rows: number
  /** Pixels of the pictures; smaller photos lie at the top left of theirs. */
  canvas: Size
  /** The share of the learning rate that the backbone gets. */
  backboneShare: number
}

/** Writes the step. Its parameters are those of the head, `codebooks` and the backbone's. */
export function deepStep(options: DeepStepOptions): TrainingStep {
  const { backbone, card, quantizer, setting, rows, canvas, backboneShare } = options
  const { M, L } = quantizer.codebooks
  const { size } = card.input
  const pictures = input(PICTURES_INPUT, [rows, 3, canvas.height, canvas.width], 'u8')
  const views = augment(pictures, augmentationInputs(VIEWS_INPUT, rows, canvas, size))
  const scope = new Scope()
  for (const parameter of backbone.parameters) scope.adopt(parameter.input, parameter.values)
  const features = backbone.features(pixelsFor(card, views))
  const x = headGraph(scope, projected(features, quantizer.projection), M, L)
  const codebooks = scope.parameter('codebooks', [M, K, L], filledWith(0))
  const pairBias = input(PAIR_BIAS_INPUT, [rows, rows])
  const tuned = new Set(backbone.parameters.map((parameter) => parameter.input.name))
  return writeStep({
    loss: lossOf(setting, x, codebooks, pairBias),
    scope,
    optimiser: adamW({ decay: DECAY }),
    rateOf: (name) => (tuned.has(name) ? backboneShare : 1)
  })
}

/** Values 0..1 as the card wants them: (byte - mean) / scale, in its order of channels. */
function pixelsFor({ input: { channels, mean, scale } }: Card, views: Value): Value {
  const ordered = channels === 'RGB' ? views : reverse(views, [1])
  const perChannel = (of: (c: number) => number): Value =>
    constant(floats([1, 3, 1, 1], [0, 1, 2].map(of)))
  const factor = perChannel((c) => 255 / scale[c]!)
  const shift = perChannel((c) => mean[c]! / scale[c]!)
  return subtract(multiply(ordered, factor), shift)
}

/** Features [rows, D] to projected features [rows, 256], as `project` of encode.ts. */
function projected(features: Value, { mean, matrix }: Projection): Value {
  const centred = subtract(normalize(features), constant(floats([mean.length], mean)))
  return matmul(centred, constant(floats([mean.length, PROJECTED], matrix)))
}
