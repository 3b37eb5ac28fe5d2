// The few ONNX models that the runtime itself needs, a node or two each. Pure; any process.
import { encodeModel } from '../onnx/codec.ts'
import { OPSET } from '../onnx/model.ts'
import type { OnnxNode, OnnxValue } from '../onnx/model.ts'
import type { ElementType, Shape, Tensor } from '../tensor/tensor.ts'

/** y = x: what shows that a provider runs. */
export function identityModel(type: ElementType, shape: Shape): Uint8Array {
  return copyModel([{ name: 'x', type, shape }], () => 'y')
}

/** Each value under another name: what brings tensors out of a device's memory. */
export function copyModel(
  values: readonly OnnxValue[],
  nameOf: (name: string) => string
): Uint8Array {
  return encodeModel({
    name: 'copy',
    opset: OPSET,
    nodes: values.map(({ name }) => node('Identity', [name], [nameOf(name)])),
    initializers: new Map(),
    inputs: values,
    outputs: values.map((value) => ({ ...value, name: nameOf(value.name) }))
  })
}

/** y [n, m] = a [n, k] times b [k, m]; either may be given transposed. Every length is open. */
export function productModel(transposeA: boolean, transposeB: boolean): Uint8Array {
  return encodeModel({
    name: 'product',
    opset: OPSET,
    nodes: [gemm('y', transposeA, transposeB)],
    initializers: new Map(),
    inputs: [
      transposeA ? matrix('a', 'k', 'n') : matrix('a', 'n', 'k'),
      transposeB ? matrix('b', 'm', 'k') : matrix('b', 'k', 'm')
    ],
    outputs: [matrix('y', 'n', 'm')]
  })
}

/** The `top` largest of each row of a [n, k] times the transpose of b [m, k], best first. */
export function nearestModel(k: number, top: number): Uint8Array {
  const count: Tensor = { type: 'i64', shape: [1], data: BigInt64Array.of(BigInt(top)) }
  return encodeModel({
    name: 'nearest',
    opset: OPSET,
    nodes: [
      gemm('products', false, true),
      node('TopK', ['products', 'count'], ['similarities', 'indices'])
    ],
    initializers: new Map([['count', count]]),
    inputs: [matrix('a', 'n', k), matrix('b', 'm', k)],
    outputs: [matrix('similarities', 'n', top), { name: 'indices', type: 'i64', shape: ['n', top] }]
  })
}

function matrix(name: string, rows: number | string, columns: number | string): OnnxValue {
  return { name, type: 'f32', shape: [rows, columns] }
}

function gemm(output: string, transposeA: boolean, transposeB: boolean): OnnxNode {
  const attributes = { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } }
  return { ...node('Gemm', ['a', 'b'], [output]), attributes }
}

function node(operator: string, inputs: string[], outputs: string[]): OnnxNode {
  return { operator, name: outputs.join(), domain: '', inputs, outputs, attributes: {} }
}
