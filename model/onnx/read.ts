// Reads an ONNX file into the tensor language. Any process.
import { constant, input } from '../graph/graph.ts'
import { GraphError } from '../graph/ops.ts'
import type { Input, Value } from '../graph/ops.ts'
import { simplify } from '../graph/simplify.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { decodeModel } from './codec.ts'
import { OnnxError } from './model.ts'
import type { OnnxNode, OnnxValue } from './model.ts'
import { NodeView, subjectOf } from './node-view.ts'
import type { Reader } from './node-view.ts'
import { readers } from './readers.ts'
import { shapeReaders } from './readers-shapes.ts'
import { windowReaders } from './readers-windows.ts'

/** Operator sets that are read. */
const READ_OPSETS = [11, 21] as const

export interface ReadOptions {
  /** Lengths for those that the file leaves open, by their symbols, such as `{ batch: 32 }`. */
  readonly lengths?: Readonly<Record<string, number>>
  /** Which initializers become inputs, to be trained; none when left out. */
  readonly trainable?: (name: string, tensor: Tensor) => boolean
}

export interface ReadGraph {
  /** What is fed, without the parameters. */
  readonly inputs: Readonly<Record<string, Input>>
  readonly outputs: Readonly<Record<string, Value>>
  /** The trainable initializers as inputs, and what the file holds for them. */
  readonly parameters: Readonly<Record<string, { readonly input: Input; readonly tensor: Tensor }>>
}

const allReaders: ReadonlyMap<string, Reader> = new Map(
  Object.entries({ ...readers, ...windowReaders, ...shapeReaders })
)

/** Operators that can be read, by their ONNX names. */
export function readableOperators(): string[] {
  return [...allReaders.keys()].sort()
}

/**
 * Reads a model, opset 11 to 21, of the operators that the language has. All shapes are made
 * static.
 * @throws OnnxError for bytes that are no model, an operator that is not known, a use of one that
 *   the language has not, or a length left open; it names the operator and its node
 */
export function readOnnx(bytes: Uint8Array, options: ReadOptions = {}): ReadGraph {
  const model = decodeModel(bytes)
  const { lengths = {}, trainable = () => false } = options
  if (model.opset < READ_OPSETS[0] || model.opset > READ_OPSETS[1])
    throw new OnnxError(
      `ONNX model: expected opset ${READ_OPSETS.join(' to ')}, got ${model.opset}`
    )

  const values = new Map<string, Value>()
  const parameters: Record<string, { input: Input; tensor: Tensor }> = {}
  for (const [name, tensor] of model.initializers) {
    if (trainable(name, tensor)) {
      const parameter = input(name, tensor.shape, tensor.type)
      parameters[name] = { input: parameter, tensor }
      values.set(name, parameter)
    } else {
      values.set(name, constant(tensor))
    }
  }
  const inputs: Record<string, Input> = {}
  for (const value of model.inputs) {
    if (model.initializers.has(value.name)) continue // older files list initializers as inputs too
    const made = readInput(value, staticShape(value, lengths))
    inputs[value.name] = made
    values.set(value.name, made)
  }
  for (const node of model.nodes) readNode(node, model.opset, values)

  const names = model.outputs.map(({ name }) => name)
  const results = simplify(names.map((name) => values.get(name) ?? missing(`output ${name}`, name)))
  const outputs: Record<string, Value> = {}
  for (const [at, value] of results.entries()) outputs[names[at] ?? ''] = value
  return { inputs, outputs, parameters }
}

function readInput({ name, type }: OnnxValue, shape: number[]): Input {
  try {
    return input(name, shape, type)
  } catch (error) {
    if (error instanceof GraphError) throw new OnnxError(`input ${name}: ${error.message}`)
    throw error
  }
}

function readNode(node: OnnxNode, opset: number, values: Map<string, Value>): void {
  const inputs = node.inputs.map((name) =>
    name === '' ? undefined : (values.get(name) ?? missing(subjectOf(node), name))
  )
  const view = new NodeView(node, inputs, opset)
  const reader = node.domain === '' ? allReaders.get(node.operator) : undefined
  if (!reader) {
    const domain = node.domain === '' ? '' : `${node.domain}.`
    throw new OnnxError(
      `${view.subject}: expected an operator that is known, got ${domain}${node.operator}`
    )
  }
  const made = outputsOf(reader, view)
  for (const [at, name] of node.outputs.entries()) {
    const value = made[at]
    if (value) values.set(name, value)
    else if (name !== '') view.refuse(`${made.length} outputs`, `${node.outputs.length}`)
  }
}

/** What the language refuses is told with the operator and its node. */
function outputsOf(reader: Reader, view: NodeView): readonly Value[] {
  try {
    const made = reader(view)
    return 'kind' in made ? [made] : made
  } catch (error) {
    if (error instanceof GraphError || error instanceof RangeError)
      throw new OnnxError(`${view.subject}: ${error.message}`)
    throw error
  }
}

function staticShape(
  { name, shape }: OnnxValue,
  lengths: Readonly<Record<string, number>>
): number[] {
  return shape.map((length) => {
    const known = typeof length === 'number' ? length : lengths[length]
    if (known !== undefined) return known
    throw new OnnxError(`input ${name}: expected a length for ${length} in the options, got none`)
  })
}

function missing(subject: string, name: string): never {
  throw new OnnxError(`${subject}: expected a value that is made before it is used, got ${name}`)
}
