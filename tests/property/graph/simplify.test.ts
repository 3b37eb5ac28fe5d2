// Random graphs of many ops: simplified, they give what they gave. Small shapes with lengths of 1,
// small constants with 0, 1 and -1, and operands that were just made: what the rewrites look for.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import * as f from '../../../model/graph/functions.ts'
import { constant, inOrder, input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { simplify } from '../../../model/graph/simplify.ts'
import { broadcastShape } from '../../../model/tensor/shape.ts'
import { floats, sizeOf } from '../../../model/tensor/tensor.ts'
import type { Numbers } from '../../../model/tensor/tensor.ts'
import { numbersFor } from './sample-numbers.ts'

const RUNS = 1500
const MOST_STEPS = 10
/** Constants that are folded are rounded to float32, so sums may differ by this share. */
const TOLERANCE = 1e-5
/** Graphs whose numbers grow beyond this say nothing. */
const LARGEST = 1e6
const MOST_ELEMENTS = 500

/** What a step needs to know besides its operands, such as axes: whole numbers, one a choice. */
type Detail = readonly [number, number, number, number]
type Kind = (x: Value, y: Value, detail: Detail) => Value

interface Step {
  kind: number
  /** Which values it takes: counted back from the last. */
  first: number
  second: number
  detail: Detail
}

/** The axes in an order that a number chooses. */
function permutationOf(rank: number, number: number): number[] {
  const left = Array.from({ length: rank }, (_, axis) => axis)
  const order: number[] = []
  for (let rest = number; left.length > 0; rest = Math.floor(rest / (left.length + 1)))
    order.push(...left.splice(rest % left.length, 1))
  return order
}

/** The axes that the bits of a number choose. */
function axesOf(x: Value, number: number): number[] {
  return x.shape.flatMap((_, axis) => ((number >> axis) & 1 ? [axis] : []))
}

function picked<T>(choices: readonly T[], number: number): T {
  return choices[number % choices.length] ?? assert.fail()
}

const transposed: Kind = (x, _, [number]) => f.transpose(x, permutationOf(x.shape.length, number))

const reshaped: Kind = (x, _, [which, number]) => {
  const without = x.shape.filter((length) => length !== 1)
  const at = number % (without.length + 1)
  const shape = picked(
    [
      without,
      [...without.slice(0, at), 1, ...without.slice(at)],
      [sizeOf(x.shape)],
      [1, ...x.shape.slice(0, 3)],
      permutationOf(x.shape.length, number).map((axis) => x.shape[axis] ?? 1)
    ],
    which
  )
  return sizeOf(shape) === sizeOf(x.shape) ? f.reshape(x, shape) : x
}

const expanded: Kind = (x, _, [repeated, front]) => {
  const shape = x.shape.map((length) => (length === 1 ? 1 + (repeated % 3) : length))
  return f.expand(x, front % 2 === 0 ? shape : [2, ...shape])
}

const reduced: Kind = (x, _, [which, axes, keep]) => {
  const ops = [f.reduceSum, f.reduceSum, f.reduceMean, f.reduceMax, f.reduceSumSquare]
  return picked(ops, which)(x, axesOf(x, axes), keep % 3 > 0)
}

/** The sum of a product with a factor that is 1 along some axes. */
const scaledSum: Kind = (x, _, [ones, axes, side]) => {
  const chosen = axesOf(x, ones)
  const factor = f.reduceMean(x, chosen, true)
  const scaled = side % 2 ? f.multiply(x, factor) : f.multiply(factor, x)
  return f.reduceSum(scaled, axesOf(x, axes), true)
}

/** An op of two, if they broadcast; else of one and itself. */
const joined: Kind = (x, y, [which]) => {
  const op = picked([f.add, f.subtract, f.multiply, f.multiply, f.minimum, f.maximum], which)
  return broadcastShape(x.shape, y.shape) ? op(x, y) : op(x, x)
}

/** The op of two that made a value, its operands the other way round. */
const swapped: Kind = (x) => {
  const [a, b] = x.kind === 'apply' ? x.inputs : []
  return x.kind === 'apply' && a && b && x.op === 'subtract' ? f.subtract(b, a) : f.subtract(x, x)
}

const withSmall: Kind = (x, _, [which, value, form, side]) => {
  const small = picked([0, 1, -1, 0.5, 2], value)
  if (which % 5 === 4) return f.divide(x, small || 1)
  const op = picked([f.add, f.subtract, f.multiply, f.multiply], which)
  const other = picked([small, constant(floats([1, 1], [small]))], form)
  return side % 2 ? op(x, other) : op(other, x)
}

const product: Kind = (x, y, [flags]) => {
  const [n = 0, k = 0] = x.shape.slice(-2)
  const [transposeA, transposeB] = [flags % 2 === 1, flags % 4 > 1]
  const other = [y, x].find(({ shape }) => {
    const [rows = 0, columns = 0] = shape.slice(-2)
    const fits = (transposeA ? n : k) === (transposeB ? columns : rows)
    return fits && shape.length > 1 && broadcastShape(x.shape.slice(0, -2), shape.slice(0, -2))
  })
  return other && x.shape.length > 1 ? f.matmul(x, other, { transposeA, transposeB }) : x
}

const moved: Kind = (x, _, [which, on, from, axes]) => {
  if (x.shape.length === 0) return x
  const axis = on % x.shape.length
  const length = x.shape[axis] ?? 1
  const counts = x.shape.map((_, at) => (at === axis ? from % 2 : 0))
  const choices = [
    () => f.slice(x, axis, from % length, length),
    () => f.reverse(x, axesOf(x, axes)),
    () => f.pad(x, counts, counts, 0.5),
    () => f.concat(from % 2 ? [x, x] : [x], axis)
  ]
  return picked(choices, which)()
}

const mapped: Kind = (x, _, [which]) =>
  picked([f.negate, f.negate, f.tanh, f.sigmoid, f.absolute, f.stopGradient], which)(x)

/** Those that are named more than once are made more often. */
const KINDS: readonly Kind[] = [
  ...[transposed, transposed, transposed, reshaped, expanded, reduced, reduced, scaledSum],
  ...[joined, joined, joined, swapped, withSmall, withSmall, product, product, moved, mapped]
]

const choice = fc.nat({ max: 999 })
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat({ max: KINDS.length - 1 }),
  first: fc.nat({ max: 2 }),
  second: fc.nat({ max: 5 }),
  detail: fc.tuple(choice, choice, choice, choice)
})

