// The losses of both papers against their official PyTorch code (float64; each file says what it
// holds).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import * as v from 'valibot'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { input } from '../../../model/graph/graph.ts'
import { reshape, transpose } from '../../../model/graph/functions.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { softQuantize } from '../../../model/nn/quantization.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { floats, numbersOf } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { spqLoss } from '../../../model/train/spq-loss.ts'
import { sscqLoss } from '../../../model/train/sscq-loss.ts'
import { testOnProviders } from '../../support/providers.ts'

const numbers = v.array(v.number())
const Shape = { B: v.number(), M: v.number(), K: v.number(), L: v.number() }
const Data = { Xa: numbers, Xb: numbers, C: numbers, Za: numbers, Zb: numbers }
const Gradients = v.object({ dXa: numbers, dXb: numbers, dC: v.nullable(numbers) })
const Spq = v.object({
  ...Shape,
  ...Data,
  loss: v.number(),
  dXa: numbers,
  dXb: numbers,
  dC: numbers
})
const Terms = [
  'instanceQuantized',
  'instanceEmbedding',
  'consistent',
  'partNeighbour',
  'codewordDiversity'
] as const
const Sscq = v.object({
  ...Shape,
  ...Data,
  topNeighbours: v.number(),
  terms: v.record(v.picklist(Terms), v.number()),
  total: v.number(),
  gradients: v.record(v.picklist([...Terms, 'total']), Gradients)
})

function read<T>(name: string, schema: v.GenericSchema<unknown, T>): T {
  return v.parse(schema, JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')))
}

interface Setting {
  B: number
  M: number
  K: number
  L: number
  Xa: number[]
  Xb: number[]
  C: number[]
}

/**
 * The inputs of a golden case as values, codebooks turned from [K, M*L] to [M, K, L]; and their
 * feeds.
 */
function setting({ B, M, K, L, Xa, Xb, C }: Setting) {
  const xa = input('xa', [B, M * L])
  const xb = input('xb', [B, M * L])
  const c = input('c', [K, M * L])
  const feed = (shape: number[], data: number[]) => ({ shape, data: Float64Array.from(data) })
  return {
    sources: [xa, xb, c],
    xa,
    xb,
    codebooks: transpose(reshape(c, [K, M, L]), [1, 0, 2]),
    feeds: { xa: feed([B, M * L], Xa), xb: feed([B, M * L], Xb), c: feed([K, M * L], C) }
  }
}

function close(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-6
): void {
  assert.equal(actual.length, expected.length, what)
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-3)
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= tolerance * scale,
      `${what}[${i}]: expected ${expected[i]}, got ${actual[i]}`
    )
}

test('soft quantization is that of the official code', () => {
  for (const golden of [read('spq-loss.json', Spq), read('sscq-loss.json', Sscq)]) {
    const { xa, xb, codebooks, feeds } = setting(golden)
    const [za, zb] = evaluate([softQuantize(xa, codebooks).z, softQuantize(xb, codebooks).z], feeds)
    close(za!.data, golden.Za, 'Za')
    close(zb!.data, golden.Zb, 'Zb')
  }
})

test('SPQ: the loss and its gradients are those of the official code', () => {
  const golden = read('spq-loss.json', Spq)
  const { xa, xb, codebooks, sources, feeds } = setting(golden)
  const loss = spqLoss(xa, xb, codebooks)
  const [value, dXa, dXb, dC] = evaluate([loss, ...gradients(loss, sources)], feeds)
  close(value!.data, [golden.loss], 'loss')
  close(dXa!.data, golden.dXa, 'dXa')
  close(dXb!.data, golden.dXb, 'dXb')
  close(dC!.data, golden.dC, 'dC')
})

/** Both losses with a mask that is fed, or without one. */
const losses = {
  spq: ({ xa, xb, codebooks }: ReturnType<typeof setting>, keep?: Value): Value =>
    spqLoss(xa, xb, codebooks, keep && { keep }),
  sscq: ({ xa, xb, codebooks }: ReturnType<typeof setting>, keep?: Value): Value =>
    sscqLoss(xa, xb, codebooks, keep && { keep }).total
}
const goldenOf = { spq: () => read('spq-loss.json', Spq), sscq: () => read('sscq-loss.json', Sscq) }
const METHODS = ['spq', 'sscq'] as const

for (const method of METHODS) {
  test(`${method}: a mask of ones is the published loss to the bit, zeros leave out`, () => {
    const golden = goldenOf[method]()
    const given = setting(golden)
    const n = 2 * golden.B
    const masked = losses[method](given, input('keep', [n, n]))
    const plain = losses[method](given)
    const with0 = (...zeros: number[]) => {
      const data = new Float64Array(n * n).fill(1)
      for (const at of zeros) data[at] = 0
      return { ...given.feeds, keep: { shape: [n, n], data } }
    }
    const lossWith = (feeds: typeof given.feeds): number => evaluate([masked], feeds)[0]!.data[0]!
    const published = evaluate([plain, ...gradients(plain, given.sources)], given.feeds)
    const ofOnes = evaluate([masked, ...gradients(masked, given.sources)], with0())
    assert.deepEqual(ofOnes, published)
    assert.ok(lossWith(with0(1)) < lossWith(with0()), 'one negative less, a smaller loss')
    assert.equal(lossWith(with0(golden.B)), lossWith(with0()), 'the positive always stays')
  })
}

