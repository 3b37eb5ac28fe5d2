// How values are made and walked: inputs, constants, bind, order. Pure; any process.
import { floats, tensorFrom } from '../tensor/tensor.ts'
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'
import { GraphError } from './ops.ts'
import type { Apply, Constant, Input, OpName, OpParams, Value } from './ops.ts'
import { shapes } from './shapes.ts'

/**
 * What is fed to the graph under a name; two inputs of one graph must not share it.
 * @throws GraphError when a length is no whole number above 0: shapes are static
 */
export function input(name: string, shape: Shape, type: ElementType = 'f32'): Input {
  if (!shape.every((length) => Number.isInteger(length) && length > 0))
    throw new GraphError(`input ${name}: expected whole lengths above 0, got [${shape.join(',')}]`)
  return { kind: 'input', name, type, shape }
}

/** A tensor that is part of the graph. */
export function constant(tensor: Tensor): Constant {
  return { kind: 'constant', tensor, type: tensor.type, shape: tensor.shape }
}

/** A constant of shape [] from one number; of float32 unless said. */
export function scalar(value: number, type: Exclude<ElementType, 'f16'> = 'f32'): Constant {
  return constant(type === 'f32' ? floats([], [value]) : tensorFrom(type, [], [value]))
}

/**
 * Applies an op. Data is positional, metadata is in params; functions.ts has a function for each op
 * that fills in what is usual.
 * @throws GraphError naming the op, what it expected and the types and shapes that came
 */
export function bind<K extends OpName>(
  op: K,
  inputs: readonly Value[],
  params: OpParams[K]
): Apply<K> {
  try {
    return { kind: 'apply', op, inputs, params, ...shapes[op](inputs, params) }
  } catch (error) {
    if (error instanceof GraphError) throw new GraphError(`${op}: ${error.message}`)
    throw error
  }
}

/** All values that `outputs` are made of, each after its inputs and once. */
export function inOrder(outputs: readonly Value[]): Value[] {
  const order: Value[] = []
  const seen = new Set<Value>()
  const stack: { value: Value; next: number }[] = []
  for (const output of outputs) {
    if (!seen.has(output)) stack.push({ value: output, next: 0 })
    seen.add(output)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const child = top.value.kind === 'apply' ? top.value.inputs[top.next++] : undefined
      if (!child) {
        order.push(top.value)
        stack.pop()
      } else if (!seen.has(child)) {
        seen.add(child)
        stack.push({ value: child, next: 0 })
      }
    }
  }
  return order
}
