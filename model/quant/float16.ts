// Half-precision numbers as bit patterns in Uint16Array: how features, projected features and
// descriptors are stored and sent. A library does the same (@petamoriken/float16), and the tests
// hold this against it. Pure.

/**
 * The value of each of the 65,536 bit patterns: reading a half is one look-up. Every process and
 * thread begins with it, so it is made of bit patterns of f32: by the library it took 70 to 110 ms.
 */
const VALUES = valuesOfHalves()

/** IEEE 754 binary16: a sign, 5 bits of exponent with a bias of 15, 10 bits of mantissa. */
function valuesOfHalves(): Float32Array {
  const values = new Float32Array(65536)
  const words = new Uint32Array(values.buffer)
  for (let bits = 0; bits < 0x8000; bits++) {
    const exponent = bits >>> 10
    const mantissa = bits & 0x3ff
    if (exponent === 0) values[bits] = mantissa * 2 ** -24
    else words[bits] = ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13)
    words[bits + 0x8000] = words[bits]! | 0x80000000 // the same, negative
  }
  return values
}

/** Bit patterns to numbers, into `out` when given. */
export function fromHalves(
  halves: Uint16Array,
  out: Float32Array = new Float32Array(halves.length)
): Float32Array {
  for (let i = 0; i < halves.length; i++) out[i] = VALUES[halves[i]!]!
  return out
}

/** Bit patterns of f32: of infinity, 2^16, 2^-14 (the least normal half) and 2^-25. */
const INFINITE = 0x7f800000
const TOO_LARGE = 0x47800000
const NORMAL = 0x38800000
const VANISHING = 0x33000000

/**
 * Numbers to bit patterns, rounded to the nearest, ties to even; from 65,520 on infinite. The same
 * as the library's (tests/unit/quant/float16.test.ts) in a tenth of the time: a library that is
 * encoded anew has 128 of them a photo.
 */
export function toHalves(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const size = word & 0x7fffffff
    const sign = (word >>> 16) & 0x8000
    if (size >= NORMAL && size < TOO_LARGE)
      halves[i] = sign | ((size - (NORMAL - 0x800000) + 0xfff + ((size >>> 13) & 1)) >>> 13)
    else if (size >= TOO_LARGE) halves[i] = sign | (size > INFINITE ? 0x7e00 : 0x7c00)
    else halves[i] = sign | (size > VANISHING ? subnormal(size) : 0)
  }
  return halves
}

/** The half of f32 bits between 2^-25 and 2^-14: a whole number of 2^-24. */
function subnormal(size: number): number {
  const mantissa = (size & 0x7fffff) | 0x800000
  const shift = 126 - (size >>> 23)
  const whole = mantissa >>> shift
  const rest = mantissa & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  return rest > middle || (rest === middle && whole % 2 === 1) ? whole + 1 : whole
}
