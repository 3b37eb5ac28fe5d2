// Ten Adam steps of SPQ's network, from parameters and images that mulberry32 makes. At an eighth
// of its widths, on small images, against PyTorch in float64 (make-resnet18.py): the strict test,
// of losses, gradients, parameters, running statistics and what it then gives in evaluation mode.
// Whole, against the official code in float32 (spq-cifar-resnet18.json says how it was made); on
// webgpu only on a real graphics device, as a software one takes minutes a step. slow: a minute and
// a half.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as v from 'valibot'
import { input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { declareCodebooks, projectionHead } from '../../../model/nn/heads.ts'
import type { Mode } from '../../../model/nn/layers.ts'
import { resnet18Cifar } from '../../../model/nn/resnet.ts'
import { Scope } from '../../../model/nn/scope.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { floats, floatsIn, numbersOf, sizeOf } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { adam } from '../../../model/train/optimisers.ts'
import { spqLoss } from '../../../model/train/spq-loss.ts'
import { initialise, startOf, writeStep } from '../../../model/train/step.ts'
import { testOnProviders } from '../../support/providers.ts'
import { isSoftware } from '../../support/webgpu.ts'
import { allNear, generated, generatedWeight, near, read } from './generated.ts'

const Golden = v.object({
  batch: v.number(),
  side: v.optional(v.number(), 32),
  narrower: v.optional(v.number(), 1),
  M: v.number(),
  K: v.number(),
  L: v.number(),
  parameters: v.array(v.tuple([v.string(), v.array(v.number())])),
  losses: v.array(v.number()),
  gradientNorms: v.record(v.string(), v.number()),
  output: v.object({ Xa_norm: v.number() }),
  finalNormAndSum: v.record(v.string(), v.tuple([v.number(), v.number()]))
})
type Golden = v.InferOutput<typeof Golden>
const SmallGolden = v.object({
  ...Golden.entries,
  statistics: v.record(v.string(), v.array(v.number())),
  evaluated: v.array(v.number())
})
type SmallGolden = v.InferOutput<typeof SmallGolden>

/** Codebooks [K, M*L] of the official code as our [M, K, L]. */
function turned(data: Float32Array, { M, K, L }: Golden): Float32Array {
  return data.map((_, at) => {
    const [m, k, l] = [Math.floor(at / (K * L)), Math.floor(at / L) % K, at % L]
    return data[k * M * L + m * L + l]!
  })
}

/** First value of parameter i of the golden file, as its head says. */
function firstValue(golden: Golden, index: number): Tensor<'f32'> {
  const [name, shape] = golden.parameters[index]!
  const { M, K, L } = golden
  const size = sizeOf(shape)
  if (name === 'codebooks') {
    const bound = Math.sqrt(6 / (K + M * L))
    return floats([M, K, L], turned(generated(100 + index, size, -bound, bound), golden))
  }
  if (shape.length > 1) return generatedWeight(100 + index, shape)
  const isScale = /(bn\d|shortcut\.1)\.weight$/.test(name)
  return floats(shape, new Float32Array(size).fill(isScale ? 1 : 0))
}

function lengthOf(tensor: Tensor | undefined): number {
  let squares = 0
  for (const value of tensor?.data ?? []) squares += Number(value) ** 2
  return Math.sqrt(squares)
}

interface Followed {
  losses: number[]
  /** Of the first step. */
  length: number
  gradientNorms: Readonly<Record<string, number>>
  /** Parameters and running statistics after the last step. */
  final: Readonly<Record<string, Tensor>>
}

function descriptors(scope: Scope, images: Value, mode: Mode, { narrower, M, L }: Golden): Value {
  return projectionHead(scope, resnet18Cifar(scope, images, mode, narrower), M * L)
}

function viewOf({ batch, side }: Golden, seed: number): Tensor<'f32'> {
  const shape = [batch, 3, side, side]
  return floats(shape, generated(seed, sizeOf(shape), 0, 1))
}

/** The steps of a golden file, all or only the first. */
async function follow(
  golden: Golden,
  provider: Provider,
  steps = golden.losses.length
): Promise<Followed> {
  const { M, K, L } = golden
  const images = { a: viewOf(golden, 1000), b: viewOf(golden, 1001) }
  const scope = new Scope()
  const [xa, xb] = [input('a', images.a.shape), input('b', images.b.shape)].map((view) =>
    descriptors(scope, view, 'training', golden)
  )
  const step = writeStep({
    loss: spqLoss(xa!, xb!, declareCodebooks(scope, M, K, L)),
    scope,
    optimiser: adam({ decay: 1e-5 }),
    outputs: { xa: xa! },
    gradientNorms: true
  })
  assert.deepEqual(
    scope.parameters.map(({ name }) => name).sort(),
    golden.parameters.map(([name]) => name).sort()
  )
  const values = { ...initialise(scope, seededRandom(1)) }
  golden.parameters.forEach(([name], index) => (values[name] = firstValue(golden, index)))
  const session = await openSession(step.model, { provider, carry: step.carry, spin: false })
  session.write(startOf(step, values))
  let first: Readonly<Record<string, Tensor>> | undefined
  const losses: number[] = []
  for (let at = 1; at <= steps; at++) {
    const scalars = { learningRate: 3e-4, ...step.optimiser.scalars(at) }
    const out = await session.run({
      ...images,
      ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, floats([], [x])]))
    })
    first ??= out
    losses.push(Number(out.loss?.data[0]))
  }
  const final = await session.read()
  await session.dispose()
  const norms = golden.parameters.map(
    ([name]) => [name, Number(first?.[`gradient ${name}`]?.data[0])] as const
  )
  const gradientNorms = Object.fromEntries(norms)
  return { losses, length: lengthOf(first?.xa), gradientNorms, final }
}

