// Codes: the nearest codeword of each codebook, two to a byte. The definition that a SIMD twin must
// meet to the bit, so it says in which order f32 sums are made. Pure.

/** Codewords of a codebook; the number of a codeword fits half a byte. */
export const K = 16

/** M codebooks of K codewords of L numbers. */
export interface Codebooks {
  M: number // codebooks, even
  L: number // numbers a codeword
  values: Float32Array // [M, K, L]
}

/**
 * Codes [n, M/2] of descriptors [n, M*L]: codebook 2j in the low half of byte j, codebook 2j + 1 in
 * the high. The distance to a codeword is the sum, l = 0, 1, ..., of f32(difference * difference),
 * each step rounded to f32; of equal distances the lowest codeword wins.
 */
export function encodeDescriptors(descriptors: Float32Array, codebooks: Codebooks): Uint8Array {
  const { M, L } = codebooks
  const n = descriptors.length / (M * L)
  if (!Number.isInteger(n))
    throw new RangeError(`descriptors: expected a multiple of ${M * L}, got ${descriptors.length}`)
  const codes = new Uint8Array((n * M) / 2)
  for (let i = 0; i < n * M; i += 2) {
    const low = nearestCodeword(descriptors, i * L, codebooks, i % M)
    const high = nearestCodeword(descriptors, (i + 1) * L, codebooks, (i + 1) % M)
    codes[i / 2] = low | (high << 4)
  }
  return codes
}

function nearestCodeword(
  x: Float32Array,
  from: number,
  codebooks: Codebooks,
  codebook: number
): number {
  const { L, values } = codebooks
  let nearest = 0
  let least = Infinity
  for (let k = 0; k < K; k++) {
    const at = (codebook * K + k) * L
    let sum = 0
    for (let l = 0; l < L; l++) {
      const difference = Math.fround(x[from + l]! - values[at + l]!)
      sum = Math.fround(sum + Math.fround(difference * difference))
    }
    if (sum < least) {
      least = sum
      nearest = k
    }
  }
  return nearest
}

/** The reconstruction [n, M*L] that codes [n, M/2] stand for. */
export function decodeCodes(codes: Uint8Array, { M, L, values }: Codebooks): Float32Array {
  const out = new Float32Array(codes.length * 2 * L)
  for (let i = 0; i < codes.length * 2; i++) {
    const codeword = (codes[i >> 1]! >> (4 * (i & 1))) & 15
    const at = ((i % M) * K + codeword) * L
    out.set(values.subarray(at, at + L), i * L)
  }
  return out
}
