// ONNX files as plain objects, and back. The only file that knows protobuf; any process.
// Knows the format, not the operators: what a node means is for operators.ts.
import protobuf from 'protobufjs'
import * as v from 'valibot'
import { bytesOf, sizeOf, tensorOfBytes } from '../tensor/tensor.ts'
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'
import { ONNX_SCHEMA } from './schema.ts'

/** The value of a node's attribute, by kind. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Tensor }
  /** Of a type that is not read, as subgraphs: its code. Only who asks for it is refused. */
  | { readonly unread: number }

export interface OnnxNode {
  /** Operator, such as `Conv`. */
  readonly operator: string
  readonly name: string
  /** '' is the standard operator set. */
  readonly domain: string
  /** Names of values; '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  /** A text is a symbolic length, such as a batch left open. */
  readonly shape: readonly (number | string)[]
}

/** Files need not say the shape of what they give. */
export type OnnxOutput = Omit<OnnxValue, 'shape'> & { readonly shape?: OnnxValue['shape'] }

export interface OnnxModel {
  /** Name of the graph. */
  readonly name: string
  /** Version of the standard operator set. */
  readonly opset: number
  readonly nodes: readonly OnnxNode[]
  readonly initializers: ReadonlyMap<string, Tensor>
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxOutput[]
}

/** Bytes that are no ONNX model, or one with something in it that Kindred does not read. */
export class OnnxError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OnnxError'
  }
}

const ModelProto = protobuf
  .parse(ONNX_SCHEMA, { keepCase: true })
  .root.lookupType('onnx.ModelProto')

/** TensorProto.DataType, as tensors and Cast have it. */
export const TYPE_CODES: Readonly<Record<ElementType, number>> = {
  f32: 1,
  u8: 2,
  i32: 6,
  i64: 7,
  bool: 9,
  f16: 10
}
const TYPES: readonly ElementType[] = ['f32', 'u8', 'i32', 'i64', 'bool', 'f16']
// AttributeProto.AttributeType
const FLOAT = 1
const INT = 2
const STRING = 3
const TENSOR = 4
const FLOATS = 6
const INTS = 7
/** The operator set that is written. */
export const OPSET = 17
// Its intermediate-representation version (ONNX 1.12); every later runtime reads it.
const IR_VERSION = 8

// What is read of each message; the schema has more. Absent fields get the values of proto2.
const text = v.optional(v.string(), '')
const integer = v.pipe(v.bigint(), v.transform(Number))
const integers = v.optional(v.array(integer), [])
const bytes = v.instance(Uint8Array)
const TensorMessage = v.object({
  dims: integers,
  data_type: v.optional(v.number(), 0),
  float_data: v.optional(v.array(v.number()), []),
  int32_data: v.optional(v.array(v.number()), []),
  int64_data: v.optional(v.array(v.bigint()), []),
  name: text,
  raw_data: v.optional(bytes),
  data_location: v.optional(v.number(), 0)
})
type TensorMessage = v.InferOutput<typeof TensorMessage>
const AttributeMessage = v.object({
  name: text,
  type: v.optional(v.number(), 0),
  f: v.optional(v.number(), 0),
  i: v.optional(integer, 0n),
  s: v.optional(bytes, new Uint8Array()),
  t: v.optional(TensorMessage),
  floats: v.optional(v.array(v.number()), []),
  ints: integers
})
const NodeMessage = v.object({
  input: v.optional(v.array(v.string()), []),
  output: v.optional(v.array(v.string()), []),
  name: text,
  op_type: text,
  domain: text,
  attribute: v.optional(v.array(AttributeMessage), [])
})
const ShapeMessage = v.object({
  dim: v.optional(
    v.array(v.object({ dim_value: v.optional(integer), dim_param: v.optional(v.string()) })),
    []
  )
})
const TensorType = v.object({
  elem_type: v.optional(v.number(), 0),
  shape: v.optional(ShapeMessage)
})
const ValueMessage = v.object({
  name: text,
  type: v.optional(v.object({ tensor_type: v.optional(TensorType) }), {})
})
const ModelMessage = v.object({
  opset_import: v.array(v.object({ domain: text, version: integer })),
  graph: v.object({
    name: text,
    node: v.optional(v.array(NodeMessage), []),
    initializer: v.optional(v.array(TensorMessage), []),
    input: v.optional(v.array(ValueMessage), []),
    output: v.array(ValueMessage)
  })
})

