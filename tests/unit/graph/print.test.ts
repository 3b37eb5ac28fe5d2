// The printed form, pinned: of a graph as written, of its gradients, and of what simplify leaves.
import assert from 'node:assert/strict'
import test from 'node:test'
import { batchNorm, logSumExp } from '../../../model/graph/composites.ts'
import {
  add,
  conv,
  matmul,
  multiply,
  reduceSum,
  relu,
  reshape,
  transpose
} from '../../../model/graph/functions.ts'
import { constant, input } from '../../../model/graph/graph.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { simplify } from '../../../model/graph/simplify.ts'
import { floats } from '../../../model/tensor/tensor.ts'
import { printGraph } from '../../support/print-graph.ts'

/** The printed form after simplify. */
function simplified(outputs: Record<string, Value>): string {
  const values = simplify(Object.values(outputs))
  const named = Object.keys(outputs).map((name, at) => [name, values[at]] as const)
  return printGraph(Object.fromEntries(named.flatMap(([name, v]) => (v ? [[name, v]] : []))))
}

function assertLines(actual: string, expected: string): void {
  assert.deepEqual(
    actual.split('\n'),
    expected
      .trim()
      .split('\n')
      .map((line) => line.trim())
  )
}

test('a layer and its gradients', () => {
  const x = input('x', [8, 3])
  const w = input('w', [4, 3])
  const b = input('b', [4])
  const y = relu(add(matmul(x, w, { transposeB: true }), b))
  const loss = reduceSum(multiply(y, y))
  const [dw = x, db = x] = gradients(loss, [w, b])
  assertLines(
    simplified({ loss, dw, db }),
    `
    input x f32[8,3]
    input w f32[4,3]
    input b f32[4]
    %3 f32[8,4] = matmul(x, w) transposeB=true
    %4 f32[8,4] = add(%3, b)
    %5 f32[8,4] = relu(%4)
    %6 f32[] = reduceSumSquare(%5) axes=[0,1]
    %7 f32[8,4] = add(%5, %5)
    %8 f32[] = constant 0
    %9 bool[8,4] = greater(%5, %8)
    %10 f32[8,4] = cast(%9) to=f32
    %11 f32[8,4] = multiply(%7, %10)
    %12 f32[4,3] = matmul(%11, x) transposeA=true
    %13 f32[1,4] = reduceSum(%11) axes=[0] keep=true
    %14 f32[4] = reshape(%13) shape=[4]
    output loss = %6
    output dw = %12
    output db = %14
    `
  )
})

test('a graph as it is written, before simplify', () => {
  const x = input('x', [2, 3])
  const one = constant(floats([1], [1]))
  assertLines(
    printGraph({ y: multiply(transpose(reshape(x, [3, 2])), one), n: logSumExp(x) }),
    `
    input x f32[2,3]
    %1 f32[3,2] = reshape(x) shape=[3,2]
    %2 f32[2,3] = transpose(%1) permutation=[1,0]
    %3 f32[1] = constant 1
    %4 f32[2,3] = multiply(%2, %3)
    %5 f32[2,1] = reduceMax(x) axes=[1] keep=true
    %6 f32[2,1] = stopGradient(%5)
    %7 f32[2,3] = subtract(x, %6)
    %8 f32[2,3] = exp(%7)
    %9 f32[2] = reduceSum(%8) axes=[1]
    %10 f32[2] = log(%9)
    %11 f32[2] = reshape(%6) shape=[2]
    %12 f32[2] = add(%10, %11)
    output y = %4
    output n = %12
    `
  )
})

test('the gradient of batch normalisation makes six pictures', () => {
  const x = input('x', [2, 3, 4, 4])
  const [scale, shift] = [input('scale', [3]), input('shift', [3])]
  const { y } = batchNorm(x, scale, shift)
  const [dx = x] = gradients(reduceSum(multiply(y, input('r', y.shape))), [x])
  const large = simplified({ dx })
    .split('\n')
    .filter((line) => line.includes('f32[2,3,4,4] = '))
    .map((line) => line.replace(/^\S+ \S+ = (\w+).*/, '$1'))
  assert.deepEqual(large.sort(), ['add', 'add', 'multiply', 'multiply', 'multiply', 'subtract'])
})

test('a convolution prints its geometry', () => {
  const y = conv(input('x', [1, 2, 5, 5]), input('w', [4, 2, 3, 3]), { pads: [1, 1, 1, 1] })
  assert.match(
    printGraph({ y }),
    /conv\(x, w\) strides=\[1,1\] pads=\[1,1,1,1\] dilations=\[1,1\] groups=1/
  )
})
