// The loss of SSCQ (arXiv 2206.09806, BMVC 2023; METHOD.md 2), term by term. Pure.
import { logSumExp, normalize } from '../graph/composites.ts'
import {
  add,
  cast,
  concat,
  exp,
  less,
  log,
  logSoftmax,
  matmul,
  multiply,
  reduceMean,
  reduceSum,
  slice,
  softmax,
  stopGradient,
  subtract,
  topKValues
} from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { softQuantize } from '../nn/quantization.ts'
import type { SoftQuantized } from '../nn/quantization.ts'
import { MASKED_LOGIT, contrastive, cosinesOver, indicator } from './pairs.ts'

export interface SscqOptions {
  /** tau of the soft quantization is 1 over this; 5 in the paper. */
  hardness?: number
  /** Temperature of both instance terms; 0.5 in the paper. */
  instanceTemperature?: number
  /** Temperature of the consistent term; 0.2 in the paper. */
  consistentTemperature?: number
  /** Temperature of the part-neighbour term; 0.5 in the paper. */
  partTemperature?: number
  /** Rows that count as neighbours of a part; 20 in the paper. */
  neighbours?: number
  weights?: Partial<SscqWeights>
  /**
   * What diversity is taken of: softmaxed cosines, as published (it hardly acts: its whole range is
   * 0.05), or the soft assignments, which acts.
   */
  diversityOf?: 'cosines' | 'assignments'
  /** [2B, 2B] of 0 and 1: pairs to leave out of the negatives of the instance terms. */
  keep?: Value
}

export interface SscqWeights {
  instanceQuantized: number
  instanceEmbedding: number
  consistent: number
  partNeighbour: number
  codewordDiversity: number
}

const PUBLISHED: SscqWeights = {
  instanceQuantized: 1,
  instanceEmbedding: 1,
  consistent: 0.4,
  partNeighbour: 0.1,
  codewordDiversity: 0.2
}

export type SscqTerms = { readonly [K in keyof SscqWeights]: Value } & { readonly total: Value }

/**
 * The loss and its terms, each unweighted.
 * @param xa, xb descriptors of the two views, [B, M*L]
 * @param codebooks [M, K, L]
 */
export function sscqLoss(
  xa: Value,
  xb: Value,
  codebooks: Value,
  options: SscqOptions = {}
): SscqTerms {
  const {
    hardness = 5,
    instanceTemperature = 0.5,
    consistentTemperature = 0.2,
    partTemperature = 0.5,
    neighbours = 20,
    diversityOf = 'cosines',
    keep
  } = options
  const x = concat([xa, xb], 0)
  const quantized = softQuantize(x, codebooks, hardness)
  const terms = {
    instanceQuantized: contrastive(quantized.z, instanceTemperature, keep),
    instanceEmbedding: contrastive(x, instanceTemperature, keep),
    consistent: consistentTerm(add(x, quantized.z), consistentTemperature),
    partNeighbour: partNeighbourTerm(quantized.quantizedParts, partTemperature, neighbours),
    codewordDiversity: diversityTerm(quantized, codebooks, diversityOf)
  }
  const weights = { ...PUBLISHED, ...options.weights }
  const weighted = (name: keyof SscqWeights): Value => multiply(terms[name], weights[name])
  const total = [
    weighted('instanceEmbedding'),
    weighted('consistent'),
    weighted('partNeighbour'),
    weighted('codewordDiversity')
  ].reduce(add, weighted('instanceQuantized'))
  return { ...terms, total }
}

/**
 * Added to the logits [rows, 2B] of a row so that only N_i is left: neither itself nor its other
 * view.
 */
function othersOnly(rows: number, n: number): Value {
  const own = indicator(rows, n, (row, column) => (column - row) % (n / 2) === 0)
  return multiply(own, MASKED_LOGIT)
}

/** Symmetric KL between how the two views see all others: 1/2 sum (P - Q)(log P - log Q). */
function consistentTerm(phi: Value, temperature: number): Value {
  const n = phi.shape[0] ?? 0
  const B = n / 2
  const cosines = cosinesOver(phi, temperature)
  const others = othersOnly(B, n)
  const logP = logSoftmax(add(slice(cosines, 0, 0, B), others))
  const logQ = logSoftmax(add(slice(cosines, 0, B, n), others))
  const difference = multiply(subtract(exp(logP), exp(logQ)), subtract(logP, logQ))
  return multiply(reduceMean(reduceSum(difference, [1])), 0.5)
}

/**
 * Per codebook, the share of the nearest parts: logsumexp(all) - logsumexp(nearest), mean over all.
 */
function partNeighbourTerm(parts: Value, temperature: number, neighbours: number): Value {
  const n = parts.shape[1] ?? 0
  const unit = normalize(parts)
  const cosines = multiply(matmul(unit, unit, { transposeB: true }), 1 / temperature)
  const logits = add(cosines, othersOnly(n, n))
  const nearest = topKValues(stopGradient(logits), Math.min(neighbours, n - 2))
  const last = slice(nearest, -1, nearest.shape.at(-1)! - 1, nearest.shape.at(-1)!)
  const outside = multiply(cast(less(stopGradient(logits), last), 'f32'), MASKED_LOGIT)
  return reduceMean(subtract(logSumExp(logits), logSumExp(add(logits, outside))))
}

/**
 * Sum over codewords of p log p, p the mean of the assignments of both views; mean over codebooks.
 * The 1e-5 is that of the official code.
 */
function diversityTerm(
  { parts, weights }: SoftQuantized,
  codebooks: Value,
  of: 'cosines' | 'assignments'
): Value {
  const assignments =
    of === 'assignments'
      ? weights
      : softmax(matmul(normalize(parts), normalize(codebooks), { transposeB: true }))
  const p = reduceMean(assignments, [1])
  return reduceMean(reduceSum(multiply(p, log(add(p, 1e-5))), [1]))
}
