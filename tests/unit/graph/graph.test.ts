// What the language refuses, what gradients are taken of, and deep graphs.
import assert from 'node:assert/strict'
import test from 'node:test'
import { normalize } from '../../../model/graph/composites.ts'
import { evaluate, constantTensor } from '../../../model/graph/evaluate-graph.ts'
import * as f from '../../../model/graph/functions.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { constant, inOrder, input, scalar } from '../../../model/graph/graph.ts'
import { GraphError } from '../../../model/graph/ops.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { simplify } from '../../../model/graph/simplify.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { floats, integers } from '../../../model/tensor/tensor.ts'
import { assertClose } from '../../golden/graph/close.ts'

const x = input('x', [2, 3])
const image = input('image', [1, 2, 5, 5])

function refusal(make: () => unknown): string {
  try {
    make()
  } catch (error) {
    assert.ok(error instanceof GraphError, String(error))
    return error.message
  }
  return assert.fail(`it was taken: ${make}`)
}

test('what does not fit is refused with the op, what it expected and what came', () => {
  const refused: [() => unknown, string][] = [
    [
      () => f.add(x, input('y', [4])),
      'add: expected one type and shapes that broadcast, got f32[2,3], f32[4]'
    ],
    [() => f.add(x, input('i', [3], 'i32')), 'add: expected one type and shapes that broadcast'],
    [() => f.exp(input('i', [3], 'i32')), 'exp: expected f32, got i32[3]'],
    [() => f.and(x, x), 'and: expected bool, bool, got f32[2,3], f32[2,3]'],
    [() => f.matmul(x, x), 'matmul: expected matrices whose inner lengths agree'],
    [() => f.conv(image, input('w', [4, 3, 3, 3])), 'conv: expected x [N,C,H,W], w [O,C/1,h,w]'],
    [() => f.conv(image, input('w', [4, 2, 7, 7])), 'conv: expected an image larger than'],
    [
      () => f.conv(image, input('w', [4, 2, 1, 1]), { strides: [0, 1] }),
      'conv: expected strides of 1 or more'
    ],
    [() => f.maxPool(image, [2, 2], { pads: [2, 0, 0, 0] }), 'maxPool: expected pads'],
    [() => f.reshape(x, [4, 2]), 'reshape: expected as many elements as [4,2], got f32[2,3]'],
    [() => f.reshape(x, [4, -1]), 'reshape: expected as many elements'],
    [() => input('n', [2, -1]), 'input n: expected whole lengths above 0, got [2,-1]'],
    [() => f.transpose(x, [0, 0]), 'transpose: expected a permutation of 2 axes, not [0,0]'],
    [() => f.slice(x, 1, 2, 4), 'slice: expected a slice inside axis 1, not 2..4 by 1'],
    [() => f.expand(x, [3, 3]), 'expand: expected what broadcasts to [3,3], got f32[2,3]'],
    [() => f.concat([x, input('y', [3, 2])], 0), 'concat: expected one type, and shapes'],
    [() => f.topKValues(x, 4), 'topK: expected k 4 to fit axis 1, got f32[2,3]'],
    [() => f.gather(x, x), 'gather: expected f32|i32|i64|u8|bool, i32|i64'],
    [() => gradients(x, [x]), 'gradients: expected a loss of one f32, got f32[2,3]'],
    [
      () => gradients(f.reduceSum(x), [input('i', [1], 'i32')]),
      'gradients: expected sources of f32, got i32[1]'
    ],
    [() => evaluate([x]), 'evaluate x: expected f32[2,3], got none'],
    [
      () => writeOnnx({ outputs: { y: f.add(x, input('x', [3])) } }),
      'input x: expected one input of that name, got two'
    ],
    [
      () => writeOnnx({ outputs: { x: f.exp(x) } }),
      'output x: expected a name that no input has, got x'
    ],
    [
      () => writeOnnx({ outputs: { y: f.exp(x) }, initializers: { x: floats([2], [1, 2]) } }),
      'initializer x: expected f32[2,3], got f32[2]'
    ]
  ]
  for (const [make, message] of refused) {
    const actual = refusal(make)
    assert.ok(actual.startsWith(message), `expected ${message}\n got ${actual}`)
  }
  assert.throws(() => f.softmax(x, 2), RangeError)
})

test('numbers take the type of the other operand', () => {
  assert.equal(f.add(input('i', [2], 'i32'), 1).type, 'i32')
  assert.equal(f.multiply(x, 2).type, 'f32')
  assert.equal(f.add(1, 2).type, 'f32')
})

test('the gradient by what the loss does not depend on is zeros of its shape', () => {
  const other = input('other', [4])
  const [gradient = other] = gradients(f.reduceSum(x), [other])
  assert.deepEqual(constantTensor(gradient), floats([4], [0, 0, 0, 0]))
})

test('a row of zeros is normalised to zeros, with a gradient that is a number', () => {
  const value = input('x', [2, 2])
  const [gradient = value] = gradients(f.reduceSum(normalize(value)), [value])
  const x = { shape: [2, 2], data: Float64Array.of(0, 0, 3, 4) }
  const [rows, slopes] = evaluate([normalize(value), gradient], { x })
  assertClose(rows?.data ?? [], [0, 0, 0.6, 0.8], 1e-12, 'rows')
  const [first, second, ...others] = slopes?.data ?? []
  assert.ok(Number.isFinite(first) && Number.isFinite(second), `${first}, ${second}`)
  // d sum / dx = (1 - u sum(u)) / |x|
  assertClose(others, [(1 - 0.6 * 1.4) / 5, (1 - 0.8 * 1.4) / 5], 1e-12, 'slopes')
})

test('the gradient by the loss itself is one, by an intermediate value what flows there', () => {
  const y = f.multiply(x, 3)
  const loss = f.reduceSum(f.multiply(y, y))
  const [one = x, atY = x] = gradients(loss, [loss, y])
  assert.deepEqual(constantTensor(one), floats([], [1]))
  const [result] = evaluate([atY], {
    x: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) }
  })
  assert.deepEqual([...(result?.data ?? [])], [6, 12, 18, 24, 30, 36])
})

test('a value that is used many times gets the sum of what flows back', () => {
  const a = input('a', [])
  const y = f.multiply(a, f.multiply(a, a))
  const [slope = a] = gradients(y, [a])
  const [curve = a] = gradients(slope, [a])
  const values = evaluate([slope, curve], { a: { shape: [], data: Float64Array.of(2) } })
  assert.deepEqual(
    values.map(({ data }) => data[0]),
    [12, 12]
  ) // 3 a^2 and 6 a
})

test('constants of any element type keep their numbers', () => {
  const sum = f.add(constant(integers([2], [2 ** 30, -1])), scalar(5, 'i32'))
  assert.deepEqual(constantTensor(sum), integers([2], [2 ** 30 + 5, 4]))
})

test('graphs a hundred thousand deep are walked', () => {
  let y: Value = x
  for (let depth = 0; depth < 100_000; depth++) y = f.negate(y)
  assert.equal(inOrder([y]).length, 100_001)
  assert.equal(simplify([y]).length, 1)
})
