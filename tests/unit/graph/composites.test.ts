// Composites against their formulas, and models built of them against plain numbers.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as c from '../../../model/graph/composites.ts'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { assertClose } from '../../golden/graph/close.ts'

const numbers = [-3.5, -1, -0.25, 0, 0.5, 2, 3.25, 7]

function mapped(build: (x: Value) => Value): Float64Array {
  const [result] = evaluate([build(input('x', [8]))], {
    x: { shape: [8], data: Float64Array.from(numbers) }
  })
  return result?.data ?? assert.fail()
}

test('activations', () => {
  const clamp = (x: number): number => Math.min(Math.max(x, 0), 1)
  const formulas: [(x: Value) => Value, (x: number) => number][] = [
    [c.square, (x) => x * x],
    [c.swish, (x) => x / (1 + Math.exp(-x))],
    [c.hardSwish, (x) => x * clamp(x / 6 + 0.5)],
    [(x) => c.hardSigmoid(x, 0.2), (x) => clamp(0.2 * x + 0.5)]
  ]
  for (const [build, formula] of formulas)
    assertClose(mapped(build), numbers.map(formula), 1e-6, build.name)
  // GELU at 1 is 0.8413447460685429, the normal distribution function of 1.
  const [one] = evaluate([c.gelu(input('x', [1]))], { x: { shape: [1], data: Float64Array.of(1) } })
  assertClose(one?.data ?? [], [0.8413447460685429], 1e-7, 'gelu')
})

test('logSumExp does not overflow', () => {
  const x = { shape: [2, 2], data: Float64Array.of(1000, 1000, -1000, 0) }
  const [result] = evaluate([c.logSumExp(input('x', [2, 2]), 1)], { x })
  assertClose(result?.data ?? [], [1000 + Math.log(2), 0], 1e-12, 'logSumExp')
})

test('normalisation leaves mean 0 and variance 1, and gives the statistics', () => {
  const x = {
    shape: [4, 2, 3, 1],
    data: Float64Array.from({ length: 24 }, (_, at) => Math.sin(at) * 3 + 1)
  }
  const value = input('x', x.shape)
  const [one, zero] = [c.filled([2], 1), c.filled([2], 0)]
  const { y, mean, variance } = c.batchNorm(value, one, zero, 0)
  const row = c.layerNorm(value, c.filled([3, 1], 2), c.filled([3, 1], 0.5), 0)
  const [normal, means, variances, layers] = evaluate([y, mean, variance, row], { x })
  for (const channel of [0, 1]) {
    const of = (data: Float64Array): number[] =>
      [...data].filter((_, at) => Math.floor(at / 3) % 2 === channel)
    const average = (list: number[]): number => list.reduce((sum, v) => sum + v, 0) / list.length
    const spread = (list: number[]): number => average(list.map((v) => (v - average(list)) ** 2))
    const [before, after] = [of(x.data), of(normal?.data ?? assert.fail())]
    assertClose([average(after), spread(after)], [0, 1], 1e-6, 'batchNorm')
    assertClose(
      [means?.data[channel] ?? NaN, variances?.data[channel] ?? NaN],
      [average(before), spread(before)],
      1e-6,
      'statistics'
    )
  }
  for (let at = 0; at < 24; at += 3) {
    const three = [...(layers?.data.subarray(at, at + 3) ?? [])].map((v) => (v - 0.5) / 2)
    assertClose(
      [three.reduce((a, b) => a + b), three.reduce((a, b) => a + b * b, 0)],
      [0, 3],
      1e-6,
      'layerNorm'
    )
  }
})

test('linear layers, unit rows and one-hot rows', () => {
  const x = { shape: [1, 2, 2], data: Float64Array.of(3, 4, 0, 0) }
  const w = { shape: [1, 2], data: Float64Array.of(1, -1) }
  const b = { shape: [1], data: Float64Array.of(0.5) }
  const [value, weight, bias] = [input('x', [1, 2, 2]), input('w', [1, 2]), input('b', [1])]
  const indices = { shape: [2], data: Float64Array.of(2, 0) }
  const [line, unit, hot, flat] = evaluate(
    [
      c.linear(value, weight, bias),
      c.normalize(value),
      c.oneHot(input('indices', [2], 'i32'), 3),
      c.flatten(value)
    ],
    { x, w, b, indices }
  )
  assert.deepEqual(line, { shape: [1, 2, 1], data: Float64Array.of(-0.5, 0.5) })
  assertClose(unit?.data ?? [], [0.6, 0.8, 0, 0], 1e-12, 'normalize')
  assert.deepEqual(hot, { shape: [2, 3], data: Float64Array.of(0, 0, 1, 1, 0, 0) })
  assert.deepEqual(flat?.shape, [1, 4])
})
