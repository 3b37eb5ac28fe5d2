// The losses of both papers against their official PyTorch code (float64; each file says what it
// holds).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import * as v from 'valibot'
import { evaluate } from '../../../model/graph/evaluate.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { input } from '../../../model/graph/graph.ts'
import { reshape, transpose } from '../../../model/graph/functions.ts'
import type { Value } from '../../../model/graph/ops.ts'
import { softQuantize } from '../../../model/nn/quantization.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/session.ts'
import { floats, numbersOf } from '../../../model/tensor/tensor.ts'
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

test('SPQ: a mask of ones is the published loss to the bit; a zero takes a negative out', () => {
  const golden = read('spq-loss.json', Spq)
  const { xa, xb, codebooks, feeds } = setting(golden)
  const n = 2 * golden.B
  const keep = input('keep', [n, n])
  const masked = spqLoss(xa, xb, codebooks, { keep })
  const ones = { shape: [n, n], data: new Float64Array(n * n).fill(1) }
  const lossWith = (mask: typeof ones): number =>
    evaluate([masked], { ...feeds, keep: mask })[0]!.data[0]!
  assert.equal(lossWith(ones), evaluate([spqLoss(xa, xb, codebooks)], feeds)[0]!.data[0])
  const without = { shape: [n, n], data: Float64Array.from(ones.data) }
  without.data[0 * n + 1] = 0
  assert.ok(lossWith(without) < lossWith(ones), 'one negative less, a smaller loss')
  const noPositive = { shape: [n, n], data: Float64Array.from(ones.data) }
  noPositive.data[0 * n + golden.B] = 0
  assert.equal(lossWith(noPositive), lossWith(ones), 'the positive always stays')
})

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

/** A loss, its terms and its gradients in float32 on a provider, against the official code. */
async function onProvider(
  provider: Provider,
  { sources, feeds }: ReturnType<typeof setting>,
  loss: Value,
  terms: Readonly<Record<string, Value>>,
  expected: Readonly<Record<string, ArrayLike<number>>>
): Promise<void> {
  const [dXa, dXb, dC] = gradients(loss, sources)
  const model = writeOnnx({ outputs: { loss, dXa: dXa!, dXb: dXb!, dC: dC!, ...terms } })
  const session = await openSession(model, { provider })
  const given = Object.entries(feeds).map(
    ([name, { shape, data }]) => [name, floats(shape, Float32Array.from(data))] as const
  )
  const actual = await session.run(Object.fromEntries(given))
  await session.dispose()
  for (const [name, numbers] of Object.entries(expected))
    close(numbersOf(actual[name]!), numbers, name, 1e-4)
}

testOnProviders('SPQ and its gradients as ONNX are those of the official code', (provider) => {
  const golden = read('spq-loss.json', Spq)
  const given = setting(golden)
  const { dXa, dXb, dC } = golden
  const loss = spqLoss(given.xa, given.xb, given.codebooks)
  return onProvider(provider, given, loss, {}, { loss: [golden.loss], dXa, dXb, dC })
})

testOnProviders('SSCQ, its terms and gradients as ONNX are those of the code', (provider) => {
  const golden = read('sscq-loss.json', Sscq)
  const given = setting(golden)
  const { xa, xb, codebooks } = given
  const { total, ...terms } = sscqLoss(xa, xb, codebooks, { neighbours: golden.topNeighbours })
  const { dXa, dXb, dC } = golden.gradients.total!
  const values = Terms.map((name) => [name, [golden.terms[name]!]] as const)
  const expected = { loss: [golden.total], dXa, dXb, dC: dC!, ...Object.fromEntries(values) }
  return onProvider(provider, given, total, terms, expected)
})