test('SSCQ: every term, the total and their gradients are those of the official code', () => {
  const golden = read('sscq-loss.json', Sscq)
  const { xa, xb, codebooks, sources, feeds } = setting(golden)
  const { total, ...terms } = sscqLoss(xa, xb, codebooks, { neighbours: golden.topNeighbours })
  const check = (name: (typeof Terms)[number] | 'total', loss: Value, expected: number): void => {
    const [value, dXa, dXb, dC] = evaluate([loss, ...gradients(loss, sources)], feeds)
    close(value!.data, [expected], name)
    const { dXa: a, dXb: b, dC: c } = golden.gradients[name]!
    close(dXa!.data, a, `${name} dXa`)
    close(dXb!.data, b, `${name} dXb`)
    close(dC!.data, c ?? new Array(golden.C.length).fill(0), `${name} dC`)
  }
  for (const name of Terms) check(name, terms[name], golden.terms[name]!)
  check('total', total, golden.total)
})

/** Values in float32 on a provider. */
async function onProvider(
  provider: Provider,
  feeds: ReturnType<typeof setting>['feeds'],
  outputs: Readonly<Record<string, Value>>
): Promise<Readonly<Record<string, Tensor>>> {
  const session = await openSession(writeOnnx({ outputs }), { provider })
  const given = Object.entries(feeds).map(
    ([name, { shape, data }]) => [name, floats(shape, Float32Array.from(data))] as const
  )
  const actual = await session.run(Object.fromEntries(given))
  await session.dispose()
  return actual
}

/** A loss and its gradients by what the golden files call them. */
function withGradients(
  loss: Value,
  sources: readonly Value[],
  name: string
): Record<string, Value> {
  const [dXa, dXb, dC] = gradients(loss, sources)
  return { [name]: loss, [`${name} dXa`]: dXa!, [`${name} dXb`]: dXb!, [`${name} dC`]: dC! }
}

testOnProviders('SPQ and its gradients as ONNX are those of the code', async (provider) => {
  const { loss, dXa, dXb, dC, ...golden } = read('spq-loss.json', Spq)
  const { xa, xb, codebooks, sources, feeds } = setting(golden)
  const outputs = withGradients(spqLoss(xa, xb, codebooks), sources, 'loss')
  const actual = await onProvider(provider, feeds, outputs)
  const expected = { loss: [loss], 'loss dXa': dXa, 'loss dXb': dXb, 'loss dC': dC }
  for (const [name, list] of Object.entries(expected))
    close(numbersOf(actual[name]!), list, name, 1e-4)
})

// On webgpu only the gradients of the total: a software device takes ten seconds for the others.
testOnProviders('SSCQ, its terms and gradients as ONNX are those of the code', async (provider) => {
  const golden = read('sscq-loss.json', Sscq)
  const { xa, xb, codebooks, sources, feeds } = setting(golden)
  const values = sscqLoss(xa, xb, codebooks, { neighbours: golden.topNeighbours })
  const names = [...Terms, 'total'] as const
  const outputs: Record<string, Value> = {}
  for (const name of names)
    if (name === 'total' || provider === 'cpu')
      Object.assign(outputs, withGradients(values[name], sources, name))
    else outputs[name] = values[name]
  const actual = await onProvider(provider, feeds, outputs)
  for (const name of names) {
    const { dXa, dXb, dC } = golden.gradients[name]!
    const value = name === 'total' ? golden.total : golden.terms[name]!
    const none = new Array<number>(golden.C.length).fill(0)
    const expected = { '': [value], ' dXa': dXa, ' dXb': dXb, ' dC': dC ?? none }
    for (const [of, list] of Object.entries(expected)) {
      const found = actual[name + of]
      if (name + of in outputs) close(numbersOf(found!), list, name + of, 1e-4)
    }
  }
})

for (const method of METHODS) {
  test(`${method} on the cpu: a mask of ones is the published loss to the bit`, async () => {
    const golden = goldenOf[method]()
    const given = setting(golden)
    const n = 2 * golden.B
    const ones = { shape: [n, n], data: new Float64Array(n * n).fill(1) }
    const run = (loss: Value, feeds: typeof given.feeds): ReturnType<typeof onProvider> =>
      onProvider('cpu', feeds, withGradients(loss, given.sources, 'loss'))
    const masked = losses[method](given, input('keep', ones.shape))
    const published = await run(losses[method](given), given.feeds)
    const feeds = { ...given.feeds, keep: ones }
    assert.deepEqual(await run(masked, feeds), published)
  })
}
