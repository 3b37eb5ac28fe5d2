// Lays one small grey picture over another: where the one is a part of the other, a little smaller,
// moved, brighter or darker. Pure.
//
// [Note: laying one picture over another] A crop or a frame is a stretch and a shift along both
// axes. Gauss-Newton finds them together with the gain and offset of brightness (Lucas and Kanade
// 1981; Baker and Matthews 2004, 4), first in a quarter of the cells, then in all.
import { SIDE } from './fingerprint.ts'

const CELLS = SIDE // imports are slow to read in loops where sources run as they are
const HALF = SIDE / 2
/** A picture that fills less of the other's width or height is another picture. */
const LEAST_SHARE = 0.72
const MOST_SHARE = 1.05
/** Steps in each size of the picture at most; one so short, as a share of the side, is the last. */
const MOST_STEPS = 10
const SETTLED = 0.001
/** Agreement in a quarter of the cells after these: less is not looked at more closely. */
const PROMISING = 0.7
/** What keeps a plain picture's equations solvable. */
const RIDGE = 1e-3

/** A picture in two sizes. */
export interface Small {
  fine: Float32Array // [SIDE, SIDE]
  coarse: Float32Array // [SIDE / 2, SIDE / 2], the means of four
}

/** The correlation of two pictures' cells, `places` naming those of the second. */
export function correlation(a: Float32Array, b: Float32Array, places?: Uint16Array): number {
  let [ab, aa, bb, sa, sb] = [0, 0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[places ? places[i]! : i]!]
    ab += x * y
    aa += x * x
    bb += y * y
    sa += x
    sb += y
  }
  const n = a.length
  const spread = (aa - (sa * sa) / n) * (bb - (sb * sb) / n)
  return spread > 0 ? (ab - (sa * sb) / n) / Math.sqrt(spread) : 0
}

/** Where cell (x, y) of the part lies in the whole, from both middles: (sx x + tx, sy y + ty). */
type Placement = [sx: number, tx: number, sy: number, ty: number] // t as shares of the side

/**
 * The agreement of a picture with the part of another that it shows best; the search begins with
 * `share` of the other's sides.
 */
export function laidOver(part: Small, whole: Small, share: number): number {
  const placement: Placement = [share, 0, share, 0]
  if (!settle(placement, part.coarse, whole.coarse, HALF)) return 0
  const found = correlation(part.coarse, shownAt(placement, whole.coarse, HALF))
  if (found < PROMISING) return found
  if (!settle(placement, part.fine, whole.fine, SIDE)) return 0
  return correlation(softened(part.fine), softened(shownAt(placement, whole.fine, SIDE)))
}

/** Moves a placement until it moves no more; false where it leads to no part of the picture. */
function settle(
  placement: Placement,
  part: Float32Array,
  whole: Float32Array,
  side: number
): boolean {
  for (let step = 0, moved = 1; step < MOST_STEPS && moved > SETTLED; step++) {
    moved = improve(placement, part, whole, side)
    const isPart = (share: number): boolean => share >= LEAST_SHARE && share <= MOST_SHARE
    if (!isPart(placement[0]) || !isPart(placement[2])) return false
  }
  return true
}

/**
 * Cells averaged with those around them (1 2 1 both ways): what was drawn between cells has lost as
 * much.
 */
export function softened(cells: Float32Array): Float32Array {
  const across = new Float32Array(cells.length)
  const soft = new Float32Array(cells.length)
  const last = CELLS - 1
  for (let y = 0, at = 0; y < CELLS; y++)
    for (let x = 0; x < CELLS; x++, at++)
      across[at] = 2 * cells[at]! + cells[x > 0 ? at - 1 : at]! + cells[x < last ? at + 1 : at]!
  for (let y = 0, at = 0; y < CELLS; y++)
    for (let x = 0; x < CELLS; x++, at++)
      soft[at] =
        2 * across[at]! + across[y > 0 ? at - CELLS : at]! + across[y < last ? at + CELLS : at]!
  return soft
}

/** The cells of a picture at a placement. */
export function shownAt(
  [sx, tx, sy, ty]: Placement,
  whole: Float32Array,
  side: number
): Float32Array {
  const seen = new Float32Array(side * side)
  acrossAt(whole, side, between(columns, side, sx, tx), across)
  const { before, share } = between(rows, side, sy, ty)
  for (let y = 0, at = 0; y < side; y++) {
    const [above, down] = [before[y]! * side, share[y]!]
    for (let x = 0; x < side; x++, at++) seen[at] = downAt(across, side, above + x, down)
  }
  return seen
}

/** Where each cell of a line lies in another line: after which cell, and how far to the next. */
interface Between {
  before: Uint8Array
  share: Float64Array
}

/** Linear between cells; beyond the edge as on it. `offset`: all lie so many cells further. */
function between(into: Between, side: number, scale: number, shift: number, offset = 0): Between {
  const middle = (side - 1) / 2
  for (let i = 0; i < side; i++) {
    const at = middle + scale * (i - middle) + shift * side + offset
    const inside = at < 0 ? 0 : at > side - 1 ? side - 1 : at
    const before = Math.min(Math.floor(inside), side - 2)
    into.before[i] = before
    into.share[i] = inside - before
  }
  return into
}

