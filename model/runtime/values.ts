// Tensors on their way into ONNX Runtime and out of it: types, shapes and checks. Pure.
import { sizeOf, tensorOfBytes } from '../tensor/tensor.ts'
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'
import type { Runtime, RuntimeMetadata, RuntimeTensor } from './onnxruntime.ts'

export interface SessionValue {
  readonly name: string
  readonly type: ElementType
  /** A text is a length left open. */
  readonly shape: readonly (number | string)[]
}

type RuntimeType = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool'
/**
 * No f16: where Float16Array exists (Node 24) onnxruntime-node 1.30 makes one of the bit patterns
 * that it is given, and then refuses it. Models may use f16 inside.
 */
type FedType = Exclude<ElementType, 'f16'>

const RUNTIME_TYPES: Record<FedType, RuntimeType> = {
  f32: 'float32',
  i32: 'int32',
  i64: 'int64',
  u8: 'uint8',
  bool: 'bool'
}
const FED_TYPES: readonly FedType[] = ['f32', 'i32', 'i64', 'u8', 'bool']

/**
 * The feed of a value, when it fits.
 * @throws RangeError when there is none, or it has another type or shape
 */
export function checked(value: SessionValue, feed: Tensor | undefined): Tensor {
  const fits =
    feed?.type === value.type &&
    feed.shape.length === value.shape.length &&
    value.shape.every(
      (length, axis) => typeof length === 'string' || length === feed.shape[axis]
    ) &&
    feed.data.length === sizeOf(feed.shape)
  if (fits) return feed
  const received = feed ? `${described(feed)} of ${feed.data.length} elements` : 'none'
  throw new RangeError(`feed ${value.name}: expected ${described(value)}, got ${received}`)
}

/** A type and a shape as text. */
export function described(value: { type: string; shape: readonly (number | string)[] }): string {
  return `${value.type}[${value.shape.join(',')}]`
}

function fedType(value: string, name: string): FedType {
  const type = FED_TYPES.find((candidate) => RUNTIME_TYPES[candidate] === name)
  if (type) return type
  throw new RangeError(`value ${value}: expected one of ${FED_TYPES.join(', ')}, got ${name}`)
}

/** An input or output of a model, by its metadata. */
export function sessionValue(metadata: RuntimeMetadata): SessionValue {
  if (!metadata.isTensor)
    throw new RangeError(`value ${metadata.name}: expected a tensor, got another kind of value`)
  return { name: metadata.name, type: fedType(metadata.name, metadata.type), shape: metadata.shape }
}

/** A result as a tensor, over the same memory. */
export function tensorOf({ type, dims, data }: RuntimeTensor): Tensor {
  const shape: Shape = dims
  if (type === 'float32' && data instanceof Float32Array) return { type: 'f32', shape, data }
  if (type === 'int32' && data instanceof Int32Array) return { type: 'i32', shape, data }
  if (type === 'int64' && data instanceof BigInt64Array) return { type: 'i64', shape, data }
  if (type === 'uint8' && data instanceof Uint8Array) return { type: 'u8', shape, data }
  if (type === 'bool' && data instanceof Uint8Array) return { type: 'bool', shape, data }
  throw new RangeError(`output: expected one of ${FED_TYPES.join(', ')}, got ${type}`)
}

/** A tensor with memory of its own. */
export function copyOf(tensor: Tensor): Tensor {
  const { buffer, byteOffset, byteLength } = tensor.data
  return tensorOfBytes(tensor.type, tensor.shape, new Uint8Array(buffer, byteOffset, byteLength))
}

/** A tensor as the library takes it, over the same memory. */
export function runtimeTensor(runtime: Runtime, { type, data, shape }: Tensor): RuntimeTensor {
  if (type === 'f16') throw new RangeError('a feed: expected any type but f16, got f16')
  return new runtime.Tensor(RUNTIME_TYPES[type], data, shape)
}
