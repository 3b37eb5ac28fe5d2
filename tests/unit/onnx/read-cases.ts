// Nodes of ONNX files, one list entry a use of an operator, with the opset it is written in.
// Numbers are what ONNX Runtime makes of the same file, so none are written here.
import { floats, tensorFrom } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import type { OnnxAttribute } from '../../../model/onnx/model.ts'

export interface NodeCase {
  operator: string
  opset: number
  /** Shapes of the inputs that are fed with float32 noise, or flags; tensors are constants. */
  inputs: readonly (readonly number[] | { flags: readonly number[] } | Tensor | undefined)[]
  attributes?: Readonly<Record<string, OnnxAttribute>>
  outputs?: number
  /** Makes the noise positive, for logarithms and powers. */
  positive?: boolean
}

const long = (...values: number[]): Tensor => tensorFrom('i64', [values.length], values)
const number = (value: number): Tensor => floats([], [value])
const ints = (...values: number[]): OnnxAttribute => ({ ints: values })
const int = (value: number): OnnxAttribute => ({ int: value })
const float = (value: number): OnnxAttribute => ({ float: value })
const text = (value: string): OnnxAttribute => ({ string: value })

function each(operators: string, inputs: NodeCase['inputs'], positive = false): NodeCase[] {
  return operators.split(' ').map((operator) => ({ operator, opset: 14, inputs, positive }))
}

const image = [1, 2, 5, 6]

