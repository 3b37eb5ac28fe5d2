// Chooses the index that answers fastest for codes of M codebooks: exact unless lists are asked
// for. No disk: the kernels' bytes are handed in.
import type { Codebooks } from '../quant/codes.ts'
import { seededRandom } from '../quant/random.ts'
import type { CodeIndex } from './code-index.ts'
import { createReferenceIndex } from './reference-index.ts'
import { BucketIndex } from './simd/bucket-index.ts'
import { FlatIndex } from './simd/flat-index.ts'
import { InvertedIndex, type InvertedOptions } from './simd/inverted-index.ts'
import { KERNEL_CODEBOOKS, type Kernels } from './simd/kernel.ts'

export interface CodeIndexOptions {
  M: number
  /** From `loadKernels`; undefined where there is no SIMD: then the reference index serves. */
  kernels: Kernels | undefined
  /**
   * Inverted lists from some millions of codes on: at 10 million a search in a seventeenth of the
   * time that finds 97 of the 100 nearest (64 bits; see InvertedOptions). They are made in the
   * background, and the flat index answers until then. Without it every search is exact, and so are
   * those of 16-bit codes (M = 4) in any case: buckets are faster than lists.
   */
  approximate?: InvertedOptions & { codebooks: Codebooks }
}

/** An empty index. Throws RangeError when M is not even and above 0. */
export function createCodeIndex({ M, kernels, approximate }: CodeIndexOptions): CodeIndex {
  if (!kernels || !KERNEL_CODEBOOKS.includes(M)) return createReferenceIndex(M)
  warmUp(kernels, M)
  if (M === 4) return new BucketIndex(kernels)
  if (approximate) return new InvertedIndex(kernels, approximate.codebooks, approximate)
  return new FlatIndex(kernels, M)
}

const warm = new WeakMap<Kernels, Set<number>>()

/**
 * Runs some small searches, once for each M: WebAssembly is compiled well only after it has run for
 * a while, and the first search of a person should not be the one that waits (10 ms instead of 1).
 */
function warmUp(kernels: Kernels, M: number): void {
  const done = warm.get(kernels) ?? new Set<number>()
  warm.set(kernels, done)
  if (done.has(M)) return
  done.add(M)
  const random = seededRandom(1)
  const n = 8192
  const index = new FlatIndex(kernels, M)
  const codes = Uint8Array.from({ length: (n * M) / 2 }, () => random() * 256)
  index.append(Uint32Array.from({ length: n }, (_, i) => i), codes)
  for (let search = 0; search < 40; search++)
    index.search(Float32Array.from({ length: M * 16 }, random), 100)
}
