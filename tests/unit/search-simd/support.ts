// What the tests of the SIMD index share: kernels, and data in which near codes, ties and rough
// tables occur. Everything follows from a seed.
import assert from 'node:assert/strict'
import { encodeDescriptors, type Codebooks } from '../../../model/quant/codes.ts'
import { normal, seededRandom } from '../../../model/quant/random.ts'
import { loadKernels, type Kernels } from '../../../model/search/simd/kernel.ts'
import { scanKernels } from '../../../model/search/simd/kernels.mjs'

export { seededRandom }

/** The plain kernels, as every runtime with SIMD takes them. */
export async function plainKernels(): Promise<Kernels> {
  const kernels = loadKernels(await scanKernels(), 'plain')
  assert.ok(kernels, 'this runtime has SIMD')
  return kernels
}

export const TABLE_KINDS = [
  'smooth', 'ties', 'signed', 'tiny', 'huge', 'overflowing', 'constant', 'far from zero'
] as const
export type TableKind = (typeof TABLE_KINDS)[number]

/** A table [M, 16] of finite numbers. */
export function tableOf(kind: TableKind, M: number, random: () => number): Float32Array {
  const entry: Record<TableKind, () => number> = {
    smooth: () => random() ** 2,
    ties: () => Math.floor(random() * 3),
    signed: () => random() - 0.5,
    tiny: () => random() * 1e-42,
    huge: () => (random() - 0.5) * 1e36,
    overflowing: () => random() * 3e38,
    constant: () => 0.1,
    'far from zero': () => 1e6 + random()
  }
  return Float32Array.from({ length: M * 16 }, entry[kind])
}

/** M codebooks with codewords of L numbers. */
export function codebooksOf(M: number, L: number, random: () => number): Codebooks {
  const values = Float32Array.from({ length: M * 16 * L }, () => normal(random))
  return { M, L, values }
}

/** Codes [n, M/2] in which half of the bytes are the same, so that some are near and equal. */
export function codesOf(n: number, M: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: (n * M) / 2 }, () => (random() < 0.5 ? 0x21 : random() * 256))
}

/** Ids in order with gaps, or without any order from all of u32. */
export function idsOf(n: number, isScattered: boolean, random: () => number): Uint32Array {
  let id = Math.floor(random() * 100)
  return Uint32Array.from({ length: n }, () =>
    isScattered ? Math.floor(random() * 2 ** 32) : (id += random() < 0.9 ? 1 : 7)
  )
}

/** A filter over ids below `ids` that allows about `share` of them. */
export function filterOf(share: number, ids: number, random: () => number): Uint8Array {
  const filter = new Uint8Array(Math.ceil(ids / 8))
  for (let id = 0; id < ids; id++) if (random() < share) filter[id >> 3]! |= 1 << (id & 7)
  return filter
}

/** Codes of `n` descriptors in clusters, and more descriptors like them. */
export function clustered(n: number, M: number, L: number, random: () => number) {
  const codebooks = codebooksOf(M, L, random)
  const centres = Array.from({ length: 60 }, () =>
    Float32Array.from({ length: M * L }, () => normal(random))
  )
  const drawn = (): Float32Array => {
    const centre = centres[Math.floor(random() * centres.length)]!
    return centre.map((value) => value + 0.6 * normal(random))
  }
  const codes = new Uint8Array((n * M) / 2)
  for (let i = 0; i < n; i++) codes.set(encodeDescriptors(drawn(), codebooks), (i * M) / 2)
  return { codebooks, codes, drawn }
}

/** Ids one after the other. */
export function counted(n: number, from = 0): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i + from)
}
