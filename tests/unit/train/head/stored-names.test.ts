// What libraries have of runs that were cut: checkpoints, and digests that must stay as they
// are, though the code has other names for some numbers by now.
import assert from 'node:assert/strict'
import test from 'node:test'
import { multiplyReference } from '../../../../model/quant/multiply.ts'
import type { Quantizer } from '../../../../model/quant/quantizer.ts'
import { floats } from '../../../../model/tensor/tensor.ts'
import { readCheckpoint, writeCheckpoint } from '../../../../model/train/head/checkpoint.ts'
import type { Checkpoint } from '../../../../model/train/head/checkpoint.ts'
import type { LearnHeadOptions, Setting } from '../../../../model/train/head/head-contract.ts'
import { HeadRun } from '../../../../model/train/head/head-run.ts'

const N = 32
const SETTINGS: Setting[] = [
  {
    loss: 'spq',
    pairs: 'neighbours',
    temperature: 0.2,
    neighbourShare: 0.5,
    similarityRatio: 0.92,
    steps: 200
  },
  {
    loss: 'sscq',
    pairs: 'views',
    temperature: 0.3,
    neighbourShare: 0,
    similarityRatio: 2,
    steps: 200,
    local: { groups: 2, members: 4, near: 9 }
  }
]

/** Of the first kind: trials had scores, and no evidence. */
const WRITTEN_BEFORE =
  'AQAAAO8AAAB7ImZpbmdlcnByaW50IjoiMDEyMzQ1Njc4OWFiY2RlZiIsImVuZGVkIjpbeyJzZWNvbmRzIjoyLCJzY29y' +
  'ZSI6MC41LCJjb21tMSI6MC42LCJjb21tNCI6MC40LCJ0aWdodCI6MC4zfV0sInN0ZXBzIjo3LCJtaWxsaXNlY29uZHMi' +
  'OjksImJlc3QiOnsic2NvcmUiOnsic2NvcmUiOjAuNSwiY29tbTEiOjAuNiwiY29tbTQiOjAuNCwidGlnaHQiOjAuM30s' +
  'InBhcmFtZXRlcnMiOnsiYmlhcyI6WzJdfX0sInN0YXRlIjpudWxsfQAAAMA/AAAAwA=='

test('a checkpoint that was written before is none: its run begins anew', () => {
  const bytes = new Uint8Array(Buffer.from(WRITTEN_BEFORE, 'base64'))
  assert.equal(readCheckpoint(bytes, '0123456789abcdef'), undefined)
})

test('a checkpoint is read as it was written, queries that say nothing included', () => {
  const precisions = (...values: number[]) => Float32Array.from(values)
  const evidence = {
    coarse: precisions(0.5, NaN),
    fine: precisions(0.25, 1),
    nearDuplicates: precisions(NaN, NaN),
    bursts: precisions(0.1, 0.2)
  }
  const checkpoint: Checkpoint = {
    digest: '0123456789abcdef',
    ended: [{ seconds: 2, evidence }, { seconds: 3 }],
    steps: 7,
    milliseconds: 9,
    best: [
      { quality: 0.8, parameters: { bias: floats([2], [1.5, -2]) } },
      { quality: 0.9, parameters: { bias: floats([1], [3]) } }
    ],
    state: { step: 4, tensors: { weight: floats([1, 2], [3, 4]) } }
  }
  const bytes = writeCheckpoint(checkpoint)
  assert.deepEqual(readCheckpoint(bytes, '0123456789abcdef'), checkpoint)
})

test('a run has the digest that it had before, so its checkpoint is its own still', () => {
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => (i % 7) / 8)
  const halves = (length: number, step: number): Uint16Array =>
    Uint16Array.from({ length }, (_, i) => (i * step) % 15360)
  const start: Quantizer = {
    backbone: '0'.repeat(64),
    fittedOn: N,
    projection: { mean: numbers(4), matrix: numbers(4 * 256) },
    head: { kind: 'linear', weight: numbers(256 * 32), bias: numbers(32) },
    codebooks: { M: 4, L: 8, values: numbers(4 * 16 * 8) }
  }
  const options: LearnHeadOptions = {
    data: { n: N, V: 2, projected: halves(N * 256, 7), views: halves(N * 2 * 256, 11) },
    start,
    serving: start,
    witness: Uint8Array.from({ length: N }, (_, i) => i % 2),
    bits: 16,
    loss: 'spq',
    pairs: 'automatic',
    seed: 5,
    provider: 'cpu',
    multiply: multiplyReference,
    giveWay: async () => {}
  }
  const rows = Uint32Array.from({ length: N }, (_, row) => row)
  const none = { n: N, k: 0, indices: new Uint32Array(), similarities: new Float32Array() }
  const alone = { firsts: rows, groupOf: rows, nearest: none }
  const digestOf = (heldOut?: Uint32Array): string =>
    new HeadRun(options, SETTINGS, 1, alone, heldOut && { heldOut }).checkpoint.digest
  assert.equal(digestOf(), 'd74ceeb7ee61ad64')
  assert.equal(digestOf(Uint32Array.of(3, 5)), '00f9025fb4b859c6')
})
