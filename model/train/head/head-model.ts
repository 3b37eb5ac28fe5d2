// A quantizer without its codebooks as one ONNX model, for programs that are not Kindred: the
// features of a backbone to what Kindred compares. `encode.ts` in standard operators, but in f32
// throughout, where the catalogue keeps halves between its steps. Pure.
import { encodeModel } from '../../onnx/codec.ts'
import { OPSET } from '../../onnx/model.ts'
import type { OnnxAttribute, OnnxNode, OnnxValue } from '../../onnx/model.ts'
import { PROJECTED } from '../../quant/projection.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { STRICTNESS } from '../../search/kin.ts'
import { floats } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** Lengths are never divided by less. */
const LEAST = 1e-12

/**
 * The model: input `feature` [n, D]; outputs `projected` [n, 256], `descriptor` [n, M*L] of length
 * sqrt(M), and `kinship` [n, M*L + 256] of length 1, whose products are the scores of the exact
 * order. The number of rows is open.
 */
export function headModel({ projection, head, codebooks }: Quantizer): Uint8Array {
  const D = projection.mean.length
  const { M, L } = codebooks
  const size = M * L
  const initializers = new Map<string, Tensor>([
    ['least', floats([], [LEAST])],
    ['mean', floats([D], projection.mean)],
    ['projection', floats([D, PROJECTED], projection.matrix)],
    ['weight', floats([PROJECTED, size], head.weight)],
    ['bias', floats([size], head.bias)],
    ['descriptorLength', floats([], [Math.sqrt(M)])],
    ['descriptorShare', floats([], [Math.sqrt(1 / (1 + STRICTNESS))])],
    ['projectedShare', floats([], [Math.sqrt(STRICTNESS / (1 + STRICTNESS))])]
  ])
  const nodes = [
    ...unit('feature', 'unitFeature'),
    node('Sub', ['unitFeature', 'mean'], 'centred'),
    node('MatMul', ['centred', 'projection'], 'projected'),
    node('Gemm', ['projected', 'weight', 'bias'], 'linear')
  ]
  let described = 'linear'
  if (head.kind === 'residual') {
    const H = head.hiddenBias.length
    initializers.set('hiddenWeight', floats([PROJECTED, H], head.hiddenWeight))
    initializers.set('hiddenBias', floats([H], head.hiddenBias))
    initializers.set('outputWeight', floats([H, size], head.outputWeight))
    nodes.push(
      node('Gemm', ['projected', 'hiddenWeight', 'hiddenBias'], 'hidden'),
      node('Relu', ['hidden'], 'positive'),
      node('MatMul', ['positive', 'outputWeight'], 'residual'),
      node('Add', ['linear', 'residual'], 'described')
    )
    described = 'described'
  }
  nodes.push(
    ...unit(described, 'unitDescriptor'),
    node('Mul', ['unitDescriptor', 'descriptorLength'], 'descriptor'),
    ...unit('projected', 'unitProjected'),
    node('Mul', ['unitDescriptor', 'descriptorShare'], 'descriptorPart'),
    node('Mul', ['unitProjected', 'projectedShare'], 'projectedPart'),
    node('Concat', ['descriptorPart', 'projectedPart'], 'kinship', { axis: { int: 1 } })
  )
  return encodeModel({
    name: 'kindred head',
    opset: OPSET,
    nodes,
    initializers,
    inputs: [rows('feature', D)],
    outputs: [
      rows('projected', PROJECTED),
      rows('descriptor', size),
      rows('kinship', size + PROJECTED)
    ]
  })
}

/** Each row divided by its length. */
function unit(input: string, output: string): OnnxNode[] {
  const overColumns = { axes: { ints: [1] }, keepdims: { int: 1 } }
  return [
    node('ReduceL2', [input], `${output}.length`, overColumns),
    node('Max', [`${output}.length`, 'least'], `${output}.divisor`),
    node('Div', [input, `${output}.divisor`], output)
  ]
}

function rows(name: string, columns: number): OnnxValue {
  return { name, type: 'f32', shape: ['n', columns] }
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, OnnxAttribute>> = {}
): OnnxNode {
  return { operator, name: output, domain: '', inputs, outputs: [output], attributes }
}
