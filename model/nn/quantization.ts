// Soft product quantization as graph (SPQ; METHOD.md 1.1). Pure.
import {
  matmul,
  multiply,
  reduceSumSquare,
  reshape,
  softmax,
  subtract,
  transpose
} from '../graph/functions.ts'
import type { Value } from '../graph/ops.ts'
import { GraphError, specText } from '../graph/ops.ts'

export interface SoftQuantized {
  /** z [B, M*L]: each part the mean of its codewords under the weights. */
  readonly z: Value
  /** Weights of the codewords, [M, B, K]. */
  readonly weights: Value
  /** The parts of x, codebook first, [M, B, L]. */
  readonly parts: Value
  /** The parts of z, codebook first, [M, B, L]. */
  readonly quantizedParts: Value
}

/**
 * Quantizes descriptors softly: w_mk = softmax_k(-t |x_m - c_mk|^2), z_m = sum_k w_mk c_mk. |x_m|^2
 * is the same for every k, so it is left out: the logits are t (2 x_m.c_mk - |c_mk|^2).
 * @param x descriptors [B, M*L]
 * @param codebooks [M, K, L]
 * @param hardness t; 5 in both papers
 */
export function softQuantize(x: Value, codebooks: Value, hardness = 5): SoftQuantized {
  const [M = 0, , L = 0] = codebooks.shape
  const [B = 0, width] = x.shape
  if (codebooks.shape.length !== 3 || x.shape.length !== 2 || width !== M * L)
    throw new GraphError(
      `softQuantize: expected x [B,M*L] and codebooks [M,K,L], ` +
        `got ${specText(x)} and ${specText(codebooks)}`
    )
  const parts = transpose(reshape(x, [B, M, L]), [1, 0, 2])
  const products = matmul(parts, codebooks, { transposeB: true })
  const lengths = reshape(reduceSumSquare(codebooks, [2]), [M, 1, -1])
  const weights = softmax(multiply(subtract(multiply(products, 2), lengths), hardness))
  const quantizedParts = matmul(weights, codebooks)
  const z = reshape(transpose(quantizedParts, [1, 0, 2]), [B, M * L])
  return { z, weights, parts, quantizedParts }
}
