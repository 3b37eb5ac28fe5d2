// Runs a graph by the reference, in float64: for tests and for constants. Any process; small
// tensors.
import { sameShape } from '../tensor/shape.ts'
import { numbersOf, tensorFrom } from '../tensor/tensor.ts'
import type { Numbers, Tensor } from '../tensor/tensor.ts'
import { inOrder } from './graph.ts'
import { GraphError, specText } from './ops.ts'
import type { Apply, OpName, OpParams, Value } from './ops.ts'
import { references } from './reference.ts'
import type { Reference } from './reference.ts'

/**
 * Values of a graph in float64, whatever their element type: no rounding to float32 in between.
 * @param feeds numbers of each input, by name
 * @throws GraphError when a feed is missing or has another shape
 */
export function evaluate(
  outputs: readonly Value[],
  feeds: Readonly<Record<string, Numbers>> = {}
): Numbers[] {
  const known = new Map<Value, Numbers>()
  for (const value of inOrder(outputs)) known.set(value, numbers(value, known, feeds))
  return outputs.map((output) => known.get(output) ?? { shape: [], data: new Float64Array() })
}

/** The tensor of a value that depends on no input, rounded to its element type at the end. */
export function constantTensor(value: Value): Tensor {
  if (value.kind === 'constant') return value.tensor
  if (value.type === 'f16') throw new GraphError('constant: expected any type but f16, got f16')
  const [result] = evaluate([value])
  return tensorFrom(value.type, value.shape, result?.data ?? [])
}

function numbers(
  value: Value,
  known: ReadonlyMap<Value, Numbers>,
  feeds: Readonly<Record<string, Numbers>>
): Numbers {
  if (value.kind === 'constant') return { shape: value.shape, data: numbersOf(value.tensor) }
  if (value.kind === 'apply') {
    const inputs = value.inputs.flatMap((x) => known.get(x) ?? [])
    return { shape: value.shape, data: applied(value, inputs) }
  }
  const feed = feeds[value.name]
  if (feed && sameShape(feed.shape, value.shape)) return feed
  const received = feed ? `[${feed.shape.join(',')}]` : 'none'
  throw new GraphError(`evaluate ${value.name}: expected ${specText(value)}, got ${received}`)
}

function applied<K extends OpName>(value: Apply<K>, inputs: readonly Numbers[]): Float64Array {
  const reference: Reference<OpParams[K]> = references[value.op]
  return reference(inputs, value.params, value)
}
