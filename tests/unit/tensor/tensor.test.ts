// Tensors of every element type, their bytes, and arithmetic on shapes.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as shape from '../../../model/tensor/shape.ts'
import * as tensor from '../../../model/tensor/tensor.ts'

test('numbers become each element type and come back', () => {
  const given = [0, 1, 2.75, -3]
  const expected: [Exclude<tensor.ElementType, 'f16'>, number[]][] = [
    ['f32', [0, 1, 2.75, -3]],
    ['i32', [0, 1, 2, -3]],
    ['i64', [0, 1, 2, -3]],
    ['u8', [0, 1, 2, 253]],
    ['bool', [0, 1, 1, 1]]
  ]
  for (const [type, numbers] of expected) {
    const made = tensor.tensorFrom(type, [2, 2], given)
    assert.equal(made.type, type)
    assert.deepEqual([...tensor.numbersOf(made)], numbers)
    const { data } = made
    assert.equal(tensor.ELEMENT_BYTES[type] * data.length, data.byteLength)
    assert.deepEqual(tensor.tensorOfBytes(type, [2, 2], tensor.bytesOf(made)), made)
  }
})

test('the ends of int64 come back from float64 as they were', () => {
  const ends = [-(2n ** 63n), 2n ** 63n - 1n]
  const made = tensor.tensorFrom('i64', [2], ends.map(Number))
  assert.deepEqual(made.data, BigInt64Array.from(ends))
  const beyond = tensor.tensorFrom('i64', [2], [-Infinity, 1e300])
  assert.deepEqual(beyond.data, BigInt64Array.from(ends))
})

test('f16 is kept as bits and stands for no numbers here', () => {
  const half = tensor.tensorOfBytes('f16', [1], Uint8Array.of(0x00, 0x3c))
  assert.deepEqual(half.data, Uint16Array.of(0x3c00))
  assert.throws(() => tensor.numbersOf(half), /any type but f16/)
})

test('bytes may lie at any offset, and their number must fit', () => {
  const bytes = Uint8Array.of(9, 0, 0, 128, 63) // 1 as float32, from the second byte on
  assert.deepEqual(tensor.tensorOfBytes('f32', [], bytes.subarray(1)), tensor.floats([], [1]))
  assert.throws(() => tensor.tensorOfBytes('f32', [2], bytes), /f32\[2\]: expected 8 bytes, got 5/)
  assert.throws(() => tensor.floats([2], [1]), /\[2\]: expected 2 elements, got 1/)
  assert.throws(() => tensor.integers([], []), /\[\]: expected 1 elements, got 0/)
})

test('data of a type that must be', () => {
  assert.deepEqual(tensor.floatsIn(tensor.floats([1], [2]), 'y'), Float32Array.of(2))
  assert.throws(() => tensor.floatsIn(tensor.integers([1], [2]), 'y'), /y: expected f32, got i32/)
  assert.throws(() => tensor.floatsIn(undefined, 'y'), /y: expected f32, got none/)
  assert.deepEqual(tensor.integersIn(tensor.integers([1], [2]), 'y'), Float64Array.of(2))
  assert.throws(() => tensor.integersIn(tensor.floats([1], [2]), 'y'), /expected i32 or i64/)
})

test('broadcasting by the rules of ONNX', () => {
  assert.deepEqual(shape.broadcastShape([2, 1, 4], [3, 1]), [2, 3, 4])
  assert.deepEqual(shape.broadcastShape([], [2]), [2])
  assert.deepEqual(shape.broadcastShape([1], [5], [1, 1]), [1, 5])
  assert.equal(shape.broadcastShape([2], [3]), undefined)
  assert.deepEqual(shape.stridesOf([2, 3, 4]), [12, 4, 1])
  assert.deepEqual(shape.broadcastStrides([3, 1], [2, 3, 4]), [0, 1, 0])
})

test('walking by strides visits every place once, scalars too', () => {
  const seen: number[][] = []
  shape.walk([2, 3], [1, 2], (offset, place) => seen.push([place, offset]), 10)
  assert.deepEqual(seen, [
    [0, 10],
    [1, 12],
    [2, 14],
    [3, 11],
    [4, 13],
    [5, 15]
  ])
  let visits = 0
  shape.walk([], [], () => visits++)
  assert.equal(visits, 1)
})

test('axes count from either end, windows as often as they fit', () => {
  assert.equal(shape.axisOf(-1, 3), 2)
  assert.throws(() => shape.axisOf(3, 3), /one of 3 axes, got 3/)
  assert.equal(shape.windowCount(5, 3, 2, 2), 3)
  assert.equal(shape.windowCount(5, 3, 1, 0, 2), 1)
  assert.equal(shape.windowCount(2, 3, 1, 0), 0)
})