const length = fc.integer({ min: 1, max: 3 })
const shape = fc.array(length, { minLength: 1, maxLength: 4 })

/** All values that a list of steps makes, the inputs first. */
function grown(inputs: readonly Value[], steps: readonly Step[]): Value[] {
  const values = [...inputs]
  for (const { kind, first, second, detail } of steps) {
    const from = (back: number): Value => values.at(-1 - (back % values.length)) ?? assert.fail()
    const made = KINDS[kind]?.(from(first), from(second), detail) ?? assert.fail()
    if (sizeOf(made.shape) <= MOST_ELEMENTS && made.shape.length <= 4) values.push(made)
  }
  return values
}

function largestOf(all: readonly Numbers[]): number {
  let largest = 1
  for (const { data } of all)
    for (const x of data) largest = Number.isNaN(x) ? Infinity : Math.max(largest, Math.abs(x))
  return largest
}

test('a random graph gives the same before and after', () => {
  let compared = 0
  const property = fc.property(
    fc.tuple(shape, shape),
    fc.array(step, { minLength: 2, maxLength: MOST_STEPS }),
    fc.nat({ max: 1000 }),
    (shapes, steps, seed) => {
      const inputs = shapes.map((dims, at) => input(`x${at}`, dims))
      const feeds = Object.fromEntries(
        shapes.map((dims, at) => [
          `x${at}`,
          numbersFor({ shape: dims, kind: 'number' }, seed, at)
        ])
      )
      const values = grown(inputs, steps)
      const expected = evaluate(values, feeds)
      const largest = largestOf(evaluate(inOrder(values), feeds))
      if (!(largest < LARGEST)) return
      compared++
      const simple = simplify(values)
      const actual = evaluate(simple, feeds)
      for (const [at, { shape: dims, data }] of expected.entries()) {
        assert.deepEqual(actual[at]?.shape, dims)
        assert.equal(simple[at]?.type, values[at]?.type)
        data.forEach((x, place) => {
          const off = Math.abs((actual[at]?.data[place] ?? NaN) - x)
          assert.ok(off <= TOLERANCE * largest, `value ${at}, element ${place}: ${off} off ${x}`)
        })
      }
    }
  )
  fc.assert(property, { numRuns: RUNS })
  assert.ok(compared > RUNS / 2, `${compared} of ${RUNS} graphs have numbers that can be compared`)
})
