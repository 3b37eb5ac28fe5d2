// The first quantizer, before any training (METHOD.md 4.2): projection, rotation, codebooks.
// Runs in compute; deterministic for a seed and a product.
import { K } from './codes.ts'
import type { Codebooks } from './codes.ts'
import { describe, project } from './encode.ts'
import { BLOCK_ROWS, rowsOf } from './features.ts'
import type { Features } from './features.ts'
import { fromHalves } from './float16.ts'
import { kMeans } from './k-means.ts'
import type { Multiply } from './multiply.ts'
import { PROJECTED, fitProjection } from './projection.ts'
import type { Quantizer } from './quantizer.ts'
import { randomRotation, seededRandom } from './random.ts'
import type { Random } from './random.ts'

/** Fewer photos than this are searched by their features. */
export const FEWEST_TO_FIT = 256
/** More photos than this are sampled. */
export const MOST_TO_FIT = 20_000
/** Floats a codeword. */
const L = 8

export interface FitOptions {
  features: Features // [n, D]
  n: number
  D: number
  /** 16, 32, 64 or 128: M = bits / 4 codebooks. */
  bits: number
  seed: number
  /** sha-256 of the backbone the features come from. */
  backbone: string
  multiply: Multiply
  /** Power of the standard deviations in the projection; -0.5 when left out. */
  power?: number
  /** Awaited between steps, when other work of the thread has had its turn. */
  giveWay?: () => Promise<void>
  /** Called between steps, which are of unequal length. */
  onProgress?: (done: number, total: number) => void
  /** Aborts between steps with the signal's reason. */
  signal?: AbortSignal
}

/** Fits the first quantizer. Throws RangeError for sizes or numbers that cannot be. */
export async function fitFirstQuantizer(options: FitOptions): Promise<Quantizer> {
  const { features, n, D, bits, seed, multiply, power = -0.5 } = options
  const { giveWay, onProgress, signal } = options
  if (![16, 32, 64, 128].includes(bits))
    throw new RangeError(`bits: expected 16, 32, 64 or 128, got ${bits}`)
  if (n < 2 || rowsOf(features, D) !== n)
    throw new RangeError(
      `features: expected ${n} (two or more) rows of ${D}, got ${features.length} numbers`
    )
  const M = bits / 4
  const random = seededRandom(seed)
  const blocks = Math.ceil(n / BLOCK_ROWS)
  const total = (n >= D ? 2 * blocks : blocks) + 2 + M
  let done = 0
  /** Ends a step: tells of it, lets other work of the thread have a turn, stops when asked to. */
  async function step(): Promise<void> {
    onProgress?.(done++, total)
    await new Promise((resolve) => setTimeout(resolve, 0))
    await giveWay?.()
    signal?.throwIfAborted()
  }

  const projection = await fitProjection(features, D, { power, seed, multiply, onBlock: step })
  await step()
  const projected = fromHalves(await project(projection, features, multiply))
  const { head, codebooks } = await fitLinearHead(projected, M, random, multiply, step)
  onProgress?.(total, total)
  return { backbone: options.backbone, fittedOn: n, projection, head, codebooks }
}

/**
 * The linear head and the codebooks of a first quantizer, from projected features [n, 256]: a
 * random rotation of the first M*L components, then k-means codebook by codebook. `onCodebook` is
 * called before each codebook.
 */
export async function fitLinearHead(
  projected: Float32Array,
  M: number,
  random: Random,
  multiply: Multiply,
  onCodebook: () => Promise<void>
): Promise<Pick<Quantizer, 'head' | 'codebooks'>> {
  const head = {
    kind: 'linear' as const,
    weight: new Float32Array(PROJECTED * M * L),
    bias: new Float32Array(M * L)
  }
  // Of the first M*L components; the rows of the others stay zero.
  head.weight.set(randomRotation(M * L, random))
  const descriptors = await describe(head, projected, M, L, multiply)
  const codebooks = await fitCodebooks(descriptors, { M, L }, random, onCodebook)
  return { head, codebooks }
}

/** Codebooks for descriptors [n, M*L] by k-means. `onCodebook` is called before each. */
export async function fitCodebooks(
  descriptors: Float32Array,
  { M, L }: Pick<Codebooks, 'M' | 'L'>,
  random: Random,
  onCodebook: () => Promise<void> = async () => {}
): Promise<Codebooks> {
  const values = new Float32Array(M * K * L)
  for (let codebook = 0; codebook < M; codebook++) {
    await onCodebook()
    values.set(kMeans(subvectors(descriptors, M, L, codebook), L, K, random), codebook * K * L)
  }
  return { M, L, values }
}

/** The subvectors [n, L] of descriptors [n, M*L] that one codebook codes. */
function subvectors(
  descriptors: Float32Array,
  M: number,
  L: number,
  codebook: number
): Float32Array {
  const n = descriptors.length / (M * L)
  const part = new Float32Array(n * L)
  for (let i = 0; i < n; i++) {
    const from = (i * M + codebook) * L
    part.set(descriptors.subarray(from, from + L), i * L)
  }
  return part
}
