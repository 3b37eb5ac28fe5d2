// Optimisers against plain loops in float64, clipping, frozen parameters, and the schedule.
import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { add, multiply, reduceSum, subtract } from '../../../model/graph/functions.ts'
import { input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { Scope, filledWith } from '../../../model/nn/scope.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { openSession } from '../../../model/runtime/session.ts'
import { floats, floatsIn } from '../../../model/tensor/tensor.ts'
import { adam, adamW, clipByNorm } from '../../../model/train/optimisers.ts'
import type { Optimiser } from '../../../model/train/optimisers.ts'
import { rateAt } from '../../../model/train/schedule.ts'
import { initialise, startOf, writeStep } from '../../../model/train/step.ts'

const STEPS = 5
const RATE = 0.1

/** Gradient descent with momentum: the simplest optimiser that keeps something. */
function descent(momentum: number): Optimiser {
  return {
    slots: ['velocity'],
    update(parameter, gradient, [before], rate) {
      assert.ok(before)
      const velocity = add(multiply(before, momentum), gradient)
      return { parameter: subtract(parameter, multiply(velocity, rate)), state: [velocity] }
    },
    scalars: () => ({})
  }
}

/** Where one parameter is after some steps on gradients, by the graph in float64. */
function byGraph(optimiser: Optimiser, start: number, gradients: number[]): number {
  const feed = (x: number) => ({ shape: [], data: Float64Array.of(x) })
  const [p, g] = [input('p', []), input('g', [])]
  const slots = optimiser.slots.map((slot) => input(slot, []))
  const { parameter, state } = optimiser.update(p, g, slots, input('learningRate', []))
  let at = start
  let kept = slots.map(() => 0)
  gradients.forEach((gradient, step) => {
    const scalars = { learningRate: RATE, ...optimiser.scalars(step + 1) }
    const feeds = {
      p: feed(at),
      g: feed(gradient),
      ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, feed(x)])),
      ...Object.fromEntries(optimiser.slots.map((slot, i) => [slot, feed(kept[i]!)]))
    }
    const [next, ...rest] = evaluate([parameter, ...state], feeds).map(({ data }) => data[0]!)
    at = next!
    kept = rest
  })
  return at
}

const gradients = Array.from({ length: STEPS }, (_, i) => Math.sin(i + 1))
const near = (actual: number, expected: number): void =>
  // Constants of the graph are float32, and all of a step that is run.
  assert.ok(
    Math.abs(actual - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
    `expected ${expected}, got ${actual}`
  )

/** Algorithm 1 of Kingma and Ba, and its decoupled decay by Loshchilov and Hutter. */
function plainAdam(decoupled: boolean, decay: number): number {
  let [at, m, v] = [0.7, 0, 0]
  gradients.forEach((raw, i) => {
    const gradient = decoupled ? raw : raw + decay * at
    if (decoupled) at *= 1 - RATE * decay
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient * gradient
    const [mHat, vHat] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))]
    at -= (RATE * mHat) / (Math.sqrt(vHat) + 1e-8)
  })
  return at
}

test('Adam with L2, and AdamW with decoupled decay', () => {
  near(byGraph(adam({ decay: 0.05 }), 0.7, gradients), plainAdam(false, 0.05))
  near(byGraph(adamW({ decay: 0.05 }), 0.7, gradients), plainAdam(true, 0.05))
  assert.notEqual(plainAdam(false, 0.05), plainAdam(true, 0.05))
})

test('an optimiser without what it kept is refused by the name of the slot', () => {
  const [p, g, slot] = ['p', 'g', 'slot'].map((name) => input(name, []))
  const updating = (optimiser: Optimiser, ...state: Value[]) => {
    return () => optimiser.update(p!, g!, state, p!)
  }
  const refusal = (name: string) => ({
    name: 'RangeError',
    message: `optimiser state: expected a value for ${name}, got none`
  })
  assert.throws(updating(adam()), refusal('first'))
  assert.throws(updating(adamW(), slot!), refusal('second'))
})

test('a step starts from its parameters and states, and from zeros of the optimiser', () => {
  const scope = new Scope()
  const [at, fixed] = ['at', 'fixed'].map((name) => scope.parameter(name, [2], filledWith(1)))
  // Named as what the optimiser keeps for `fixed` would be, which it does not learn.
  const speed = scope.state('fixed velocity', [2], filledWith(5))
  scope.update('fixed velocity', add(speed, 1))
  const [one, five] = [floats([2], [1, 1]), floats([2], [5, 5])]
  const loss = reduceSum(multiply(at!, fixed!))
  const rateOf = (name: string): number => (name === 'fixed' ? 0 : 1)
  const step = writeStep({ loss, scope, optimiser: descent(0.9), rateOf }, { fixed: one })
  const values = { at: one, 'fixed velocity': five }
  const zeros = floats([2], [0, 0])
  assert.deepEqual(startOf(step, { ...values, fixed: one }), { ...values, 'at velocity': zeros })
  const message = (name: string): string => `${name}: expected a first value, got none`
  assert.throws(() => startOf(step, { fixed: one, 'fixed velocity': five }), {
    name: 'RangeError',
    message: message('at')
  })
  assert.throws(() => startOf(step, { fixed: one, at: one }), {
    name: 'RangeError',
    message: message('fixed velocity')
  })
})

