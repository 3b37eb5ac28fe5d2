// Lays one small grey picture over another: where the one is a part of the other, a little smaller,
// moved, brighter or darker. Pure.
//
// [Note: laying one picture over another] A crop or a frame is a stretch and a shift along both
// axes. Gauss-Newton finds them together with the gain and offset of brightness (Lucas and Kanade
// 1981; Baker and Matthews 2004, 4), first in a quarter of the cells, then in all.
import { SIDE } from './fingerprint.ts'

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
  const last = SIDE - 1
  for (let y = 0, at = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, at++)
      across[at] = 2 * cells[at]! + cells[x > 0 ? at - 1 : at]! + cells[x < last ? at + 1 : at]!
  for (let y = 0, at = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, at++)
      soft[at] =
        2 * across[at]! + across[y > 0 ? at - SIDE : at]! + across[y < last ? at + SIDE : at]!
  return soft
}

/** The cells of a picture at a placement. */
export function shownAt(
  [sx, tx, sy, ty]: Placement,
  whole: Float32Array,
  side: number
): Float32Array {
  const seen = new Float32Array(side * side)
  const middle = (side - 1) / 2
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++, at++)
      seen[at] = sample(
        whole,
        side,
        middle + sx * (x - middle) + tx * side,
        middle + sy * (y - middle) + ty * side
      )
  return seen
}

/** Between cells, linear; beyond the edge as on it. */
function sample(cells: Float32Array, side: number, x: number, y: number): number {
  const cx = x < 0 ? 0 : x > side - 1 ? side - 1 : x
  const cy = y < 0 ? 0 : y > side - 1 ? side - 1 : y
  const x0 = Math.min(cx | 0, side - 2)
  const y0 = Math.min(cy | 0, side - 2)
  const [fx, fy] = [cx - x0, cy - y0]
  const at = y0 * side + x0
  const above = cells[at]! + fx * (cells[at + 1]! - cells[at]!)
  const below = cells[at + side]! + fx * (cells[at + side + 1]! - cells[at + side]!)
  return above + fy * (below - above)
}

const UNKNOWNS = 6
const normal = new Float64Array(UNKNOWNS * (UNKNOWNS + 1))
const row = new Float64Array(UNKNOWNS + 1)

/** A step of Gauss-Newton; how far it moved, as a share of the side. */
function improve(
  placement: Placement,
  part: Float32Array,
  whole: Float32Array,
  side: number
): number {
  const [sx, tx, sy, ty] = placement
  const middle = (side - 1) / 2
  normal.fill(0)
  for (let y = 0, at = 0; y < side; y++) {
    const dy = (y - middle) / side
    const wy = middle + sy * (y - middle) + ty * side
    for (let x = 0; x < side; x++, at++) {
      const dx = (x - middle) / side
      const wx = middle + sx * (x - middle) + tx * side
      const gx = (sample(whole, side, wx + 0.5, wy) - sample(whole, side, wx - 0.5, wy)) * side
      const gy = (sample(whole, side, wx, wy + 0.5) - sample(whole, side, wx, wy - 0.5)) * side
      row[0] = -gx * dx
      row[1] = -gx
      row[2] = -gy * dy
      row[3] = -gy
      row[4] = part[at]!
      row[5] = 1
      row[6] = sample(whole, side, wx, wy)
      for (let i = 0; i < UNKNOWNS; i++)
        for (let j = i; j <= UNKNOWNS; j++) normal[i * (UNKNOWNS + 1) + j]! += row[i]! * row[j]!
    }
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

