// Optimisers as graph: from a parameter, its gradient and what is kept of earlier steps to new
// ones. State is f32. What depends on the number of the step alone is made in float64 and fed.
// Pure.
import {
  add,
  divide,
  minimum,
  multiply,
  reduceSumSquare,
  squareRoot,
  subtract
} from '../graph/functions.ts'
import { input } from '../graph/graph.ts'
import type { Value } from '../graph/ops.ts'

/** The rate of this step: a schedule's number, fed each step. */
export const LEARNING_RATE = input('learningRate', [])
const FIRST_CORRECTION = input('firstCorrection', [])
const SECOND_CORRECTION = input('secondCorrection', [])

export interface Updated {
  readonly parameter: Value
  /** One value a slot, in the order of `slots`. */
  readonly state: readonly Value[]
}

export interface Optimiser {
  /** Names of what is kept for each parameter, of its shape, zeros at the start. */
  readonly slots: readonly string[]
  /** @throws RangeError when the state lacks a slot */
  update(parameter: Value, gradient: Value, state: readonly Value[], rate: Value): Updated
  /** What to feed at step 1, 2, .. besides the learning rate. */
  scalars(step: number): Readonly<Record<string, number>>
}

export interface AdamOptions {
  first?: number
  second?: number
  epsilon?: number
  /** L2 for `adam` (added to the gradient), decoupled for `adamW` (a share of the parameter). */
  decay?: number
}

/** Adam (Kingma and Ba 2015), algorithm 1; `decay` is L2, added to the gradient, as in PyTorch. */
export function adam(options: AdamOptions = {}): Optimiser {
  return adamLike(options, (parameter, gradient) => ({
    gradient: decayed(gradient, parameter, options.decay ?? 0),
    parameter
  }))
}

/**
 * AdamW (Loshchilov and Hutter 2019): weights shrink by rate times decay, apart from the gradient.
 */
export function adamW(options: AdamOptions = {}): Optimiser {
  const { decay = 0.01 } = options
  return adamLike(options, (parameter, gradient, rate) => ({
    gradient,
    parameter: multiply(parameter, subtract(1, multiply(rate, decay)))
  }))
}

type Decay = (
  parameter: Value,
  gradient: Value,
  rate: Value
) => { gradient: Value; parameter: Value }

function adamLike(
  { first = 0.9, second = 0.999, epsilon = 1e-8 }: AdamOptions,
  decay: Decay
): Optimiser {
  return {
    slots: ['first', 'second'],
    update(held, raw, state, rate) {
      const [m, v] = [kept(state, 0, 'first'), kept(state, 1, 'second')]
      const { gradient, parameter } = decay(held, raw, rate)
      const newM = add(multiply(m, first), multiply(gradient, 1 - first))
      const newV = add(multiply(v, second), multiply(multiply(gradient, gradient), 1 - second))
      const deviation = add(squareRoot(multiply(newV, SECOND_CORRECTION)), epsilon)
      const step = multiply(divide(newM, deviation), multiply(rate, FIRST_CORRECTION))
      return { parameter: subtract(parameter, step), state: [newM, newV] }
    },
    scalars: (step) => ({
      firstCorrection: 1 / (1 - first ** step),
      secondCorrection: 1 / (1 - second ** step)
    })
  }
}

/** The value of a slot; a missing one must not pass for zeros, so it throws. */
function kept(state: readonly Value[], at: number, slot: string): Value {
  const value = state[at]
  if (value) return value
  throw new RangeError(`optimiser state: expected a value for ${slot}, got none`)
}

function decayed(gradient: Value, parameter: Value, decay: number): Value {
  return decay > 0 ? add(gradient, multiply(parameter, decay)) : gradient
}

/** Gradients scaled so that the length of all of them together is at most `most`. */
export function clipByNorm(gradients: readonly Value[], most: number): Value[] {
  const squares = gradients.map((gradient) => reduceSumSquare(gradient)).reduce(add)
  const factor = minimum(divide(most, add(squareRoot(squares), 1e-6)), 1)
  return gradients.map((gradient) => multiply(gradient, factor))
}
