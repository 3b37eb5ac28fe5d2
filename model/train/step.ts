// A training step as one ONNX model: (parameters, optimiser state, batch) -> (loss, new parameters,
// new state), by our own differentiation, in standard operators (METHOD.md 6). Pure.
import { gradients } from '../graph/gradients.ts'
import { multiply, reduceSumSquare, reshape, squareRoot } from '../graph/functions.ts'
import { input } from '../graph/graph.ts'
import type { Value } from '../graph/ops.ts'
import type { Scope, Random } from '../nn/scope.ts'
import { writeOnnx } from '../onnx/write.ts'
import { floats, sizeOf } from '../tensor/tensor.ts'
import type { Shape, Tensor } from '../tensor/tensor.ts'
import { LEARNING_RATE, clipByNorm } from './optimisers.ts'
import type { Optimiser } from './optimisers.ts'

export interface StepOptions {
  loss: Value
  /** Whose parameters are learned and whose state is carried. */
  scope: Scope
  optimiser: Optimiser
  /** The share of the learning rate that a parameter gets; 0 freezes it. 1 unless said. */
  rateOf?: (name: string) => number
  /** All gradients together are made no longer than this. */
  clipNorm?: number
  /** Numbers to give back beside the loss. */
  outputs?: Readonly<Record<string, Value>>
  /** Give back the length of each gradient too, as `gradient <name>`. */
  gradientNorms?: boolean
}

export interface TrainingStep {
  /** The ONNX model. */
  readonly model: Uint8Array
  /** Which output becomes which input of the next step. */
  readonly carry: Readonly<Record<string, string>>
  /** The shape of each input that the optimiser keeps something in; zeros at the start. */
  readonly slots: Readonly<Record<string, Shape>>
  readonly optimiser: Optimiser
}

const NEXT = 'next '

/**
 * Writes the step.
 * @param frozen values of the parameters whose rate is 0: they become part of the model
 */
export function writeStep(
  { loss, scope, optimiser, rateOf = () => 1, clipNorm, outputs = {}, gradientNorms }: StepOptions,
  frozen: Readonly<Record<string, Tensor>> = {}
): TrainingStep {
  const learned = scope.parameters.filter(({ name }) => rateOf(name) > 0)
  const raw = gradients(
    loss,
    learned.map(({ value }) => value)
  )
  const clipped = clipNorm === undefined ? raw : clipByNorm(raw, clipNorm)
  const results: Record<string, Value> = { loss, ...outputs }
  const carry: Record<string, string> = {}
  const slots: Record<string, Shape> = {}
  const keep = (name: string, value: Value): void => {
    results[NEXT + name] = value
    carry[NEXT + name] = name
  }
  learned.forEach(({ name, value }, at) => {
    const gradient = clipped[at]!
    const share = rateOf(name)
    const rate = share === 1 ? LEARNING_RATE : multiply(LEARNING_RATE, share)
    const state = optimiser.slots.map((slot) => input(`${name} ${slot}`, value.shape))
    for (const slot of state) slots[slot.name] = slot.shape
    const updated = optimiser.update(flat(value), flat(gradient), state.map(flat), rate)
    keep(name, reshape(updated.parameter, value.shape))
    updated.state.forEach((next, slot) => keep(state[slot]!.name, reshape(next, value.shape)))
    if (gradientNorms) results[`gradient ${name}`] = squareRoot(reduceSumSquare(raw[at]!))
  })
  for (const [name, value] of scope.updates) keep(name, value)
  const model = writeOnnx({ outputs: results, initializers: frozen, name: 'step' })
  return { model, carry, slots, optimiser }
}

/**
 * A value that ends in lengths of 1, as the weights of a 1 x 1 convolution do, as one row: a scalar
 * beside such a value costs ONNX Runtime 30 times as much an element on the processor. Others stay
 * as they are.
 */
function flat(value: Value): Value {
  return value.shape.at(-1) === 1 ? reshape(value, [sizeOf(value.shape)]) : value
}

/**
 * First values of all parameters and states of a scope, by a generator, in order of declaration.
 */
export function initialise(scope: Scope, random: Random): Record<string, Tensor<'f32'>> {
  const values: Record<string, Tensor<'f32'>> = {}
  for (const { name, value, initialise } of [...scope.parameters, ...scope.states])
    values[name] = floats(value.shape, initialise(value.shape, random))
  return values
}

/**
 * What a step carries before the first one: the parameters and states of `values` that change (the
 * others are left out) and the optimiser's zeros.
 * @throws RangeError when a parameter or state has no first value
 */
export function startOf(
  { carry, slots }: Pick<TrainingStep, 'carry' | 'slots'>,
  values: Readonly<Record<string, Tensor<'f32'>>>
): Record<string, Tensor<'f32'>> {
  const start: Record<string, Tensor<'f32'>> = {}
  for (const name of Object.values(carry)) {
    const slot = slots[name]
    const first = slot ? floats(slot, new Float32Array(sizeOf(slot))) : values[name]
    if (!first) throw new RangeError(`${name}: expected a first value, got none`)
    start[name] = first
  }
  return start
}
