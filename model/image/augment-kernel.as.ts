// The SIMD twin of augment-plain.ts: rows, columns and colours of a view. AssemblyScript; not read
// by tsc. augment-simd.ts lays out the memory.

/**
 * Rows of the view, f32 [size, line], from bytes whose rows are `stride` apart: row y is the sum of
 * `taps` rows from firsts[y] on. `line` is a multiple of 16; what is read beyond a row counts not.
 */
export function filterRows(
  rgb: usize, stride: u32, firsts: usize, weights: usize, taps: u32, size: u32,
  rows: usize, line: u32
): void {
  for (let y: u32 = 0; y < size; y++, weights += taps * 4) {
    const from = rgb + load<u32>(firsts + y * 4) * stride
    for (let i: u32 = 0; i < line; i += 16, rows += 64) {
      let a = f32x4.splat(0)
      let b = a
      let c = a
      let d = a
      let at = from + i
      for (let weight = weights; weight < weights + taps * 4; weight += 4, at += stride) {
        const bytes = v128.load(at)
        const low = i16x8.extend_low_i8x16_u(bytes)
        const high = i16x8.extend_high_i8x16_u(bytes)
        const share = v128.load32_splat(weight)
        a = f32x4.add(a, f32x4.mul(share, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low))))
        b = f32x4.add(b, f32x4.mul(share, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low))))
        c = f32x4.add(c, f32x4.mul(share, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high))))
        d = f32x4.add(d, f32x4.mul(share, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high))))
      }
      v128.store(rows, a)
      v128.store(rows, b, 16)
      v128.store(rows, c, 32)
      v128.store(rows, d, 48)
    }
  }
}

/**
 * The view, f32 [size, size, 4], from its rows; firsts are places within them. The fourth number of
 * a pixel means nothing. Writes the sum of each channel, f64 [3].
 */
export function filterColumns(
  rows: usize, line: u32, firsts: usize, weights: usize, taps: u32, size: u32,
  view: usize, sums: usize
): void {
  let red: f64 = 0
  let green: f64 = 0
  let blue: f64 = 0
  for (let y: u32 = 0; y < size; y++, rows += line * 4) {
    let total = f32x4.splat(0)
    let weight = weights
    for (let x: u32 = 0; x < size; x++, view += 16) {
      let at = rows + load<u32>(firsts + x * 4) * 12
      let pixel = f32x4.splat(0)
      for (const end = weight + taps * 4; weight < end; weight += 4, at += 12)
        pixel = f32x4.add(pixel, f32x4.mul(v128.load32_splat(weight), v128.load(at)))
      v128.store(view, pixel)
      total = f32x4.add(total, pixel)
    }
    red += f32x4.extract_lane(total, 0)
    green += f32x4.extract_lane(total, 1)
    blue += f32x4.extract_lane(total, 2)
  }
  store<f64>(sums, red)
  store<f64>(sums, green, 8)
  store<f64>(sums, blue, 16)
}

/**
 * Channels [3, plane] from the pixels of a view, four at a time: each by six numbers of `colours`,
 * f32 [3, 6]: shares of red, green and blue, what is added, what is taken away once it is clipped
 * to 0..255, and a factor. `plane` is a multiple of 4.
 */
export function recolour(view: usize, plane: u32, colours: usize, out: usize): void {
  for (let i: u32 = 0; i < plane; i += 4, view += 64, out += 16) {
    const p = v128.load(view)
    const q = v128.load(view, 16)
    const r = v128.load(view, 32)
    const s = v128.load(view, 48)
    const first = i32x4.shuffle(p, q, 0, 4, 1, 5)
    const second = i32x4.shuffle(r, s, 0, 4, 1, 5)
    const red = i32x4.shuffle(first, second, 0, 1, 4, 5)
    const green = i32x4.shuffle(first, second, 2, 3, 6, 7)
    const blue = i32x4.shuffle(
      i32x4.shuffle(p, q, 2, 6, 2, 6), i32x4.shuffle(r, s, 2, 6, 2, 6), 0, 1, 4, 5
    )
    v128.store(out, channelOf(red, green, blue, colours))
    v128.store(out + plane * 4, channelOf(red, green, blue, colours + 24))
    v128.store(out + plane * 8, channelOf(red, green, blue, colours + 48))
  }
}

@inline function channelOf(red: v128, green: v128, blue: v128, colour: usize): v128 {
  let value = f32x4.mul(red, v128.load32_splat(colour))
  value = f32x4.add(value, f32x4.mul(green, v128.load32_splat(colour, 4)))
  value = f32x4.add(value, f32x4.mul(blue, v128.load32_splat(colour, 8)))
  value = f32x4.add(value, v128.load32_splat(colour, 12))
  value = f32x4.max(f32x4.min(value, f32x4.splat(255)), f32x4.splat(0))
  return f32x4.mul(f32x4.sub(value, v128.load32_splat(colour, 16)), v128.load32_splat(colour, 20))
}
