// Parameters of a network by name: declared while its graph is built, as inputs of the graph. Pure.
import { input } from '../graph/graph.ts'
import type { Input, Value } from '../graph/ops.ts'
import { sameShape } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/tensor.ts'
import type { Shape } from '../tensor/tensor.ts'

/** A number in [0, 1) at each call; seeded by the caller. */
export type Random = () => number

/** Fills new weights of a shape. */
export type Initialise = (shape: Shape, random: Random) => Float32Array

export interface Declared {
  readonly name: string
  readonly value: Input
  readonly initialise: Initialise
}

/**
 * The parameters and the state (running statistics) of a network. A name that is declared again is
 * the same parameter, so a network applied twice shares its weights.
 */
export class Scope {
  readonly #parameters = new Map<string, Declared>()
  readonly #states = new Map<string, Declared>()
  readonly #updates = new Map<string, Value>()

  /** In the order of their first use. */
  get parameters(): Declared[] {
    return [...this.#parameters.values()]
  }

  get states(): Declared[] {
    return [...this.#states.values()]
  }

  /** What each state becomes by this step: the last `update`, or itself. */
  get updates(): ReadonlyMap<string, Value> {
    return this.#updates
  }

  /** A weight that is learned. */
  parameter(name: string, shape: Shape, initialise: Initialise): Value {
    return declare(this.#parameters, name, shape, initialise)
  }

  /**
   * A weight that is an input already, as those of a model that was read; and its first values.
   * @throws RangeError when the name is taken
   */
  adopt(value: Input, first: Float32Array): void {
    if (this.#parameters.has(value.name))
      throw new RangeError(`parameter ${value.name}: expected a name that is free, got it twice`)
    this.#parameters.set(value.name, { name: value.name, value, initialise: () => first })
  }

  /**
   * A number that is carried from step to step without a gradient; as the last `update` left it.
   */
  state(name: string, shape: Shape, initialise: Initialise): Value {
    const declared = declare(this.#states, name, shape, initialise)
    return this.#updates.get(name) ?? declared
  }

  /** Says what a state becomes. */
  update(name: string, value: Value): void {
    const held = this.#states.get(name)
    if (!held || !sameShape(held.value.shape, value.shape))
      throw new RangeError(`state ${name}: expected a declared one of [${value.shape.join(',')}]`)
    this.#updates.set(name, value)
  }
}

function declare(
  held: Map<string, Declared>,
  name: string,
  shape: Shape,
  initialise: Initialise
): Value {
  const before = held.get(name)
  if (before && !sameShape(before.value.shape, shape))
    throw new RangeError(
      `parameter ${name}: expected [${before.value.shape.join(',')}], got [${shape.join(',')}]`
    )
  const declared = before ?? { name, value: input(name, shape), initialise }
  held.set(name, declared)
  return declared.value
}

/** Uniform in [-bound, bound). */
export function uniform(bound: number): Initialise {
  return (shape, random) => new Float32Array(sizeOf(shape)).map(() => (2 * random() - 1) * bound)
}

/** Uniform in +-1/sqrt(fan in), which both papers' code uses; fan in is all but the first axis. */
export const uniformByFanIn: Initialise = (shape, random) =>
  uniform(1 / Math.sqrt(sizeOf(shape.slice(1))))(shape, random)

/** The same number everywhere. */
export function filledWith(value: number): Initialise {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value)
}
