// What a picture looks like in the small, by which near-identical pictures are told: resized, saved
// again, turned, mirrored, cropped a little, framed. Compute makes it of each photo's pixels;
// near-identical.ts compares two. Pure.

/** Numbers of a side of the grey picture. */
export const SIDE = 24
/** What stands before the grey picture: contrast, means of two colour differences, sharpness. */
export const GREY_AT = 4
/** Bytes of a fingerprint. */
export const FINGERPRINT_BYTES = GREY_AT + SIDE * SIDE
/** Of the grey picture: a standard deviation from its mean is so many levels from MIDDLE. */
export const DEVIATION = 32
export const MIDDLE = 128
/** Points of a picture that are looked at for each of its numbers, along a side. */
const POINTS_OF_CELL = 5
/** Variance of the small grey picture, levels squared: less is none. */
const FLAT = 0.01
/** Contrast is kept in steps of 1 / CONTRAST_STEPS levels. */
const CONTRAST_STEPS = 8
/** Pictures whose pixels deviate less from their mean, in levels of 0 to 255, are nearly blank. */
const BLANK = 4
/** Sharpness is kept as a logarithm, so many steps for twice as sharp. */
const SHARPNESS_STEPS = 24
/** Pictures are told apart by sharpness from a quarter more on, in such steps. */
const SEEN_STEPS = 8

/**
 * The fingerprint of a picture, uint8: its contrast (standard deviation of all channels, each from
 * its own mean), the means of Cb and Cr, its sharpness, and its luma as [SIDE, SIDE] averages of
 * boxes, set to one mean and deviation. @param rgb [height, width, 3], upright
 */
export function fingerprintOf(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const grey = new Float64Array(SIDE * SIDE)
  const lines = SIDE * POINTS_OF_CELL
  let [red, green, blue, squares, edges] = [0, 0, 0, 0, 0]
  for (let line = 0; line < lines; line++) {
    const y = Math.floor(((line + 0.5) * height) / lines)
    const above = y > 0 ? -3 * width : 0
    const below = y < height - 1 ? 3 * width : 0
    const row = Math.floor(line / POINTS_OF_CELL) * SIDE
    for (let point = 0; point < lines; point++) {
      const x = Math.floor(((point + 0.5) * width) / lines)
      const at = (y * width + x) * 3
      const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!]
      const luma = 0.299 * r + 0.587 * g + 0.114 * b // BT.601
      grey[row + Math.floor(point / POINTS_OF_CELL)]! += luma / POINTS_OF_CELL ** 2
      red += r
      green += g
      blue += b
      squares += r * r + g * g + b * b
      const left = rgb[x > 0 ? at - 2 : at + 1]!
      const right = rgb[x < width - 1 ? at + 4 : at + 1]!
      const edge = 4 * g - left - right - rgb[at + 1 + above]! - rgb[at + 1 + below]!
      edges += edge * edge
    }
  }
  const n = lines ** 2
  const [r, g, b] = [red / n, green / n, blue / n]
  const variance = squares / n - r * r - g * g - b * b
  const luma = 0.299 * r + 0.587 * g + 0.114 * b
  const print = new Uint8Array(FINGERPRINT_BYTES)
  print[0] = byte(Math.sqrt(Math.max(0, variance) / 3) * CONTRAST_STEPS)
  print[1] = byte(MIDDLE + 0.564 * (b - luma))
  print[2] = byte(MIDDLE + 0.713 * (r - luma))
  print[3] = byte(Math.log2(1 + Math.sqrt(edges / n)) * SHARPNESS_STEPS)
  print.set(standardised(grey), GREY_AT)
  return print
}

/** True for a picture that shows next to nothing: a lens cap, an empty page. */
export function isNearlyBlank(fingerprint: Uint8Array): boolean {
  return fingerprint[0]! < BLANK * CONTRAST_STEPS
}

/**
 * How sharp a picture is in the small, by its second differences: a whole number, one more where it
 * can be seen. Only for comparing shots of one thing; 0 where nothing is known.
 */
export function sharpnessOf(fingerprint: Uint8Array | null): number {
  return fingerprint ? Math.round(fingerprint[3]! / SEEN_STEPS) : 0
}

function standardised(grey: Float64Array): Float64Array {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length
  const scale = variance > FLAT ? DEVIATION / Math.sqrt(variance) : 0
  return grey.map((value) => byte(MIDDLE + (value - mean) * scale))
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)))
}
