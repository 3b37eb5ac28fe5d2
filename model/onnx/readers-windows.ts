// How convolutions and pooling of ONNX files are said in the tensor language. Any process.
import * as f from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import type { NodeView, Reader } from './node-view.ts'

type Two = readonly [number, number]
type Four = readonly [number, number, number, number]

function pair(node: NodeView, name: string, absent?: Two): Two {
  const values = node.ints(name) ?? absent ?? []
  const [a = 1, b = 1] = values
  node.only(values.length === 2, `two numbers ${name}, for pictures`, values.length)
  return [a, b]
}

/** Padding as written, or as auto_pad asks for. */
function pads(node: NodeView, x: Value, kernel: Two, strides: Two, dilations: Two): Four {
  const mode = node.text('auto_pad', 'NOTSET')
  if (mode === 'VALID') return [0, 0, 0, 0]
  if (mode === 'NOTSET') {
    const [top = 0, left = 0, bottom = 0, right = 0] = node.ints('pads') ?? []
    return [top, left, bottom, right]
  }
  const totals = [0, 1].map((axis) => {
    const length = x.shape[axis + 2] ?? 1
    const [stride = 1, size = 1, dilation = 1] = [strides[axis], kernel[axis], dilations[axis]]
    const reach = (Math.ceil(length / stride) - 1) * stride + dilation * (size - 1) + 1
    return Math.max(0, reach - length)
  })
  const small = totals.map((total) => Math.floor(total / 2))
  const large = totals.map((total) => Math.ceil(total / 2))
  node.only(mode === 'SAME_UPPER' || mode === 'SAME_LOWER', 'a known auto_pad', mode)
  const [before, after] = mode === 'SAME_UPPER' ? [small, large] : [large, small]
  return [before[0] ?? 0, before[1] ?? 0, after[0] ?? 0, after[1] ?? 0]
}

function kernelOf(node: NodeView): Two {
  const [, , height = 1, width = 1] = node.value(1).shape
  return [height, width]
}

const conv: Reader = (node) => {
  const x = node.value(0)
  node.only(x.shape.length === 4, 'a picture [N,C,H,W]', `[${x.shape.join(',')}]`)
  const strides = pair(node, 'strides', [1, 1])
  const dilations = pair(node, 'dilations', [1, 1])
  return f.conv(
    x,
    node.value(1),
    {
      strides,
      dilations,
      pads: pads(node, x, kernelOf(node), strides, dilations),
      groups: node.int('group', 1)
    },
    node.optional(2)
  )
}

const convTranspose: Reader = (node) => {
  const mode = node.text('auto_pad', 'NOTSET')
  node.only(
    mode === 'NOTSET' && !node.has('output_shape'),
    'pads rather than an output_shape',
    mode
  )
  const strides = pair(node, 'strides', [1, 1])
  const dilations = pair(node, 'dilations', [1, 1])
  const result = f.convTranspose(node.value(0), node.value(1), {
    strides,
    dilations,
    pads: pads(node, node.value(0), kernelOf(node), strides, dilations),
    groups: node.int('group', 1),
    outputPads: pair(node, 'output_padding', [0, 0])
  })
  const bias = node.optional(2)
  return bias ? f.add(result, f.reshape(bias, [-1, 1, 1])) : result
}

interface Pool {
  kernel: Two
  strides: Two
  pads: Four
}

function pool(node: NodeView): Pool {
  const x = node.value(0)
  const kernel = pair(node, 'kernel_shape')
  const strides = pair(node, 'strides', [1, 1])
  const around = pads(node, x, kernel, strides, [1, 1])
  const dilations = node.ints('dilations') ?? [1]
  node.only(
    dilations.every((step) => step === 1),
    'dilations of 1',
    dilations.join()
  )
  if (node.int('ceil_mode', 0) === 1) {
    const whole = [0, 1].every((axis) => {
      const length = (x.shape[axis + 2] ?? 1) + (around[axis] ?? 0) + (around[axis + 2] ?? 0)
      return (length - (kernel[axis] ?? 1)) % (strides[axis] ?? 1) === 0
    })
    node.only(whole, 'ceil_mode 0, or windows that fit without a rest', 1)
  }
  return { kernel, strides, pads: around }
}

const maxPool: Reader = (node) => {
  node.only(node.outputCount === 1, 'one output, without indices', node.outputCount)
  const { kernel, ...rest } = pool(node)
  return f.maxPool(node.value(0), kernel, rest)
}

const averagePool: Reader = (node) => {
  const { kernel, ...rest } = pool(node)
  const countPads = node.int('count_include_pad', 0) === 1
  return f.averagePool(node.value(0), kernel, { ...rest, countPads })
}

function globalPool(reduce: typeof f.reduceMean): Reader {
  return (node) => {
    const x = node.value(0)
    return reduce(x, x.shape.map((_, axis) => axis).slice(2), true)
  }
}

/** One line an operator. */
export const windowReaders: Readonly<Record<string, Reader>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalPool(f.reduceMean),
  GlobalMaxPool: globalPool(f.reduceMax)
}