/** Every row of a picture [side, side] at such columns. */
function acrossAt(
  cells: Float32Array,
  side: number,
  { before, share }: Between,
  into: Float64Array
): void {
  for (let y = 0, at = 0; y < side; y++) {
    const row = y * side
    for (let x = 0; x < side; x++, at++) {
      const left = row + before[x]!
      into[at] = cells[left]! + share[x]! * (cells[left + 1]! - cells[left]!)
    }
  }
}

/** Between a cell and the one beneath it. */
function downAt(cells: Float64Array, side: number, above: number, share: number): number {
  return cells[above]! + share * (cells[above + side]! - cells[above]!)
}

// Room for one step, used again by the next.
const line = (): Between => ({ before: new Uint8Array(CELLS), share: new Float64Array(CELLS) })
const [columns, rows, rowsAbove, rowsBelow] = [line(), line(), line(), line()]
const picture = (): Float64Array => new Float64Array(CELLS * CELLS)
const [across, acrossLeft, acrossRight] = [picture(), picture(), picture()]
const UNKNOWNS = 6
const normal = new Float64Array(UNKNOWNS * (UNKNOWNS + 1))

/** Adds to a row of the normal equations, from its diagonal on. */
function add(row: number, values: readonly number[]): void {
  for (let i = 0; i < values.length; i++) normal[row * (UNKNOWNS + 2) + i]! += values[i]!
}

/** A step of Gauss-Newton; how far it moved, as a share of the side. */
function improve(
  placement: Placement,
  part: Float32Array,
  whole: Float32Array,
  side: number
): number {
  const [sx, tx, sy, ty] = placement
  const middle = (side - 1) / 2
  // Columns and rows are independent, as nothing is turned here; slopes are over half a cell.
  acrossAt(whole, side, between(columns, side, sx, tx, -0.5), acrossLeft)
  acrossAt(whole, side, between(columns, side, sx, tx, 0.5), acrossRight)
  acrossAt(whole, side, between(columns, side, sx, tx), across)
  between(rows, side, sy, ty)
  between(rowsAbove, side, sy, ty, -0.5)
  between(rowsBelow, side, sy, ty, 0.5)
  normal.fill(0)
  for (let y = 0, at = 0; y < side; y++) {
    const dy = (y - middle) / side
    let [xx, xxd, xxdd, xy, xyd, xp, xpd, x1, x1d, xv] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let [xvd, yy, yp, y1, yv, pp, p1, pv, v1] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
    const [here, down] = [rows.before[y]! * side, rows.share[y]!]
    const [above, downAbove] = [rowsAbove.before[y]! * side, rowsAbove.share[y]!]
    const [below, downBelow] = [rowsBelow.before[y]! * side, rowsBelow.share[y]!]
    for (let x = 0; x < side; x++, at++) {
      const dx = (x - middle) / side
      const left = downAt(acrossLeft, side, here + x, down)
      const gx = (downAt(acrossRight, side, here + x, down) - left) * side
      const upper = downAt(across, side, above + x, downAbove)
      const gy = (downAt(across, side, below + x, downBelow) - upper) * side
      const value = downAt(across, side, here + x, down)
      const p = part[at]!
      xx += gx * gx
      xxd += gx * gx * dx
      xxdd += gx * gx * dx * dx
      xy += gx * gy
      xyd += gx * gy * dx
      xp += gx * p
      xpd += gx * p * dx
      x1 += gx
      x1d += gx * dx
      xv += gx * value
      xvd += gx * value * dx
      yy += gy * gy
      yp += gy * p
      y1 += gy
      yv += gy * value
      pp += p * p
      p1 += p
      pv += p * value
      v1 += value
    }
    add(0, [xxdd, xxd, xyd * dy, xyd, -xpd, -x1d, -xvd])
    add(1, [xx, xy * dy, xy, -xp, -x1, -xv])
    add(2, [yy * dy * dy, yy * dy, -yp * dy, -y1 * dy, -yv * dy])
    add(3, [yy, -yp, -y1, -yv])
    add(4, [pp, p1, pv])
    add(5, [side, v1])
  }
  const solution = solve()
  for (let i = 0; i < 4; i++) placement[i]! += solution[i]!
  return Math.max(...solution.subarray(0, 4).map(Math.abs))
}

/** The unknowns of the normal equations (upper half, with their right side), by elimination. */
function solve(): Float64Array {
  const width = UNKNOWNS + 1
  for (let i = 0; i < UNKNOWNS; i++) {
    const pivot = normal[i * width + i]! + RIDGE
    for (let k = i + 1; k < UNKNOWNS; k++) {
      const factor = normal[i * width + k]! / pivot
      for (let j = k; j < width; j++) normal[k * width + j]! -= factor * normal[i * width + j]!
    }
    normal[i * width + i] = pivot
  }
  const solution = new Float64Array(UNKNOWNS)
  for (let i = UNKNOWNS - 1; i >= 0; i--) {
    let rest = normal[i * width + UNKNOWNS]!
    for (let j = i + 1; j < UNKNOWNS; j++) rest -= normal[i * width + j]! * solution[j]!
    solution[i] = rest / normal[i * width + i]!
  }
  return solution
}