test('clipping shortens long gradients together and leaves short ones', () => {
  const [a, b] = [input('a', [2]), input('b', [1])]
  const feed = (...data: number[]) => ({ shape: [data.length], data: Float64Array.from(data) })
  const clipped = (most: number): number[] =>
    evaluate(clipByNorm([a, b], most), { a: feed(2, 3), b: feed(6) }).flatMap(({ data }) => [
      ...data
    ])
  assert.deepEqual(clipped(100), [2, 3, 6])
  clipped(3.5).forEach((value, i) =>
    assert.ok(Math.abs(value - [1, 1.5, 3][i]!) < 1e-5, `${value}`)
  )
})

test('a step learns what has a rate, and leaves what is frozen as it was', async () => {
  const scope = new Scope()
  const free = scope.parameter('free', [2], filledWith(1))
  const fixed = scope.parameter('fixed', [2], filledWith(3))
  const values = initialise(scope, seededRandom(1))
  const step = writeStep(
    {
      loss: reduceSum(multiply(free, fixed)),
      scope,
      optimiser: descent(0),
      rateOf: (name) => (name === 'fixed' ? 0 : 1)
    },
    { fixed: values.fixed! }
  )
  assert.deepEqual(Object.values(step.carry), ['free', 'free velocity'])
  const session = await openSession(step.model, { carry: step.carry })
  session.write(startOf(step, values))
  const { loss } = await session.run({ learningRate: floats([], [0.1]) })
  assert.equal(loss?.data[0], 6)
  const after = floatsIn((await session.read()).free, 'free')
  await session.dispose()
  for (const value of after) near(value, 0.7)
})

test('a step clips all gradients together, before momentum, and leaves short ones', async () => {
  // The gradient of half the squares is the parameters themselves: first of length 7, then shorter.
  const scope = new Scope()
  const [long, short] = [[2, 3], [6]]
  const values = {
    long: scope.parameter('long', [2], () => Float32Array.from(long)),
    short: scope.parameter('short', [1], () => Float32Array.from(short)),
    frozen: scope.parameter('frozen', [1], filledWith(100)) // does not count
  }
  const squares = Object.values(values).map((value) => reduceSum(multiply(value, value)))
  const [limit, momentum, shares] = [3.5, 0.5, [1, 1, 0.25]]
  const first = initialise(scope, seededRandom(1))
  const step = writeStep(
    {
      loss: multiply(squares.reduce(add), 0.5),
      scope,
      optimiser: descent(momentum),
      rateOf: (name) => (name === 'frozen' ? 0 : name === 'short' ? 0.25 : 1),
      clipNorm: limit,
      gradientNorms: true
    },
    { frozen: first.frozen! }
  )
  const session = await openSession(step.model, { carry: step.carry })
  session.write(startOf(step, first))
  let at = [...long, ...short]
  let velocity = [0, 0, 0]
  const lengths: number[] = []
  for (let number = 0; number < 10; number++) {
    const length = Math.hypot(...at)
    const factor = Math.min(1, limit / length)
    lengths.push(length)
    const out = await session.run({ learningRate: floats([], [0.3]) })
    near(Number(out['gradient long']?.data[0]), Math.hypot(at[0]!, at[1]!)) // before clipping
    velocity = velocity.map((held, i) => momentum * held + factor * at[i]!)
    at = at.map((value, i) => value - 0.3 * shares[i]! * velocity[i]!)
    const now = await session.read()
    const both = (suffix = ''): number[] =>
      ['long', 'short'].flatMap((name) => [...floatsIn(now[name + suffix], name + suffix)])
    both().forEach((value, i) => near(value, at[i]!))
    both(' velocity').forEach((value, i) => near(value, velocity[i]!))
  }
  await session.dispose()
  assert.ok(lengths[0]! > limit && lengths.at(-1)! < limit, `both cases: ${lengths}`)
})

test('the rate warms up in a line and falls in half a cosine', () => {
  const schedule = { rate: 1, steps: 110, warmUp: 10, from: 0.1, to: 0.2 }
  near(rateAt(5, schedule), 0.55)
  near(rateAt(10, schedule), 1)
  near(rateAt(11, schedule), 1)
  near(rateAt(61, schedule), 0.6)
  assert.ok(rateAt(110, schedule) > 0.2 && rateAt(110, schedule) < 0.21)
  const rates = Array.from({ length: 100 }, (_, i) => rateAt(11 + i, schedule))
  assert.deepEqual(
    rates,
    [...rates].sort((a, b) => b - a)
  )
})
