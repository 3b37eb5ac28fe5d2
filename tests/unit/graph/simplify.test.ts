// What simplify does, one rewrite a test, and that it never changes a result.
import assert from 'node:assert/strict'
import test from 'node:test'
import { filled } from '../../../model/graph/composites.ts'
import * as f from '../../../model/graph/functions.ts'
import { constant, inOrder, input, scalar } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { simplify } from '../../../model/graph/simplify.ts'
import { floats } from '../../../model/tensor/tensor.ts'

const x = input('x', [2, 3])
const [a, b, c] = [input('a', [4, 5]), input('b', [5, 4]), input('c', [3])]

function simple(value: Value): Value {
  return simplify([value])[0] ?? assert.fail()
}

/** The ops that are left, inputs first. */
function ops(...values: Value[]): string[] {
  return inOrder(simplify(values)).flatMap((value) => (value.kind === 'apply' ? [value.op] : []))
}

test('what does nothing is left out', () => {
  const nothing: Value[] = [
    f.reshape(x, [2, 3]),
    f.transpose(x, [0, 1]),
    f.transpose(f.transpose(x)),
    f.expand(x, [2, 3]),
    f.cast(x, 'f32'),
    f.slice(x, 0, 0, 2),
    f.pad(x, [0, 0], [0, 0]),
    f.concat([x], 0),
    f.stopGradient(x),
    f.reverse(x, []),
    f.add(x, 0),
    f.add(0, x),
    f.subtract(x, 0),
    f.multiply(x, 1),
    f.multiply(filled([2, 3], 1), x),
    f.divide(x, 1),
    f.reshape(f.reshape(x, [6]), [2, 3])
  ]
  for (const value of nothing) assert.equal(simple(value), x)
})

test('what would change shape or type is kept', () => {
  assert.deepEqual(ops(f.add(c, filled([2, 3], 0))), ['add'])
  assert.deepEqual(ops(f.cast(f.cast(x, 'i32'), 'f32')), ['cast', 'cast'])
  assert.deepEqual(ops(f.reverse(x, [1])), ['reverse'])
})

test('constants are folded, unless that would make the graph larger', () => {
  const folded = simple(f.multiply(f.add(scalar(2), 3), constant(floats([2], [1, -1]))))
  assert.ok(folded.kind === 'constant')
  assert.deepEqual(folded.tensor, floats([2], [5, -5]))
  assert.deepEqual(ops(f.expand(scalar(1), [100, 100])), ['expand'])
})

test('equal values become one', () => {
  const twice = f.add(f.exp(x), f.exp(x))
  assert.deepEqual(ops(twice), ['exp', 'add'])
  assert.deepEqual(ops(f.multiply(f.add(x, 0.5), f.add(x, 0.5))), ['add', 'multiply'])
  assert.deepEqual(ops(f.multiply(f.add(x, 0.5), f.add(x, 0.25))), ['add', 'add', 'multiply'])
  assert.deepEqual(ops(f.add(f.reduceSum(x, [0]), f.reduceSum(x, [0], true))).length, 3)
})

test('paddings that differ only in being infinite are not equal', () => {
  const pads = [-Infinity, Infinity].map((value) => f.pad(x, [1, 0], [0, 0], value))
  assert.deepEqual(ops(...pads), ['pad', 'pad'])
})

test('transposes go into the flags of matmul, those of length-1 axes become reshapes', () => {
  const product = simple(f.matmul(f.transpose(a), f.transpose(b)))
  assert.ok(product.kind === 'apply' && product.op === 'matmul')
  assert.deepEqual(product.params, { transposeA: true, transposeB: true })
  assert.deepEqual(product.inputs, [a, b])
  const back = f.matmul(f.transpose(a), b, { transposeA: true })
  assert.deepEqual(ops(back), ['matmul'])
  assert.deepEqual(ops(f.transpose(f.reshape(x, [2, 1, 3]), [1, 0, 2])), ['reshape'])
})

test('broadcasting replaces expand', () => {
  const row = f.expand(f.reshape(c, [1, 3]), [2, 3])
  assert.deepEqual(ops(f.multiply(x, row)), ['reshape', 'multiply'])
  const small = simple(f.multiply(row, row))
  assert.ok(small.kind === 'apply' && small.op === 'expand')
})

test('sums over axes of length 1 are reshapes, sums of squares one op', () => {
  assert.deepEqual(ops(f.reduceSum(f.reshape(c, [1, 3]), [0])), [])
  assert.deepEqual(ops(f.reduceSumSquare(f.reshape(c, [1, 3]), [0])), [
    'reshape',
    'multiply',
    'reshape'
  ])
  assert.deepEqual(ops(f.reduceSum(f.multiply(x, x), [1])), ['reduceSumSquare'])
})

test('a sign or a factor that a sum does not run over comes out', () => {
  const picture = input('p', [2, 3, 4, 4])
  const factor = input('s', [1, 3, 1, 1])
  const sum = f.reduceSum(f.multiply(f.negate(picture), factor), [0, 2, 3], true)
  assert.deepEqual(ops(sum), ['reduceSum', 'negate', 'multiply'])
  assert.deepEqual(ops(f.reduceSum(f.negate(picture), [0])), ['reduceSum', 'negate'])
  assert.deepEqual(ops(f.reduceSum(f.multiply(picture, factor), [1], true)), [
    'multiply',
    'reduceSum'
  ])
})

test('what no output needs is gone', () => {
  assert.deepEqual(inOrder(simplify([f.exp(x)])).length, 2)
})
