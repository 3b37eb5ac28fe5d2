// Small libraries of generated features, and quantizers fitted on them, for unit and property
// tests.
import {
  fitFirstQuantizer,
  multiplyReference,
  seededRandom,
  toHalves
} from '../../model/retrieval.ts'
import type { FitOptions, Head, Quantizer } from '../../model/retrieval.ts'
import { noiseNumbers } from './noise.ts'

/** Features [n, D] in clusters, never below 0, as f16: row i is of cluster i % clusters. */
export function clusteredFeatures(n: number, D: number, clusters: number, seed = 1): Uint16Array {
  const random = seededRandom(seed)
  const centres = Float32Array.from({ length: clusters * D }, () => Math.max(0, random() * 4 - 2))
  const rows = Float32Array.from({ length: n * D }, (_, i) => {
    const cluster = Math.floor(i / D) % clusters
    return Math.max(0, centres[cluster * D + (i % D)]! + (random() - 0.5))
  })
  return toHalves(rows)
}

/** Fits on clustered features [n, D] by the reference product; options may be set otherwise. */
export function fitted(
  n: number,
  D: number,
  options: Partial<FitOptions> = {}
): Promise<Quantizer> {
  return fitFirstQuantizer({
    features: clusteredFeatures(n, D, 10),
    n,
    D,
    bits: 16,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyReference,
    ...options
  })
}

/** A head with one hidden layer of H numbers, random. */
export function residualHead(H: number, columns: number): Head {
  return {
    kind: 'residual',
    weight: noiseNumbers(256 * columns, 11),
    bias: noiseNumbers(columns, 12),
    hiddenWeight: noiseNumbers(256 * H, 13),
    hiddenBias: noiseNumbers(H, 14),
    outputWeight: noiseNumbers(H * columns, 15)
  }
}
