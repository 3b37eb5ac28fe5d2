// SSCQ's loss beyond its golden values: pairs left out of the negatives, its 20 neighbours and the
// diversity of the assignments, against plain loops in float64; and as a head is trained by it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluate } from '../../../model/graph/evaluate.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { input } from '../../../model/graph/graph.ts'
import type { Setting } from '../../../model/train/head/contract.ts'
import { lossOf } from '../../../model/train/head/head-graph.ts'
import { LEFT_OUT } from '../../../model/train/pairs.ts'
import { sscqLoss } from '../../../model/train/sscq-loss.ts'
import { noiseNumbers } from '../../support/noise.ts'

const [B, M, K, L] = [13, 3, 16, 4] // 24 others a row: more than the 20 neighbours
const [N, WIDTH] = [2 * B, M * L]

const x = Float64Array.from(noiseNumbers(N * WIDTH, 1))
const books = Float64Array.from(noiseNumbers(M * K * L, 2))
/** Whether row j is among the negatives of row i; not symmetric, and some positives are left out. */
const counts = (i: number, j: number): boolean => (3 * i + 5 * j) % 7 !== 0

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const logSum = (values: readonly number[]): number => Math.log(sum(values.map(Math.exp)))
const otherView = (i: number): number => (i + B) % N

function cosine(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, at) => value * b[at]!)) / Math.hypot(...a) / Math.hypot(...b)
}

interface Plain {
  hardness: number
  temperature: number
  counts: (i: number, j: number) => boolean
}

/** The terms as method.md 2 has them, of descriptors x [2B, M*L]. */
function plainTerms(x: Float64Array, { hardness, temperature, counts }: Plain) {
  const part = (i: number, m: number): number[] => [
    ...x.subarray(i * WIDTH + m * L, i * WIDTH + (m + 1) * L)
  ]
  const word = (m: number, k: number): number[] => [
    ...books.subarray((m * K + k) * L, (m * K + k + 1) * L)
  ]
  const weights = range(N).map((i) =>
    range(M).map((m) => {
      const logits = range(K).map(
        (k) => -hardness * sum(part(i, m).map((value, l) => (value - word(m, k)[l]!) ** 2))
      )
      return logits.map((logit) => Math.exp(logit - logSum(logits)))
    })
  )
  const quantized = range(N).map((i) =>
    range(M).map((m) =>
      range(L).map((l) => sum(range(K).map((k) => weights[i]![m]![k]! * word(m, k)[l]!)))
    )
  )
  const rows = range(N).map((i) => [...x.subarray(i * WIDTH, (i + 1) * WIDTH)])
  const z = quantized.map((parts) => parts.flat())
  const instance = (u: number[][]): number =>
    mean(
      range(N).map((i) => {
        const others = range(N).filter((j) => j !== i && (counts(i, j) || j === otherView(i)))
        const logits = others.map((j) => cosine(u[i]!, u[j]!) / temperature)
        return logSum(logits) - cosine(u[i]!, u[otherView(i)]!) / temperature
      })
    )
  const othersOf = (i: number): number[] => range(N).filter((j) => j % B !== i % B)
  const phi = rows.map((row, i) => row.map((value, at) => value + z[i]![at]!))
  const seen = (i: number): number[] => {
    const logits = othersOf(i).map((j) => cosine(phi[i]!, phi[j]!) / 0.2)
    return logits.map((logit) => logit - logSum(logits))
  }
  const consistent = mean(
    range(B).map((i) => {
      const [p, q] = [seen(i), seen(i + B)]
      const terms = p.map((a, at) => (Math.exp(a) - Math.exp(q[at]!)) * (a - q[at]!))
      return sum(terms) / 2
    })
  )
  const partNeighbour = mean(
    range(M).flatMap((m) =>
      range(N).map((i) => {
        const near = othersOf(i).map((j) => cosine(quantized[i]![m]!, quantized[j]![m]!) / 0.5)
        const nearest = [...near].sort((a, b) => b - a).slice(0, 20)
        return logSum(near) - logSum(nearest)
      })
    )
  )
  const diversity = mean(
    range(M).map((m) =>
      sum(
        range(K).map((k) => {
          const p = mean(range(N).map((i) => weights[i]![m]![k]!))
          return p * Math.log(p + 1e-5)
        })
      )
    )
  )
  const terms = {
    instanceQuantized: instance(z),
    instanceEmbedding: instance(rows),
    consistent,
    partNeighbour,
    codewordDiversity: diversity
  }
  const total =
    terms.instanceQuantized +
    terms.instanceEmbedding +
    0.4 * consistent +
    0.1 * partNeighbour +
    0.2 * diversity
  return { ...terms, total }
}