export const nodeCases: readonly NodeCase[] = [
  ...each('Abs Neg Sign Floor Exp Erf Sin Cos Tanh Sigmoid Relu HardSigmoid HardSwish Identity', [
    [2, 3]
  ]),
  ...each('Softplus', [[2, 3]]),
  ...each('Log Sqrt Reciprocal', [[2, 3]], true),
  { operator: 'LeakyRelu', opset: 13, inputs: [[2, 3]], attributes: { alpha: float(0.3) } },
  {
    operator: 'HardSigmoid',
    opset: 11,
    inputs: [[2, 3]],
    attributes: { alpha: float(0.4), beta: float(0.1) }
  },
  { operator: 'Gelu', opset: 20, inputs: [[2, 3]] },
  { operator: 'Mish', opset: 18, inputs: [[2, 3]] },
  { operator: 'Gelu', opset: 20, inputs: [[2, 3]], attributes: { approximate: text('tanh') } },
  { operator: 'Clip', opset: 11, inputs: [[2, 3], number(-0.25), number(0.5)] },
  { operator: 'Clip', opset: 13, inputs: [[2, 3], undefined, number(0.5)] },
  ...each('Add Sub Mul Div Min Max', [[2, 3], [3]]),
  ...each('Min Max Sum', [
    [2, 3],
    [2, 3],
    [2, 3]
  ]),
  { operator: 'Pow', opset: 13, inputs: [[2, 3], long(2)], positive: true },
  ...each('Div', [long(7, -7, 9), long(2)]),
  ...each('Less Greater Equal', [[2, 3], [3]]),
  {
    operator: 'LessOrEqual',
    opset: 12,
    inputs: [
      [2, 3],
      [2, 3]
    ]
  },
  {
    operator: 'GreaterOrEqual',
    opset: 16,
    inputs: [
      [2, 3],
      [2, 3]
    ]
  },
  ...each('And Or', [{ flags: [2, 3] }, { flags: [3] }]),
  ...each('Not', [{ flags: [2, 3] }]),
  { operator: 'Where', opset: 11, inputs: [{ flags: [2, 3] }, [2, 3], [1]] },

  { operator: 'ReduceSum', opset: 11, inputs: [[2, 3, 4]], attributes: { axes: ints(0, -1) } },
  {
    operator: 'ReduceSum',
    opset: 13,
    inputs: [[2, 3, 4], long(1)],
    attributes: { keepdims: int(0) }
  },
  {
    operator: 'ReduceSum',
    opset: 13,
    inputs: [[2, 3]],
    attributes: { noop_with_empty_axes: int(1) }
  },
  { operator: 'ReduceMean', opset: 13, inputs: [[2, 3, 4]], attributes: { axes: ints(1) } },
  { operator: 'ReduceMean', opset: 18, inputs: [[2, 3, 4], long(1, 2)] },
  { operator: 'ReduceMax', opset: 11, inputs: [[2, 3, 4]] },
  { operator: 'ReduceMin', opset: 13, inputs: [[2, 3]], attributes: { axes: ints(0) } },
  { operator: 'ReduceSumSquare', opset: 13, inputs: [[2, 3]], attributes: { axes: ints(1) } },
  { operator: 'ReduceL2', opset: 18, inputs: [[2, 3], long(-1)] },
  { operator: 'ReduceLogSumExp', opset: 13, inputs: [[2, 3]], attributes: { axes: ints(-1) } },
  {
    operator: 'ReduceLogSumExp',
    opset: 18,
    inputs: [[2, 3], long(0)],
    attributes: { keepdims: int(0) }
  },
  { operator: 'Softmax', opset: 11, inputs: [[2, 3, 4]] },
  { operator: 'Softmax', opset: 13, inputs: [[2, 3, 4]], attributes: { axis: int(1) } },
  { operator: 'LogSoftmax', opset: 12, inputs: [[2, 3]], attributes: { axis: int(-1) } },
  { operator: 'TopK', opset: 11, inputs: [[3, 5], long(2)], outputs: 2 },
  {
    operator: 'ArgMax',
    opset: 13,
    inputs: [[3, 5]],
    attributes: { axis: int(1), keepdims: int(0) }
  },

  {
    operator: 'Gemm',
    opset: 13,
    inputs: [[2, 3], [3, 4], [4]],
    attributes: { alpha: float(0.5), beta: float(2) }
  },
  {
    operator: 'Gemm',
    opset: 11,
    inputs: [
      [3, 2],
      [4, 3]
    ],
    attributes: { transA: int(1), transB: int(1) }
  },
  ...each('MatMul', [
    [2, 3],
    [3, 4]
  ]),
  ...each('MatMul', [[3], [2, 3, 4]]),
  ...each('MatMul', [[2, 2, 3], [3]]),
  ...each('MatMul', [[3], [3]]),
  {
    operator: 'BatchNormalization',
    opset: 15,
    inputs: [image, [2], [2], [2], floats([2], [0.5, 2])],
    attributes: { epsilon: float(1e-3) }
  },
  {
    operator: 'LayerNormalization',
    opset: 17,
    inputs: [
      [2, 3, 4],
      [3, 4],
      [3, 4]
    ],
    attributes: { axis: int(1) }
  },
  { operator: 'LayerNormalization', opset: 17, inputs: [[2, 4], [4]] },

  {
    operator: 'Conv',
    opset: 11,
    inputs: [image, [4, 2, 3, 3], [4]],
    attributes: { pads: ints(1, 0, 2, 1) }
  },
  {
    operator: 'Conv',
    opset: 11,
    inputs: [image, [4, 1, 2, 3]],
    attributes: { group: int(2), strides: ints(2, 1), dilations: ints(2, 1) }
  },
  {
    operator: 'Conv',
    opset: 11,
    inputs: [image, [1, 2, 3, 3]],
    attributes: { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) }
  },
  {
    operator: 'Conv',
    opset: 11,
    inputs: [image, [1, 2, 2, 2]],
    attributes: { auto_pad: text('SAME_LOWER') }
  },
  {
    operator: 'Conv',
    opset: 11,
    inputs: [image, [1, 2, 2, 2]],
    attributes: { auto_pad: text('VALID') }
  },
  {
    operator: 'ConvTranspose',
    opset: 11,
    inputs: [image, [2, 3, 3, 3], [3]],
    attributes: { strides: ints(2, 2), pads: ints(1, 1, 1, 1), output_padding: ints(1, 1) }
  },
  {
    operator: 'MaxPool',
    opset: 12,
    inputs: [image],
    attributes: { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) }
  },
  {
    operator: 'AveragePool',
    opset: 11,
    inputs: [image],
    attributes: { kernel_shape: ints(2, 2), pads: ints(0, 0, 1, 1), count_include_pad: int(1) }
  },
  {
    operator: 'AveragePool',
    opset: 11,
    inputs: [image],
    attributes: {
      kernel_shape: ints(2, 3),
      strides: ints(3, 3),
      pads: ints(1, 0, 1, 0),
      ceil_mode: int(0)
    }
  },
  ...each('GlobalAveragePool GlobalMaxPool', [image]),

  { operator: 'Reshape', opset: 13, inputs: [[2, 6], long(0, 3, -1)] },
  { operator: 'Flatten', opset: 13, inputs: [[2, 3, 4]], attributes: { axis: int(2) } },
  { operator: 'Squeeze', opset: 11, inputs: [[1, 2, 1]], attributes: { axes: ints(2) } },
  { operator: 'Squeeze', opset: 13, inputs: [[1, 2, 1]] },
  { operator: 'Unsqueeze', opset: 11, inputs: [[2, 3]], attributes: { axes: ints(0, 3) } },
  { operator: 'Unsqueeze', opset: 13, inputs: [[2, 3], long(-1)] },
  { operator: 'Transpose', opset: 13, inputs: [[2, 3, 4]] },
  { operator: 'Transpose', opset: 13, inputs: [[2, 3, 4]], attributes: { perm: ints(1, 0, 2) } },
  { operator: 'Expand', opset: 13, inputs: [[3, 1], long(2, 1, 4)] },
  { operator: 'Slice', opset: 11, inputs: [[5, 6], long(1, -4), long(99, -1)] },
  { operator: 'Slice', opset: 13, inputs: [[7], long(-2), long(-99), long(0), long(-2)] },
  { operator: 'Slice', opset: 13, inputs: [[7, 2], long(6), long(1), long(0), long(-3)] },
  { operator: 'Pad', opset: 11, inputs: [[2, 3], long(1, 0, 0, 2), number(0.5)] },
  { operator: 'Pad', opset: 18, inputs: [[2, 3], long(1, 2), undefined, long(-1)] },
  { operator: 'Split', opset: 11, inputs: [[4, 3]], attributes: { split: ints(1, 3) }, outputs: 2 },
  { operator: 'Split', opset: 13, inputs: [[4, 3]], outputs: 2 },
  { operator: 'Split', opset: 18, inputs: [[5]], attributes: { num_outputs: int(2) }, outputs: 2 },
  {
    operator: 'Concat',
    opset: 13,
    inputs: [
      [2, 3],
      [2, 1]
    ],
    attributes: { axis: int(-1) }
  },
  { operator: 'Gather', opset: 13, inputs: [[4, 3], tensorFrom('i64', [2, 2], [0, -1, 2, 2])] },
  {
    operator: 'Gather',
    opset: 13,
    inputs: [[4, 3], tensorFrom('i32', [], [1])],
    attributes: { axis: int(1) }
  },
  { operator: 'Cast', opset: 13, inputs: [[2, 3]], attributes: { to: int(6) } },
  { operator: 'Shape', opset: 15, inputs: [[2, 3, 4]], attributes: { start: int(1) } },
  { operator: 'Constant', opset: 13, inputs: [], attributes: { value_floats: { floats: [1, 2] } } },
  { operator: 'Constant', opset: 13, inputs: [], attributes: { value_ints: ints(3, 4) } },
  {
    operator: 'Constant',
    opset: 13,
    inputs: [],
    attributes: { value: { tensor: floats([1, 2], [5, 6]) } }
  },
  { operator: 'Constant', opset: 13, inputs: [], attributes: { value_int: int(3) } },
  { operator: 'Constant', opset: 13, inputs: [], attributes: { value_float: float(0.5) } },
  {
    operator: 'ConstantOfShape',
    opset: 11,
    inputs: [long(2, 3)],
    attributes: { value: { tensor: floats([1], [7]) } }
  },
  { operator: 'Dropout', opset: 13, inputs: [[2, 3], number(0.5)] }
]
