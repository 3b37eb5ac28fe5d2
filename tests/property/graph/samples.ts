// Random inputs and params for every op of the table: what the property tests draw from. An op that
// is missing here does not compile.
import fc from 'fast-check'
import type { OpName, OpParams } from '../../../model/graph/ops.ts'
import { sizeOf } from '../../../model/tensor/tensor.ts'
import type { Kind, SampleInput } from './sample-numbers.ts'
import { convolution, length, pool } from './sample-windows.ts'

export interface Sample<K extends OpName> {
  inputs: readonly SampleInput[]
  params: OpParams[K]
}

const shape = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(length(), { minLength: min, maxLength: max })
const axisIn = (dims: readonly number[]): fc.Arbitrary<number> => fc.nat({ max: dims.length - 1 })

function unary<P>(
  kind: Kind,
  params: P
): fc.Arbitrary<{ inputs: { shape: number[]; kind: Kind }[]; params: P }> {
  return shape(0, 4).map((dims) => ({ inputs: [{ shape: dims, kind }], params }))
}

/** Two or more shapes that broadcast: each axis may be 1, leading ones may be missing. */
function broadcast<P>(kinds: readonly Kind[], params: P) {
  return shape(1, 4).chain((dims) =>
    fc
      .tuple(
        ...kinds.map(() =>
          fc.tuple(
            fc.nat({ max: dims.length }),
            fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })
          )
        )
      )
      .map((choices) => ({
        inputs: choices.map(([skipped, ones], at) => ({
          // The first has every axis, so that the result's shape is that of `dims` or less.
          shape: dims.map((n, axis) => (ones[axis] && at > 0 ? 1 : n)).slice(at > 0 ? skipped : 0),
          kind: kinds[at] ?? 'number'
        })),
        params
      }))
  )
}

const reduce = shape(1, 4).chain((dims) =>
  fc.record({
    inputs: fc.constant([{ shape: dims, kind: 'number' as const }]),
    params: fc.record({
      axes: fc.subarray(dims.map((_, axis) => axis)),
      keep: fc.boolean()
    })
  })
)

const alongAxis = shape(1, 4).chain((dims) =>
  fc.record({
    inputs: fc.constant([{ shape: dims, kind: 'number' as const }]),
    params: fc.record({ axis: axisIn(dims) })
  })
)

const matmul = fc
  .record({
    n: length(),
    k: length(),
    m: length(),
    batch: shape(0, 2),
    wide: fc.boolean(),
    transposeA: fc.boolean(),
    transposeB: fc.boolean()
  })
  .map(({ n, k, m, batch, wide, transposeA, transposeB }) => ({
    inputs: [
      { shape: [...batch, ...(transposeA ? [k, n] : [n, k])], kind: 'number' as const },
      {
        shape: [...(wide ? batch.map(() => 1) : []), ...(transposeB ? [m, k] : [k, m])],
        kind: 'number' as const
      }
    ],
    params: { transposeA, transposeB }
  }))

const float = unary('number', {})
const pair = broadcast(['number', 'number'], {})

