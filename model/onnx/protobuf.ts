// The messages of an ONNX file, as protobuf has them, and the bytes they are kept in. The only file
// that knows protobuf; any process. Knows the format, not what it means.
import protobuf from 'protobufjs'
import * as v from 'valibot'
import { OnnxError } from './model.ts'
import { ONNX_SCHEMA } from './schema.ts'

const ModelProto = protobuf
  .parse(ONNX_SCHEMA, { keepCase: true })
  .root.lookupType('onnx.ModelProto')

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
export type TensorMessage = v.InferOutput<typeof TensorMessage>
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
export type AttributeMessage = v.InferOutput<typeof AttributeMessage>
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
export type ValueMessage = v.InferOutput<typeof ValueMessage>
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
export type ModelMessage = v.InferOutput<typeof ModelMessage>

/** The bytes of a message whose fields are named as in the schema. */
export function writeMessage(message: object): Uint8Array {
  return ModelProto.encode(message).finish()
}

/**
 * The message that bytes hold.
 * @throws OnnxError when they are no ONNX model
 */
export function readMessage(bytes: Uint8Array): ModelMessage {
  try {
    const object = ModelProto.toObject(ModelProto.decode(bytes), { longs: BigInt })
    const read = v.safeParse(ModelMessage, object)
    if (read.success) return read.output
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OnnxError(
      `ONNX model: expected the bytes of a model, got what cannot be read: ${reason}`
    )
  }
  throw new OnnxError('ONNX model: expected a model with operators and a graph, got other bytes')
}