/** What the network with these values gives for view a in evaluation mode. */
async function evaluated(
  golden: Golden,
  provider: Provider,
  values: Followed['final']
): Promise<Float32Array> {
  const scope = new Scope()
  const a = viewOf(golden, 1000)
  const xa = descriptors(scope, input('a', a.shape), 'evaluation', golden)
  const names = [...scope.parameters, ...scope.states].map(({ name }) => name)
  const held = Object.fromEntries(names.map((name) => [name, values[name]!]))
  const session = await openSession(writeOnnx({ outputs: { xa }, initializers: held }), {
    provider,
    spin: false
  })
  const out = await session.run({ a })
  await session.dispose()
  return floatsIn(out.xa, 'xa')
}

test('the generator is the one of the golden file', () => {
  const random = seededRandom(7)
  const first = v.object({ mulberry32_seed7_first3: v.array(v.number()) })
  for (const expected of read('spq-cifar-resnet18.json', first).mulberry32_seed7_first3)
    assert.ok(Math.abs(random() - expected) < 1e-12)
})

/** A software device takes ten seconds a step, each of which does the same: these tell it, too. */
const SOFTWARE_STEPS = 4

/** What the network has come to: the length and sum of each value, and what it then gives. */
async function endOf(golden: SmallGolden, provider: Provider, final: Followed['final']) {
  const lengthAndSum = golden.parameters.map(([name]): [string, [number, number]] => {
    const sum = numbersOf(final[name]!).reduce((total, x) => total + x, 0)
    return [name, [lengthOf(final[name]), sum]]
  })
  const statistics = Object.keys(golden.statistics).map((name): [string, number[]] => [
    name,
    [...numbersOf(final[name]!)]
  ])
  return {
    finalNormAndSum: Object.fromEntries(lengthAndSum),
    statistics: Object.fromEntries(statistics),
    evaluated: [...(await evaluated(golden, provider, final))]
  }
}

testOnProviders(
  'ten Adam steps of a narrow network are those of PyTorch: losses to 1e-6, parameters, statistics',
  async (provider) => {
    const golden = read('spq-small-resnet18.json', SmallGolden)
    const all = golden.losses.length
    const steps = provider === 'webgpu' && isSoftware() ? SOFTWARE_STEPS : all
    const { losses, length, gradientNorms, final } = await follow(golden, provider, steps)
    assert.equal(losses.length, steps)
    losses.forEach((loss, at) => near(loss, golden.losses[at]!, 1e-6, `loss ${at + 1}`))
    near(length, golden.output.Xa_norm, 1e-6, 'length of the descriptors')
    for (const [name, norm] of Object.entries(golden.gradientNorms))
      near(gradientNorms[name]!, norm, 2e-5, `length of the gradient of ${name}`)

    const found = await endOf(golden, provider, final)
    // PyTorch's end is that of ten steps; of fewer it is the processor's, which has to come to
    // PyTorch's in ten itself.
    const expected =
      steps === all
        ? golden
        : await endOf(golden, 'cpu', (await follow(golden, 'cpu', steps)).final)
    for (const [name, [norm, sum]] of Object.entries(expected.finalNormAndSum)) {
      near(found.finalNormAndSum[name]![0], norm, 3e-5, `length of ${name} at the end`)
      // Ten steps move each number by up to 3e-3.
      const off = Math.abs(found.finalNormAndSum[name]![1] - sum)
      const limit = 2e-6 * Math.sqrt(sizeOf(final[name]!.shape))
      assert.ok(off <= limit, `sum of ${name} at the end: off by ${off}, limit ${limit}`)
    }
    for (const [name, values] of Object.entries(expected.statistics))
      allNear(found.statistics[name]!, values, 5e-5, `${name} at the end`)
    allNear(found.evaluated, expected.evaluated, 3e-5, 'in evaluation mode')
  }
)

// Adam's first steps have one size whatever the gradient, so rounding grows from step to step. At
// step 10 the file, itself float32, is 5.6e-4 above what the same network gives in float64
// (make-resnet18.py), and ours on one cpu 5.6e-4 below it: 1.12e-3 apart. At step 9 it is 1.01e-3
// since LogSoftmax is made of ops that WebGPU knows, which round in another order. What is exact is
// shown by the narrow network.
testOnProviders(
  'ten Adam steps follow the official code: to 1e-3 on cpu, the last two, whose float32 noise is as large, to 2e-3',
  async (provider) => {
    const golden = read('spq-cifar-resnet18.json', Golden)
    const tolerance = provider === 'cpu' ? 1e-3 : 5e-3
    const { losses, length, gradientNorms, final } = await follow(golden, provider)
    near(length, golden.output.Xa_norm, tolerance, 'length of the descriptors')
    for (const [name, norm] of Object.entries(golden.gradientNorms))
      near(gradientNorms[name]!, norm, tolerance, `length of the gradient of ${name}`)
    golden.losses.forEach((loss, at) => {
      const limit = at >= 8 ? Math.max(tolerance, 2e-3) : tolerance
      near(losses[at]!, loss, limit, `loss ${at + 1}`)
    })
    for (const [name, [norm]] of Object.entries(golden.finalNormAndSum))
      // Shifts that start at 0 are sums of ten steps of one size: their signs hang on rounding.
      if (norm > 0.1)
        near(lengthOf(final[name]), norm, 5 * tolerance, `length of ${name} after ten steps`)
  },
  (provider) => provider === 'webgpu' && isSoftware() && 'a software device: minutes a step'
)