function near(actual: number, expected: number, what: string): void {
  const fits = Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected))
  assert.ok(fits, `${what}: expected ${expected}, got ${actual}`) // constants are float32
}

const matrix = (value: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: N * N }, (_, at) => value(Math.floor(at / N), at % N))

test('every term with pairs left out, and the diversity of the assignments', () => {
  const views = [input('xa', [B, WIDTH]), input('xb', [B, WIDTH])] as const
  const [codebooks, keep] = [input('books', [M, K, L]), input('keep', [N, N])]
  const terms = sscqLoss(...views, codebooks, { keep, diversityOf: 'assignments' })
  const feeds = {
    xa: { shape: [B, WIDTH], data: x.subarray(0, B * WIDTH) },
    xb: { shape: [B, WIDTH], data: x.subarray(B * WIDTH) },
    books: { shape: [M, K, L], data: books },
    keep: { shape: [N, N], data: matrix((i, j) => Number(counts(i, j))) }
  }
  const plain = { hardness: 5, temperature: 0.5, counts }
  const expected = plainTerms(x, plain)
  const all = plainTerms(x, { ...plain, counts: () => true })
  for (const name of ['instanceQuantized', 'instanceEmbedding', 'total'] as const)
    assert.ok(all[name] - expected[name] > 0.05, `${name}: the mask makes a difference`)
  assert.ok(expected.partNeighbour > 0.01, '20 neighbours are not all')
  for (const name of [
    'instanceQuantized',
    'instanceEmbedding',
    'consistent',
    'partNeighbour',
    'codewordDiversity',
    'total'
  ] as const)
    near(evaluate([terms[name]], feeds)[0]!.data[0]!, expected[name], name)
})

test('as a head is trained: sharper, at the temperature of its setting, by the mask of its bias', () => {
  const temperature = 0.3
  const setting: Setting = {
    loss: 'sscq',
    pairs: 'neighbours',
    temperature,
    q: 0.5,
    r: 0.85,
    steps: 1
  }
  const [both, codebooks, bias] = [
    input('x', [N, WIDTH]),
    input('books', [M, K, L]),
    input('bias', [N, N])
  ]
  const loss = lossOf(setting, both, codebooks, bias)
  const feeds = {
    x: { shape: [N, WIDTH], data: x },
    books: { shape: [M, K, L], data: books },
    bias: {
      shape: [N, N],
      data: matrix((i, j) => (i !== j && counts(i, j) ? -1 / temperature : LEFT_OUT))
    }
  }
  const plain = { hardness: 20, temperature, counts }
  const [value, slope] = evaluate([loss, ...gradients(loss, [both])], feeds)
  near(value!.data[0]!, plainTerms(x, plain).total, 'loss')
  for (let at = 0; at < N * WIDTH; at += 29) {
    const moved = (by: number): number => {
      const there = Float64Array.from(x)
      there[at]! += by
      return plainTerms(there, plain).total
    }
    near(slope!.data[at]!, (moved(1e-5) - moved(-1e-5)) / 2e-5, `gradient in number ${at}`)
  }
})
