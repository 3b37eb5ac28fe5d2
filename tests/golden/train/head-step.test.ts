// One whole training step as it is written, pinned: the head's by SPQ, with its gradients and
// AdamW. A change that is meant to change nothing leaves every byte; one that is meant to shows
// here, first in the operators, and both pins are renewed with it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { decodeModel } from '../../../model/onnx/codec.ts'
import { headStep } from '../../../model/train/head/head-graph.ts'
import { viewsSetting } from '../../support/head-setting.ts'

const setting = viewsSetting(10)

/** For 2 pairs and 2 books of codewords of 4 numbers: the graph is that of any size. */
function written(): Uint8Array {
  return headStep(setting, 2, 2, 4).model
}

/** Its operators in order: forward to the loss, back to the gradients, and AdamW by parameter. */
const OPERATORS = `
  MatMul Add MatMul Add Relu MatMul Add ReduceSumSquare Max Sqrt Div Mul Slice Reshape Transpose
  Transpose MatMul Mul ReduceSumSquare Reshape Sub Mul Softmax MatMul Transpose Reshape Slice
  Concat ReduceSumSquare Max Sqrt Div Mul Gemm Add Exp ReduceSum Max Log Slice Slice Concat Mul
  ReduceSum Sub Sub ReduceMean ReduceMean Div Reshape Add Mul MatMul Mul Sub Mul Mul ReduceSum
  ReduceSum Sub Add Slice Slice Concat ReduceSumSquare Max Sqrt Div Mul Gemm Add Exp ReduceSum
  Max Log Slice Slice Concat Mul ReduceSum Sub Sub ReduceMean ReduceMean Div Reshape Add Mul
  MatMul Mul Sub Mul Mul ReduceSum ReduceSum Sub Add Add Mul Sub Mul Mul Div Greater Mul Div
  ReduceSum Neg Mul Div Where Mul Mul Add Slice Pad Slice Pad Div Greater Mul Div ReduceSum Neg
  Mul Div Where Mul Mul Add Slice Pad Add Reshape Transpose MatMul Mul ReduceSum Mul Sub Mul Mul
  MatMul Transpose Reshape Add Slice Pad Add Mul Div Greater Mul Div ReduceSum Neg Mul Div Where
  Mul Mul Add Gemm Mul Add Mul Mul Mul Add Mul Sqrt Add Div Mul Mul Sub Mul Mul ReduceSum
  Reshape Mul Add Mul Mul Mul Add Mul Sqrt Add Div Mul Sub Mul Mul Gemm Greater Cast Mul Gemm
  Mul Add Mul Mul Mul Add Mul Sqrt Add Div Mul Sub Mul Mul ReduceSum Reshape Mul Add Mul Mul Mul
  Add Mul Sqrt Add Div Mul Sub Mul Mul Gemm Mul Add Mul Mul Mul Add Mul Sqrt Add Div Mul Sub Mul
  Mul Transpose MatMul ReduceSum Neg Reshape Mul Reshape Mul Add Transpose MatMul Add Mul Add
  Mul Mul Mul Add Mul Sqrt Add Div Mul Sub
`
const SHA256 = '8be93cd13618eb4b76df61f25383c00e31dc2182849c2e07d51a7ec5cba7068b'

test('the head step is made of the operators that it was', () => {
  const actual = decodeModel(written()).nodes.map(({ operator }) => operator)
  assert.deepEqual(actual, OPERATORS.trim().split(/\s+/))
})

test('the head step is written byte by byte as it was, each time', () => {
  assert.deepEqual(written(), written())
  assert.equal(createHash('sha256').update(written()).digest('hex'), SHA256)
})
