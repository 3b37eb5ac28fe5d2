// Tensors in memory: an element type, a shape and row-major data. Runs in any process.
// Holds no arithmetic: that is the graph's reference, or ONNX Runtime's.

/** Array that holds each element type. f16 is kept as bit patterns, bool as 0 or 1. */
export interface TensorArray {
  f32: Float32Array
  f16: Uint16Array
  i32: Int32Array
  i64: BigInt64Array
  u8: Uint8Array
  bool: Uint8Array
}

export type ElementType = keyof TensorArray

export type Shape = readonly number[]

interface TensorOf<T extends ElementType> {
  readonly type: T
  readonly shape: Shape
  /** Row-major, `sizeOf(shape)` elements. */
  readonly data: TensorArray[T]
}

/** A tensor of one element type, or of any: narrow on `type`. */
export type Tensor<T extends ElementType = ElementType> = { [K in T]: TensorOf<K> }[T]

/** Numbers of any element type as float64, row-major; booleans are 0 and 1. */
export interface Numbers {
  readonly shape: Shape
  readonly data: Float64Array
}

/** Bytes of one element. */
export const ELEMENT_BYTES: Record<ElementType, number> = {
  f32: 4,
  f16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  bool: 1
}

/** Number of elements of a shape; 1 for a scalar `[]`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1)
}

/**
 * A float32 tensor. Numbers are rounded to float32; a Float32Array is used as it is, not copied.
 * @throws RangeError when data has not `sizeOf(shape)` elements
 */
export function floats(shape: Shape, data: Float32Array | readonly number[]): Tensor<'f32'> {
  checkLength(shape, data.length)
  return { type: 'f32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) }
}

/** An int32 tensor, as `floats`. */
export function integers(shape: Shape, data: Int32Array | readonly number[]): Tensor<'i32'> {
  checkLength(shape, data.length)
  return { type: 'i32', shape, data: data instanceof Int32Array ? data : Int32Array.from(data) }
}

/**
 * A tensor of any element type from plain numbers, which are converted: bool to 0 or 1, integers
 * truncated, and those beyond int64 kept at its ends: files mean by these "as far as it goes". Not
 * for f16, whose bit patterns numbers cannot stand for.
 */
export function tensorFrom(
  type: Exclude<ElementType, 'f16'>,
  shape: Shape,
  data: ArrayLike<number>
): Tensor {
  checkLength(shape, data.length)
  if (type === 'f32') return { type, shape, data: Float32Array.from(data) }
  if (type === 'i32') return { type, shape, data: Int32Array.from(data) }
  if (type === 'u8') return { type, shape, data: Uint8Array.from(data) }
  if (type === 'bool') return { type, shape, data: Uint8Array.from(data, (x) => (x ? 1 : 0)) }
  return { type, shape, data: BigInt64Array.from(Array.from(data, int64)) }
}

/** The largest int64 has no float64: as a number it is 2^63, which is one more. */
function int64(x: number): bigint {
  if (x >= 2 ** 63) return 2n ** 63n - 1n
  return x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(x))
}

/** Values of a tensor as float64. @throws RangeError for f16 */
export function numbersOf(tensor: Tensor): Float64Array {
  if (tensor.type === 'f16') throw new RangeError('numbersOf: expected any type but f16, got f16')
  if (tensor.type === 'i64') return Float64Array.from(tensor.data, Number)
  return Float64Array.from(tensor.data)
}

/** The data of a tensor that must be f32. @throws RangeError naming `subject` when it is not */
export function floatsIn(tensor: Tensor | undefined, subject: string): Float32Array {
  if (tensor?.type === 'f32') return tensor.data
  throw new RangeError(`${subject}: expected f32, got ${tensor?.type ?? 'none'}`)
}

/**
 * The values of a tensor that must be i32 or i64, as float64 (exact to 2^53). @throws RangeError
 */
export function integersIn(tensor: Tensor | undefined, subject: string): Float64Array {
  if (tensor?.type === 'i64' || tensor?.type === 'i32') return numbersOf(tensor)
  throw new RangeError(`${subject}: expected i32 or i64, got ${tensor?.type ?? 'none'}`)
}

/** Whether two have one element type and shape. */
export function sameTensorType(
  a: { readonly type: ElementType; readonly shape: Shape },
  b: { readonly type: ElementType; readonly shape: Shape }
): boolean {
  return a.type === b.type && a.shape.join() === b.shape.join()
}

/** The bytes of a tensor, little-endian as every platform that is served; a view, not a copy. */
export function bytesOf(tensor: Tensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength)
}

/**
 * A tensor of the given bytes (copied, so that they may lie at any offset).
 * @throws RangeError when their number does not fit the shape
 */
export function tensorOfBytes(type: ElementType, shape: Shape, bytes: Uint8Array): Tensor {
  const expected = sizeOf(shape) * ELEMENT_BYTES[type]
  if (bytes.byteLength !== expected)
    throw new RangeError(
      `tensor ${type}[${shape.join(',')}]: expected ${expected} bytes, got ${bytes.byteLength}`
    )
  const buffer = new Uint8Array(bytes).buffer
  if (type === 'f32') return { type, shape, data: new Float32Array(buffer) }
  if (type === 'f16') return { type, shape, data: new Uint16Array(buffer) }
  if (type === 'i32') return { type, shape, data: new Int32Array(buffer) }
  if (type === 'i64') return { type, shape, data: new BigInt64Array(buffer) }
  return { type, shape, data: new Uint8Array(buffer) }
}

function checkLength(shape: Shape, length: number): void {
  if (length !== sizeOf(shape))
    throw new RangeError(
      `tensor [${shape.join(',')}]: expected ${sizeOf(shape)} elements, got ${length}`
    )
}
