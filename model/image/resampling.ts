// The geometry and the weights of a resize, as Pillow 10 and later have them (ImageFilter names).
// Shared by the reference and the fast preprocessing; pure, touches no pixels.
import type { ResizeRule } from './card.ts'

/** Pillow works in fixed point: weights times 2^22, so that sums of bytes by weights fit int32. */
export const WEIGHT_BITS = 22

interface Kernel {
  /** Half its width, in source pixels at scale 1. */
  support: number
  at(x: number): number
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Keys' cubic with a = -0.5. */
function cubic(x: number): number {
  const distance = Math.abs(x)
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1
  if (distance < 2) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
  return 0
}

const KERNELS: Record<ResizeRule['filter'], Kernel> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: cubic },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }
}

/** Where one output pixel of an axis comes from: source pixel `first` and those after it. */
export interface Tap {
  first: number
  weights: Int32Array // fixed point, WEIGHT_BITS; they sum to about 1 << WEIGHT_BITS
}

/** As `Tap`, with weights in float64 that sum to 1. */
export interface ExactTap {
  first: number
  weights: Float64Array
}

/**
 * The weights of output pixel `index` when `from` source pixels become `to`.
 * Follows precompute_coeffs of Pillow's Resample.c.
 */
export function exactTapOf(
  filter: ResizeRule['filter'],
  from: number,
  to: number,
  index: number
): ExactTap {
  const kernel = KERNELS[filter]
  const scale = from / to
  const stretch = Math.max(scale, 1) // widened when shrinking: antialiasing
  const support = kernel.support * stretch
  const centre = (index + 0.5) * scale
  const first = Math.max(0, Math.trunc(centre - support + 0.5))
  const end = Math.min(from, Math.trunc(centre + support + 0.5))
  const weights = new Float64Array(end - first)
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = kernel.at((i + first - centre + 0.5) * (1 / stretch))
    weights[i] = weight
    sum += weight
  }
  for (let i = 0; i < weights.length; i++) weights[i]! /= sum
  return { first, weights }
}

/** `exactTapOf` in fixed point, as normalize_coeffs_8bpc of Pillow's Resample.c has it. */
export function tapOf(filter: ResizeRule['filter'], from: number, to: number, index: number): Tap {
  const { first, weights } = exactTapOf(filter, from, to, index)
  const fixed = Int32Array.from(weights, (weight) => {
    const scaled = weight * (1 << WEIGHT_BITS)
    return Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5)) // half away from zero
  })
  return { first, weights: fixed }
}

/** One axis of a resize: output pixel i is the sum of `taps` source pixels from firsts[i] on. */
export interface Axis {
  taps: number
  firsts: Int32Array // [size]
  weights: Int32Array // [size, taps], fixed point, zero-padded
  begin: number // source pixels needed: begin .. end - 1
  end: number
}

/** Where the input square lies in the resized photo, and how large that is, in pixels. */
export interface Frame {
  width: number
  height: number
  left: number
  top: number
}

/**
 * Short side to `shortSide`, long side in proportion rounded down, `size` pixels cut from the
 * centre (offsets rounded down). Throws RangeError for a photo without pixels.
 */
export function frameOf(rule: ResizeRule, size: number, width: number, height: number): Frame {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new RangeError(`photo size: expected whole numbers above 0, got ${width} x ${height}`)
  const short = Math.min(width, height)
  const resized = (side: number): number => Math.floor((side * rule.shortSide) / short)
  const frame = { width: resized(width), height: resized(height) }
  return {
    ...frame,
    left: Math.floor((frame.width - size) / 2),
    top: Math.floor((frame.height - size) / 2)
  }
}
