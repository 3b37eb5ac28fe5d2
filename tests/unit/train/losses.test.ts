// Both losses with pairs left out of the negatives, SSCQ's 20 neighbours and the diversity of its
// assignments, against plain loops in float64; and SSCQ as a head is trained by it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { gradients } from '../../../model/graph/gradients.ts'
import { input } from '../../../model/graph/graph.ts'
import type { Value } from '../../../model/graph/ops.ts'
import type { Setting } from '../../../model/train/head/head-contract.ts'
import { lossOf } from '../../../model/train/head/head-graph.ts'
import { MASKED_LOGIT } from '../../../model/train/pairs.ts'
import { spqLoss } from '../../../model/train/spq-loss.ts'
import { sscqLoss } from '../../../model/train/sscq-loss.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { plainSpq, plainSscq } from './plain-losses.ts'
import type { Case } from './plain-losses.ts'

const [B, M, K, L] = [13, 3, 16, 4] // 24 others a row: more than the 20 neighbours
const [N, WIDTH] = [2 * B, M * L]

/** As both papers have it, but for the mask: not symmetric, and some positives are left out. */
const given: Case = {
  size: [B, M, K, L],
  x: Float64Array.from(noiseNumbers(N * WIDTH, 1)),
  books: Float64Array.from(noiseNumbers(M * K * L, 2)),
  hardness: 5,
  temperature: 0.5,
  counts: (i, j) => (3 * i + 5 * j) % 7 !== 0
}
const unmasked: Case = { ...given, counts: () => true }

function near(actual: number, expected: number, what: string): void {
  const fits = Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected))
  assert.ok(fits, `${what}: expected ${expected}, got ${actual}`) // constants are float32
}

const matrix = (value: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: N * N }, (_, at) => value(Math.floor(at / N), at % N))

const views = [input('xa', [B, WIDTH]), input('xb', [B, WIDTH])] as const
const [codebooks, keep] = [input('books', [M, K, L]), input('keep', [N, N])]
const books = { shape: [M, K, L], data: given.books }

function numberOf(loss: Value): number {
  const feeds = {
    xa: { shape: [B, WIDTH], data: given.x.subarray(0, B * WIDTH) },
    xb: { shape: [B, WIDTH], data: given.x.subarray(B * WIDTH) },
    books,
    keep: { shape: [N, N], data: matrix((i, j) => Number(given.counts(i, j))) }
  }
  return evaluate([loss], feeds)[0]!.data[0]!
}

test('SPQ with pairs left out', () => {
  const expected = plainSpq(given)
  assert.ok(plainSpq(unmasked) - expected > 0.05, 'the mask makes a difference')
  near(numberOf(spqLoss(...views, codebooks, { keep })), expected, 'loss')
  near(numberOf(spqLoss(...views, codebooks)), plainSpq(unmasked), 'without a mask')
})

test('every term of SSCQ with pairs left out, and the diversity of the assignments', () => {
  const terms = sscqLoss(...views, codebooks, { keep, diversityOf: 'assignments' })
  const [expected, all] = [plainSscq(given), plainSscq(unmasked)]
  for (const name of ['instanceQuantized', 'instanceEmbedding', 'total'] as const)
    assert.ok(all[name] - expected[name] > 0.05, `${name}: the mask makes a difference`)
  assert.ok(expected.partNeighbour > 0.01, '20 neighbours are not all')
  near(numberOf(terms.instanceQuantized), expected.instanceQuantized, 'instance z')
  near(numberOf(terms.instanceEmbedding), expected.instanceEmbedding, 'instance x')
  near(numberOf(terms.consistent), expected.consistent, 'consistent')
  near(numberOf(terms.partNeighbour), expected.partNeighbour, 'part-neighbour')
  near(numberOf(terms.codewordDiversity), expected.codewordDiversity, 'diversity')
  near(numberOf(terms.total), expected.total, 'total')
})

test('SSCQ as a head is trained: sharper, at the temperature of its setting, by its bias', () => {
  const temperature = 0.3
  const setting: Setting = {
    loss: 'sscq',
    pairs: 'neighbours',
    temperature,
    neighbourShare: 0.5,
    similarityRatio: 0.85,
    steps: 1
  }
  const [both, bias] = [input('x', [N, WIDTH]), input('bias', [N, N])]
  const loss = lossOf(setting, both, codebooks, bias)
  const counted = (i: number, j: number): boolean => i !== j && given.counts(i, j)
  const feeds = {
    x: { shape: [N, WIDTH], data: given.x },
    books,
    bias: {
      shape: [N, N],
      data: matrix((i, j) => (counted(i, j) ? -1 / temperature : MASKED_LOGIT))
    }
  }
  const sharper: Case = { ...given, hardness: 20, temperature }
  const [value, slope] = evaluate([loss, ...gradients(loss, [both])], feeds)
  near(value!.data[0]!, plainSscq(sharper).total, 'loss')
  for (let at = 0; at < N * WIDTH; at += 29) {
    const moved = (by: number): number => {
      const x = Float64Array.from(given.x)
      x[at]! += by
      return plainSscq({ ...sharper, x }).total
    }
    near(slope!.data[at]!, (moved(1e-5) - moved(-1e-5)) / 2e-5, `gradient in number ${at}`)
  }
})