/** The bytes of a model, ready for ONNX Runtime or a file. The same model gives the same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const message = {
    ir_version: IR_VERSION,
    producer_name: 'kindred',
    opset_import: [{ domain: '', version: model.opset }],
    graph: {
      name: model.name,
      node: model.nodes.map((node) => ({
        input: node.inputs,
        output: node.outputs,
        name: node.name,
        op_type: node.operator,
        domain: node.domain,
        attribute: Object.entries(node.attributes).map(([name, value]) => ({
          name,
          ...attributeMessage(value)
        }))
      })),
      initializer: [...model.initializers].map(([name, tensor]) => tensorMessage(tensor, name)),
      input: model.inputs.map(valueMessage),
      output: model.outputs.map(valueMessage)
    }
  }
  return ModelProto.encode(message).finish()
}

/**
 * Reads the bytes of a model.
 * @throws OnnxError when they are no ONNX model, or hold an element type or a kind of value that
 *   Kindred does not know
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const { opset_import: opsets, graph } = v.parse(ModelMessage, plainObject(bytes))
  const standard = opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  if (!standard) throw new OnnxError('ONNX model: expected the standard operator set, got none')
  return {
    name: graph.name,
    opset: standard.version,
    nodes: graph.node.map((node) => ({
      operator: node.op_type,
      name: node.name,
      domain: node.domain === 'ai.onnx' ? '' : node.domain,
      inputs: node.input,
      outputs: node.output,
      attributes: Object.fromEntries(
        node.attribute.map((attribute) => [attribute.name, attributeOf(attribute)])
      )
    })),
    initializers: new Map(graph.initializer.map((tensor) => [tensor.name, tensorOf(tensor)])),
    inputs: graph.input.map(inputOf),
    outputs: graph.output.map(outputOf)
  }
}

function plainObject(bytes: Uint8Array): unknown {
  try {
    const object = ModelProto.toObject(ModelProto.decode(bytes), { longs: BigInt })
    if (v.is(ModelMessage, object)) return object
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OnnxError(
      `ONNX model: expected the bytes of a model, got what cannot be read: ${reason}`
    )
  }
  throw new OnnxError('ONNX model: expected a model with operators and a graph, got other bytes')
}

function tensorMessage(tensor: Tensor, name: string): object {
  return { dims: tensor.shape, data_type: TYPE_CODES[tensor.type], name, raw_data: bytesOf(tensor) }
}

function attributeMessage(value: OnnxAttribute): object {
  if ('int' in value) return { type: INT, i: value.int }
  if ('float' in value) return { type: FLOAT, f: value.float }
  if ('string' in value) return { type: STRING, s: new TextEncoder().encode(value.string) }
  if ('ints' in value) return { type: INTS, ints: value.ints }
  if ('floats' in value) return { type: FLOATS, floats: value.floats }
  if ('unread' in value)
    throw new OnnxError(`attribute: expected one that was read, got attribute type ${value.unread}`)
  return { type: TENSOR, t: tensorMessage(value.tensor, '') }
}

function valueMessage({ name, type, shape }: OnnxOutput): object {
  const dim = shape?.map((length) =>
    typeof length === 'number' ? { dim_value: length } : { dim_param: length }
  )
  const tensor = { elem_type: TYPE_CODES[type], ...(dim && { shape: { dim } }) }
  return { name, type: { tensor_type: tensor } }
}

function typeOf(code: number, subject: string): ElementType {
  const type = TYPES.find((name) => TYPE_CODES[name] === code)
  if (type) return type
  throw new OnnxError(
    `${subject}: expected an element type of ${TYPES.join(', ')}, got code ${code}`
  )
}

function attributeOf(message: v.InferOutput<typeof AttributeMessage>): OnnxAttribute {
  if (message.type === INT) return { int: message.i }
  if (message.type === FLOAT) return { float: message.f }
  if (message.type === STRING) return { string: new TextDecoder().decode(message.s) }
  if (message.type === INTS) return { ints: message.ints }
  if (message.type === FLOATS) return { floats: message.floats }
  if (message.type === TENSOR && message.t) return { tensor: tensorOf(message.t) }
  return { unread: message.type }
}

function tensorOf(message: TensorMessage): Tensor {
  const subject = `tensor ${message.name}`
  const type = typeOf(message.data_type, subject)
  const shape: Shape = message.dims
  if (message.data_location !== 0)
    throw new OnnxError(`${subject}: expected its data in the file, got external data`)
  if (shape.some((length) => length < 0))
    throw new OnnxError(`${subject}: expected a shape, got [${shape.join(',')}]`)
  const data = message.raw_data ?? bytesOfNumbers(type, message)
  if (data.byteLength === 0 && sizeOf(shape) > 0)
    throw new OnnxError(`${subject}: expected ${sizeOf(shape)} elements, got none`)
  try {
    return tensorOfBytes(type, shape, data)
  } catch (error) {
    throw new OnnxError(`${subject}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Small integer types share int32_data; f16 keeps its bit patterns there. */
function bytesOfNumbers(type: ElementType, message: TensorMessage): Uint8Array {
  if (type === 'f32') return viewOf(Float32Array.from(message.float_data))
  if (type === 'i64') return viewOf(BigInt64Array.from(message.int64_data))
  if (type === 'i32') return viewOf(Int32Array.from(message.int32_data))
  if (type === 'f16') return viewOf(Uint16Array.from(message.int32_data))
  return Uint8Array.from(message.int32_data)
}

function viewOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function outputOf({ name, type }: v.InferOutput<typeof ValueMessage>): OnnxOutput {
  const tensor = type.tensor_type
  if (!tensor) throw new OnnxError(`value ${name}: expected a tensor, got another kind of value`)
  const shape = tensor.shape?.dim.map(
    (dim, axis) => dim.dim_value ?? dim.dim_param ?? `${name}_${axis}`
  )
  return { name, type: typeOf(tensor.elem_type, `value ${name}`), ...(shape && { shape }) }
}

function inputOf(message: v.InferOutput<typeof ValueMessage>): OnnxValue {
  const { shape, ...value } = outputOf(message)
  if (!shape) throw new OnnxError(`input ${value.name}: expected a shape, got none`)
  return { ...value, shape }
}
