// Half-precision numbers as bit patterns in Uint16Array: how features, projected features and
// descriptors are stored and sent. The only file that knows the float16 library. Pure.
import { Float16Array, getFloat16 } from '@petamoriken/float16'

/** The value of each of the 65,536 bit patterns: reading a half is one look-up. */
const VALUES = new Float32Array(65536)
const view = new DataView(new ArrayBuffer(2))
for (let bits = 0; bits < 65536; bits++) {
  view.setUint16(0, bits)
  VALUES[bits] = getFloat16(view, 0)
}

/** Bit patterns to numbers, into `out` when given. */
export function fromHalves(
  halves: Uint16Array,
  out: Float32Array = new Float32Array(halves.length)
): Float32Array {
  for (let i = 0; i < halves.length; i++) out[i] = VALUES[halves[i]!]!
  return out
}

/** Numbers to bit patterns, rounded to the nearest, ties to even; beyond 65,504 is infinite. */
export function toHalves(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer)
}
