// A backbone whose last layers are trained: read from its ONNX file, and written back (METHOD.md
// 6.2). What lies below them stays constant, so ONNX Runtime runs it as it runs the file. Pure.
import { bind, inOrder } from '../../graph/graph.ts'
import { GraphError } from '../../graph/ops.ts'
import type { Apply, Input, OpName, Value } from '../../graph/ops.ts'
import type { Card } from '../../image/card.ts'
import { decodeModel, encodeModel } from '../../onnx/codec.ts'
import type { OnnxAttribute } from '../../onnx/model.ts'
import { readOnnx } from '../../onnx/read.ts'
import { floatsIn, sameTensorType } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** Operators that have weights. Batch norm is not among them: it keeps the statistics it has. */
const LAYERS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul'])

export interface TrainableBackbone {
  /** Features [rows, D] of pixels [rows, 3, size, size] as the card has them. */
  features: (pixels: Value) => Value
  /** What is trained, with its values in the file. */
  parameters: { input: Input; values: Float32Array }[]
}

/**
 * Reads a backbone for batches of `rows`.
 * @param layers how many of its last layers are trained, each with its weight and bias; depthwise
 *   ones count and stay as they are: they have few weights, and ONNX Runtime takes 3 to 5 times as
 *   long for a depthwise convolution whose weights are fed
 * @throws OnnxError for what the tensor language has not
 * @throws RangeError when the file does not fit the card or has fewer layers
 */
export function readBackbone(
  bytes: Uint8Array,
  card: Card,
  layers: number,
  rows: number
): TrainableBackbone {
  const model = decodeModel(bytes)
  const trained = new Set(lastLayers(bytes, layers))
  const open = model.inputs.flatMap(({ shape }) => shape.filter((x) => typeof x === 'string'))
  const graph = readOnnx(bytes, {
    lengths: Object.fromEntries(open.map((symbol) => [symbol, rows])),
    trainable: (name) => trained.has(name)
  })
  const pixels = graph.inputs[card.input.name]
  const features = graph.outputs[card.output.name]
  if (!pixels || !features)
    throw new RangeError(
      `backbone: expected ${card.input.name} and ${card.output.name}, ` +
        `got ${[...Object.keys(graph.inputs), ...Object.keys(graph.outputs)].join(', ')}`
    )
  if (features.shape.join() !== [rows, card.output.size].join())
    throw new RangeError(
      `backbone: expected features [${rows},${card.output.size}], got [${features.shape.join(',')}]`
    )
  const parameters = Object.entries(graph.parameters).map(([name, { input, tensor }]) => ({
    input,
    values: floatsIn(tensor, name)
  }))
  return { features: (value) => replaced(features, pixels, value), parameters }
}

/**
 * Names of the weights and biases of the last layers of a file, without those of depthwise
 * convolutions among them: these stay as they are.
 */
function lastLayers(bytes: Uint8Array, layers: number): string[] {
  const { nodes, initializers } = decodeModel(bytes)
  const found = nodes
    .filter(({ operator, domain }) => domain === '' && LAYERS.has(operator))
    .map(({ attributes, inputs }) => ({
      isDepthwise: attributes.group !== undefined && isAbove1(attributes.group),
      names: inputs.slice(1).filter((name) => initializers.get(name)?.type === 'f32')
    }))
    .filter(({ names }) => names.length > 0)
  if (!Number.isInteger(layers) || layers < 1 || layers > found.length)
    throw new RangeError(`layers: expected 1 to ${found.length}, got ${layers}`)
  return found.slice(-layers).flatMap(({ isDepthwise, names }) => (isDepthwise ? [] : names))
}

function isAbove1(attribute: OnnxAttribute): boolean {
  return 'int' in attribute && attribute.int > 1
}

/** A value with another in place of one of its inputs. */
function replaced(value: Value, from: Input, to: Value): Value {
  if (from.type !== to.type || from.shape.join() !== to.shape.join())
    throw new GraphError(
      `${from.name}: expected ${from.type}[${from.shape.join(',')}], ` +
        `got ${to.type}[${to.shape.join(',')}]`
    )
  const done = new Map<Value, Value>([[from, to]])
  const rebuilt = <K extends OpName>({ op, inputs, params }: Apply<K>): Value =>
    bind(op, inputs.map((x) => done.get(x) ?? x), params)
  for (const each of inOrder([value]))
    if (each.kind === 'apply') done.set(each, rebuilt(each))
  return done.get(value) ?? value
}

/**
 * The ONNX file with some of its weights changed; all else, names included, stays.
 * @throws RangeError for a weight that the file has not, or of another shape
 */
export function writeTunedBackbone(
  bytes: Uint8Array,
  weights: Readonly<Record<string, Tensor<'f32'>>>
): Uint8Array {
  const model = decodeModel(bytes)
  const initializers = new Map(model.initializers)
  for (const [name, tensor] of Object.entries(weights)) {
    const held = initializers.get(name)
    if (!held || !sameTensorType(held, tensor)) {
      const expected = held ? `${held.type}[${held.shape.join(',')}]` : 'one of the file'
      throw new RangeError(`weight ${name}: expected ${expected}, got f32[${tensor.shape}]`)
    }
    initializers.set(name, tensor)
  }
  return encodeModel({ ...model, initializers })
}

/** The card of a tuned backbone: the same input and output, another file and origin. */
export function tunedCard(card: Card, sha256: string): Card {
  const name = `${card.name.replace(/-tuned-[0-9a-f]{8}$/, '')}-tuned-${sha256.slice(0, 8)}`
  const title = card.title.endsWith(', tuned') ? card.title : `${card.title}, tuned`
  const origin = `tuned by Kindred from ${card.file} (sha256 ${card.sha256}): ${card.origin}`
  return { ...card, name, title, file: `${name}.onnx`, sha256, origin }
}
