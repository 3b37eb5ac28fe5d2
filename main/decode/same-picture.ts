// Whether two decoded pictures show the same: means of a few fields of both, side by side. Pure.

/** RGB bytes [height, width, 3]. */
export interface Rgb {
  rgb: Uint8Array
  width: number
  height: number
}

/** Part of a picture, in shares of its width and height: from the first to before the second. */
export interface Part {
  across: readonly [number, number]
  down: readonly [number, number]
}

export const WHOLE: Part = { across: [0, 1], down: [0, 1] }

/** Fields along the longer side of what is compared, and along the other. */
const ALONG = 16
const BESIDE = 2
/** Levels of 255 that the means of a field may differ by: in the mean, and at most. */
const MEAN = 5
const MOST = 20
/** Fields that differ by less than this show nothing to tell pictures by. */
const PLAIN = 2

/**
 * True where the part of one picture looks like the same part of another. False, too, where that
 * part shows nothing: then nothing is known.
 */
export function looksSame(one: Rgb, part: Part, other: Rgb, otherPart = WHOLE): boolean {
  const isWide = other.width * span(otherPart.across) >= other.height * span(otherPart.down)
  const [columns, rows] = isWide ? [ALONG, BESIDE] : [BESIDE, ALONG]
  const a = means(one, part, columns, rows)
  const b = means(other, otherPart, columns, rows)
  if (Math.max(...b) - Math.min(...b) < PLAIN) return false
  const differences = a.map((value, i) => Math.abs(value - b[i]!))
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  return mean <= MEAN && Math.max(...differences) <= MOST
}

/** Pixels of a square of both, and levels of 255 by which its means may differ. */
const SQUARE = 8
const ALIKE = 8

/** True where two pictures of one size show the same everywhere, but for how they were coded. */
export function isSamePicture(one: Rgb, other: Rgb): boolean {
  const { width, height } = one
  if (other.width !== width || other.height !== height) return false
  const sums = new Int32Array(3)
  for (let top = 0; top < height; top += SQUARE)
    for (let left = 0; left < width; left += SQUARE) {
      const [bottom, right] = [Math.min(height, top + SQUARE), Math.min(width, left + SQUARE)]
      sums.fill(0)
      for (let y = top; y < bottom; y++)
        for (let at = 3 * (y * width + left); at < 3 * (y * width + right); at++)
          sums[at % 3]! += one.rgb[at]! - other.rgb[at]!
      const most = ALIKE * (bottom - top) * (right - left)
      if (sums.some((sum) => Math.abs(sum) > most)) return false
    }
  return true
}

function span([from, to]: readonly [number, number]): number {
  return to - from
}

/** Of each field the mean of its red, green and blue. */
function means({ rgb, width, height }: Rgb, part: Part, columns: number, rows: number): number[] {
  const found: number[] = []
  for (let row = 0; row < rows; row++) {
    const down = bounds(part.down, row, rows, height)
    for (let column = 0; column < columns; column++) {
      const across = bounds(part.across, column, columns, width)
      const sums = [0, 0, 0]
      for (let y = down.from; y < down.to; y++)
        for (let x = across.from; x < across.to; x++)
          for (let channel = 0; channel < 3; channel++)
            sums[channel]! += rgb[(y * width + x) * 3 + channel]!
      const count = (down.to - down.from) * (across.to - across.from)
      found.push(...sums.map((sum) => sum / count))
    }
  }
  return found
}

/** Pixels of one of so many fields along a side, at least one. */
function bounds(
  [begin, end]: readonly [number, number],
  field: number,
  fields: number,
  side: number
): { from: number; to: number } {
  const at = (place: number): number => side * (begin + ((end - begin) * place) / fields)
  const from = Math.min(side - 1, Math.round(at(field)))
  return { from, to: Math.min(side, Math.max(from + 1, Math.round(at(field + 1)))) }
}
