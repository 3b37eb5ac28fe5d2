// The SIMD twin of encodeDescriptors in model/quant/codes.ts, equal to the bit: the same f32 steps
// in the same order, 16 codewords at a time. AssemblyScript; not read by tsc.

/**
 * Codes [n, M/2] of descriptors [n, M*L]. `codebooks` are [M, L, 16], f32.
 */
export function encode(
  descriptors: usize, n: u32, M: u32, L: u32, codebooks: usize, codes: usize
): void {
  for (let i: u32 = 0; i < n; i++) {
    let codebook = codebooks
    for (let j: u32 = 0; j < M / 2; j++) {
      const low = nearest(descriptors, codebook, L)
      const high = nearest(descriptors + L * 4, codebook + L * 64, L)
      store<u8>(codes++, low | (high << 4))
      descriptors += L * 8
      codebook += L * 128
    }
  }
}

/**
 * The nearest codeword of a codebook [L, 16]; the lowest of equals; 0 when no distance is a number.
 */
@inline function nearest(x: usize, codebook: usize, L: u32): u32 {
  let a = f32x4.splat(0)
  let b = a
  let c = a
  let d = a
  for (let l: u32 = 0; l < L; l++, codebook += 64) {
    const value = v128.load32_splat(x + l * 4)
    const e = f32x4.sub(value, v128.load(codebook))
    const f = f32x4.sub(value, v128.load(codebook, 16))
    const g = f32x4.sub(value, v128.load(codebook, 32))
    const h = f32x4.sub(value, v128.load(codebook, 48))
    a = f32x4.add(a, f32x4.mul(e, e))
    b = f32x4.add(b, f32x4.mul(f, f))
    c = f32x4.add(c, f32x4.mul(g, g))
    d = f32x4.add(d, f32x4.mul(h, h))
  }
  // pmin(x, y) is y < x ? y : x: what is not a number never becomes the least.
  const none = f32x4.splat(Infinity)
  let least = f32x4.pmin(f32x4.pmin(f32x4.pmin(f32x4.pmin(none, a), b), c), d)
  least = f32x4.pmin(least, i32x4.shuffle(least, least, 2, 3, 0, 1))
  least = f32x4.pmin(least, i32x4.shuffle(least, least, 1, 0, 3, 2))
  if (f32x4.extract_lane(least, 0) == Infinity) return 0
  return ctz(
    i32x4.bitmask(f32x4.eq(a, least)) |
      (i32x4.bitmask(f32x4.eq(b, least)) << 4) |
      (i32x4.bitmask(f32x4.eq(c, least)) << 8) |
      (i32x4.bitmask(f32x4.eq(d, least)) << 12)
  )
}
