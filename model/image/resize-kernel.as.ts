// The SIMD twin of the two passes of preprocess.ts, equal to the bit: a photo's pixels into the
// square that a backbone sees. AssemblyScript; not read by tsc. compiled-resize.ts lays out the
// memory.

/** Fixed point, as Pillow has it: WEIGHT_BITS of resampling.ts, and a half. */
const BITS: i32 = 22
const HALF: i32 = 1 << 21

/** The four bytes from an address on, as four numbers. */
@inline function four(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

/**
 * Rows of `width` pixels of three bytes into rows of `size` pixels of four bytes, the fourth of
 * which says nothing. It reads one byte beyond the last pixel.
 */
export function across(
  input: usize, width: u32, rows: u32, // bytes [rows, width, 3]
  firsts: usize, weights: usize, taps: u32, size: u32, // i32 [size], i32 [size, taps]
  output: usize // bytes [rows, size, 4]
): void {
  for (let row: u32 = 0; row < rows; row++, input += width * 3) {
    let weight = weights
    for (let x: u32 = 0; x < size; x++, output += 4) {
      let from = input + load<u32>(firsts + x * 4) * 3
      let sum = i32x4.splat(HALF)
      for (let tap: u32 = 0; tap < taps; tap++, from += 3, weight += 4)
        sum = i32x4.add(sum, i32x4.mul(four(from), v128.load32_splat(weight)))
      const words = i32x4.shr_s(sum, BITS)
      const clipped = i16x8.narrow_i32x4_s(words, words)
      v128.store32_lane(output, i8x16.narrow_i16x8_u(clipped, clipped), 0)
    }
  }
}

/**
 * Those rows into the values of three planes, by tables of what each byte stands for. `size` is a
 * multiple of 4. `begin`: the row of the photo that comes first in `input`.
 */
export function down(
  input: usize, begin: u32, // bytes [rows, size, 4]
  firsts: usize, weights: usize, taps: u32, size: u32, // i32 [size], i32 [size, taps]
  tables: usize, // f32 [3, 256], one a plane
  places: u32, // of the byte of each plane within a pixel, a byte each
  line: usize, // bytes [size, 4], for its own use
  output: usize // f32 [3, size, size]
): void {
  const stride = size * 4
  for (let y: u32 = 0; y < size; y++) {
    const top = input + (load<u32>(firsts + y * 4) - begin) * stride
    const rowWeights = weights + y * taps * 4
    for (let x: u32 = 0; x < stride; x += 16) {
      let a = i32x4.splat(HALF)
      let b = a
      let c = a
      let d = a
      let from = top + x
      for (let tap: u32 = 0; tap < taps; tap++, from += stride) {
        const bytes = v128.load(from)
        const weight = v128.load32_splat(rowWeights + tap * 4)
        const low = i16x8.extend_low_i8x16_u(bytes)
        const high = i16x8.extend_high_i8x16_u(bytes)
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), weight))
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), weight))
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), weight))
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), weight))
      }
      const first = i16x8.narrow_i32x4_s(i32x4.shr_s(a, BITS), i32x4.shr_s(b, BITS))
      const second = i16x8.narrow_i32x4_s(i32x4.shr_s(c, BITS), i32x4.shr_s(d, BITS))
      v128.store(line + x, i8x16.narrow_i16x8_u(first, second))
    }
    for (let plane: u32 = 0; plane < 3; plane++) {
      let to = output + (plane * size + y) * stride
      const table = tables + plane * 1024
      let at = line + ((places >> (plane * 8)) & 255)
      const end = at + stride
      for (; at < end; at += 4, to += 4) store<f32>(to, load<f32>(table + load<u8>(at) * 4))
    }
  }
}