/** One line an op. */
export const samples: { readonly [K in OpName]: fc.Arbitrary<Sample<K>> } = {
  absolute: float,
  negate: float,
  sign: float,
  floor: float,
  exp: float,
  log: unary('positive', {}),
  squareRoot: unary('positive', {}),
  erf: float,
  sine: float,
  cosine: float,
  tanh: float,
  sigmoid: float,
  softplus: float,
  relu: float,
  clip: unary('number', { low: -0.70711, high: 1.41421 }),
  not: unary('flag', {}),
  cast: fc.oneof(unary('flag', { to: 'f32' as const }), unary('number', { to: 'i32' as const })),
  stopGradient: float,

  add: pair,
  subtract: pair,
  multiply: pair,
  divide: broadcast(['number', 'positive'], {}),
  power: broadcast(['positive', 'number'], {}),
  minimum: pair,
  maximum: pair,
  equal: broadcast(['integer', 'integer'], {}),
  less: pair,
  greater: pair,
  and: broadcast(['flag', 'flag'], {}),
  or: broadcast(['flag', 'flag'], {}),
  where: broadcast(['flag', 'number', 'number'], {}),

  reduceSum: reduce,
  reduceMean: reduce,
  reduceMax: reduce,
  reduceSumSquare: reduce,
  softmax: alongAxis,
  logSoftmax: alongAxis,
  topK: alongAxis.chain(({ inputs, params: { axis } }) =>
    fc.record({
      inputs: fc.constant(inputs),
      params: fc.record({
        k: length(inputs[0]?.shape[axis]),
        axis: fc.constant(axis),
        result: fc.constantFrom('values' as const, 'indices' as const)
      })
    })
  ),

  matmul,
  conv: convolution.map(({ params, kernel, size, batch, bias, part, out }) => {
    const [c, o] = [part * params.groups, out * params.groups]
    const inputs = [
      { shape: [batch, c, ...size], kind: 'number' as const },
      { shape: [o, part, ...kernel], kind: 'number' as const }
    ]
    return { params, inputs: bias ? [...inputs, { shape: [o], kind: 'number' as const }] : inputs }
  }),
  convTranspose: convolution.chain(({ params, kernel, size, batch, part, out }) =>
    fc.tuple(fc.nat(), fc.nat()).map((outputPads) => ({
      inputs: [
        {
          shape: [batch, out * params.groups, ...size.map((n) => 3 + (n % 2))],
          kind: 'number' as const
        },
        { shape: [out * params.groups, part, ...kernel], kind: 'number' as const }
      ],
      params: {
        ...params,
        pads: [
          params.pads[0] % 2,
          params.pads[1] % 2,
          params.pads[2] % 2,
          params.pads[3] % 2
        ] as const,
        outputPads: [outputPads[0] % params.strides[0], outputPads[1] % params.strides[1]] as const
      }
    }))
  ),
  maxPool: pool,
  averagePool: fc
    .tuple(pool, fc.boolean())
    .map(([{ inputs, params }, countPads]) => ({ inputs, params: { ...params, countPads } })),

  reshape: shape(1, 4).map((dims) => ({
    inputs: [{ shape: dims, kind: 'number' }],
    params: { shape: [sizeOf(dims.slice(1)), dims[0] ?? 1] }
  })),
  transpose: shape(1, 4).chain((dims) =>
    fc.shuffledSubarray([...dims.keys()], { minLength: dims.length }).map((permutation) => ({
      inputs: [{ shape: dims, kind: 'number' as const }],
      params: { permutation }
    }))
  ),
  expand: broadcast(['number', 'number'], {}).map(({ inputs }) => ({
    inputs: inputs.slice(1),
    params: { shape: inputs[0]?.shape ?? [] }
  })),
  slice: shape(1, 4).chain((dims) =>
    fc
      .tuple(
        ...dims.map((n) => fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 }), length(3)))
      )
      .map((cuts) => ({
        inputs: [{ shape: dims, kind: 'number' as const }],
        params: {
          starts: cuts.map(([a, b]) => Math.min(a, b)),
          ends: cuts.map(([a, b]) => Math.max(a, b) + 1),
          steps: cuts.map(([, , step]) => step)
        }
      }))
  ),
  reverse: shape(1, 4).chain((dims) =>
    fc.subarray([...dims.keys()], { minLength: 1 }).map((axes) => ({
      inputs: [{ shape: dims, kind: 'number' as const }],
      params: { axes }
    }))
  ),
  pad: shape(1, 4).chain((dims) =>
    fc
      .array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), {
        minLength: dims.length,
        maxLength: dims.length
      })
      .map((counts) => ({
        inputs: [{ shape: dims, kind: 'number' as const }],
        params: { before: counts.map(([a]) => a), after: counts.map(([, b]) => b), value: 0.25 }
      }))
  ),
  concat: shape(1, 3).chain((dims) =>
    fc
      .tuple(axisIn(dims), fc.array(length(), { minLength: 1, maxLength: 3 }))
      .map(([axis, lengths]) => ({
        inputs: lengths.map((n) => ({
          shape: dims.map((held, at) => (at === axis ? n : held)),
          kind: 'number' as const
        })),
        params: { axis }
      }))
  ),
  gather: fc.tuple(shape(1, 3), shape(0, 2)).chain(([dims, indices]) =>
    axisIn(dims).map((axis) => ({
      inputs: [
        { shape: dims, kind: 'number' as const },
        // Negative ones count from the end.
        {
          shape: indices,
          kind: 'integer' as const,
          from: -(dims[axis] ?? 1),
          below: dims[axis] ?? 1
        }
      ],
      params: { axis }
    }))
  )
}
