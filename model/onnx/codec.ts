// ONNX models as plain objects to the bytes of a file, and back. Any process.
// Knows the format, not the operators: what a node means is for operators.ts.
import { bytesOf, sizeOf, tensorOfBytes } from '../tensor/tensor.ts'
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'
import { readMessage, writeMessage } from './protobuf.ts'
import type { AttributeMessage, TensorMessage, ValueMessage } from './protobuf.ts'
import { OnnxError } from './model.ts'
import type { OnnxAttribute, OnnxModel, OnnxOutput, OnnxValue } from './model.ts'

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
// The intermediate-representation version of OPSET (ONNX 1.12); every later runtime reads it.
const IR_VERSION = 8

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
  return writeMessage(message)
}

/**
 * Reads the bytes of a model.
 * @throws OnnxError when they are no ONNX model, or hold an element type or a kind of value that
 *   Kindred does not know
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const { opset_import: opsets, graph } = readMessage(bytes)
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

function attributeOf(message: AttributeMessage): OnnxAttribute {
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
  if (type === 'f32') return bytesIn(Float32Array.from(message.float_data))
  if (type === 'i64') return bytesIn(BigInt64Array.from(message.int64_data))
  if (type === 'i32') return bytesIn(Int32Array.from(message.int32_data))
  if (type === 'f16') return bytesIn(Uint16Array.from(message.int32_data))
  return Uint8Array.from(message.int32_data)
}

function bytesIn(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function outputOf({ name, type }: ValueMessage): OnnxOutput {
  const tensor = type.tensor_type
  if (!tensor) throw new OnnxError(`value ${name}: expected a tensor, got another kind of value`)
  const shape = tensor.shape?.dim.map(
    (dim, axis) => dim.dim_value ?? dim.dim_param ?? `${name}_${axis}`
  )
  return { name, type: typeOf(tensor.elem_type, `value ${name}`), ...(shape && { shape }) }
}

function inputOf(message: ValueMessage): OnnxValue {
  const { shape, ...value } = outputOf(message)
  if (!shape) throw new OnnxError(`input ${value.name}: expected a shape, got none`)
  return { ...value, shape }
}
