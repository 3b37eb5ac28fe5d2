// The papers' network for CIFAR-10 as two ONNX models: a whole training step, and what turns
// pictures into descriptors. Pure.
import { cast, multiply } from '../../graph/functions.ts'
import { input } from '../../graph/graph.ts'
import type { Value } from '../../graph/ops.ts'
import type { Mode } from '../../nn/layers.ts'
import { declareCodebooks, projectionHead } from '../../nn/heads.ts'
import { resnet18Cifar } from '../../nn/resnet.ts'
import { Scope } from '../../nn/scope.ts'
import { writeOnnx } from '../../onnx/write.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { augment, augmentationInputs } from '../augmentation.ts'
import { adam } from '../optimisers.ts'
import { writeStep } from '../step.ts'
import type { TrainingStep } from '../step.ts'
import { SIDE } from './labelled-pictures.ts'
import { CODEWORDS, CODEWORD_LENGTH, RECIPES } from './recipe.ts'
import type { Bits, Method } from './recipe.ts'

/** The two views of each picture, by the names that their maps are fed under. */
export const VIEWS = ['a', 'b'] as const

const SIZE = { width: SIDE, height: SIDE }

/** Numbers a descriptor. */
export function descriptorLength(bits: Bits): number {
  return (bits / 4) * CODEWORD_LENGTH
}

/**
 * One step: views, network, loss, backward, Adam. `images` [B, 3, 32, 32] of bytes are fed, and
 * the maps of each view.
 * @param narrower divides the widths of the network
 */
export function trainingStep(
  method: Method,
  bits: Bits,
  batch: number,
  narrower = 1
): { scope: Scope; step: TrainingStep } {
  const scope = new Scope()
  const recipe = RECIPES[method]
  const images = input('images', [batch, 3, SIDE, SIDE], 'u8')
  const describe = (name: (typeof VIEWS)[number]): Value => {
    const view = augment(images, augmentationInputs(name, batch, SIZE, SIDE))
    return descriptors(scope, view, bits, 'training', narrower)
  }
  const [xa, xb] = [describe('a'), describe('b')]
  const codebooks = declareCodebooks(scope, bits / 4, CODEWORDS, CODEWORD_LENGTH)
  const loss = recipe.loss(xa, xb, codebooks)
  return { scope, step: writeStep({ loss, scope, optimiser: adam({ decay: recipe.decay }) }) }
}

/**
 * `images` [B, 3, 32, 32] of bytes to `descriptors` [B, M*L], with the values of a run as
 * constants.
 * @param mode `evaluation`; `training` for a network that has no statistics of its own yet
 * @param narrower as for the step that the values are of
 */
export function encoder(
  values: Readonly<Record<string, Tensor>>,
  bits: Bits,
  batch: number,
  mode: Mode,
  narrower = 1
): Uint8Array {
  const scope = new Scope()
  const images = input('images', [batch, 3, SIDE, SIDE], 'u8')
  const values01 = multiply(cast(images, 'f32'), 1 / 255)
  const outputs = { descriptors: descriptors(scope, values01, bits, mode, narrower) }
  const declared = [...scope.parameters, ...scope.states].map(({ name }) => name)
  const held = declared.flatMap((name) => (values[name] ? [[name, values[name]] as const] : []))
  return writeOnnx({ outputs, initializers: Object.fromEntries(held), name: 'encoder' })
}

function descriptors(
  scope: Scope,
  images: Value,
  bits: Bits,
  mode: Mode,
  narrower: number
): Value {
  return projectionHead(
    scope,
    resnet18Cifar(scope, images, mode, narrower),
    descriptorLength(bits)
  )
}
