// Reverse-mode differentiation: the gradient of a graph is more graph. Pure.
import { sameShape } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/tensor.ts'
import type { Shape } from '../tensor/tensor.ts'
import { filled } from './composites.ts'
import { add, reduceSum, reshape } from './functions.ts'
import { gradientRules } from './gradient-rules.ts'
import type { Gradient, GradientRule } from './gradient-rules.ts'
import { inOrder } from './graph.ts'
import { GraphError, specText } from './ops.ts'
import type { Apply, OpName, OpParams, Value } from './ops.ts'

/**
 * The gradients of a loss by each of `sources`, of their shapes, as values of the same graph; zeros
 * where the loss does not depend on one.
 * @param loss one f32 number, of any rank
 * @throws GraphError when the loss is not one number, or a source is not f32
 */
export function gradients(loss: Value, sources: readonly Value[]): Value[] {
  if (loss.type !== 'f32' || sizeOf(loss.shape) !== 1)
    throw new GraphError(`gradients: expected a loss of one f32, got ${specText(loss)}`)
  for (const source of sources) {
    if (source.type !== 'f32')
      throw new GraphError(`gradients: expected sources of f32, got ${specText(source)}`)
  }
  const order = inOrder([loss])
  const dependent = new Set<Value>(sources)
  for (const value of order) {
    if (value.kind === 'apply' && value.inputs.some((x) => dependent.has(x))) dependent.add(value)
  }
  const arrived = new Map<Value, Value>([[loss, filled(loss.shape, 1)]])
  for (const value of order.reverse()) {
    const dy = arrived.get(value)
    if (value.kind !== 'apply' || !dy || !dependent.has(value)) continue
    for (const [at, part] of pull(value, dy).entries()) {
      const x = value.inputs[at]
      if (!part || !x || !dependent.has(x)) continue
      const whole = sumTo(part, x.shape)
      const held = arrived.get(x)
      arrived.set(x, held ? add(held, whole) : whole)
    }
  }
  return sources.map((source) => arrived.get(source) ?? filled(source.shape, 0))
}

function pull<K extends OpName>(value: Apply<K>, dy: Value): readonly Gradient[] {
  const rule: GradientRule<OpParams[K]> = gradientRules[value.op]
  return rule(value.inputs, dy, value, value.params)
}

/**
 * Undoes broadcasting, for all rules: sums a gradient over the places its input was repeated to.
 */
function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient
  const offset = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < offset || (shape[axis - offset] === 1 && length !== 1) ? [axis] : []
  )
  return reshape(reduceSum(gradient, axes, true), shape)
}
