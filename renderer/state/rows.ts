// The geometry of justified rows: which photos share a row, how tall it is, where each tile lies.
// Pure; runs in the page. One pass over the aspects, nothing kept per photo: a million photos are
// two arrays of one number a row. It must not know of the DOM.
//
// [Note: own rows] The library justified-layout makes an object a photo and copies all of them for
// each row: 49 ms for 10,000 photos, 2.2 s for 50,000, 9.9 s for 100,000. This takes 8 ms for
// 1,000,000 (1280 px).

/**
 * A tile is never narrower or wider than this (width / height); what lies beyond is cropped in it.
 */
const NARROWEST = 0.45
export const WIDEST = 3.2
/** Without a photo's size its tile is this wide. */
const UNKNOWN = 1

export interface Rows {
  /** First photo of each row, then n as the end mark: [rows + 1]. */
  starts: Uint32Array
  /** Top of each row in pixels, then the top that a next row would have: [rows + 1]. */
  tops: Float64Array
  /** Pixels of the container and between tiles. */
  width: number
  gap: number
  /** Pixels under each picture that belong to its tile (its caption). */
  caption: number
}

export const NO_ROWS: Rows = {
  starts: new Uint32Array(1),
  tops: new Float64Array(1),
  width: 0,
  gap: 0,
  caption: 0
}

/** The aspect that a photo has in the grid. */
export function tileAspect(aspect: number): number {
  if (!(aspect > 0) || !Number.isFinite(aspect)) return UNKNOWN
  return Math.min(WIDEST, Math.max(NARROWEST, aspect))
}

/**
 * Breaks photos into rows that fill `width`, each as near as a greedy choice gets to `target`
 * pixels high. The last row keeps the target height and may end short.
 * @param aspects width / height of each photo [n]; what is no size counts as a square
 */
export function layRows(
  aspects: Float32Array,
  width: number,
  target: number,
  gap: number,
  caption = 0
): Rows {
  const n = aspects.length
  // No row holds fewer photos than fit at the widest, but the first guess may be short: it grows.
  let starts = new Uint32Array(1024)
  let tops = new Float64Array(1024)
  let row = 0
  let top = 0
  let first = 0
  while (first < n) {
    let sum = 0
    let next = first
    let height = target
    while (next < n) {
      const aspect = tileAspect(aspects[next] ?? UNKNOWN)
      const count = next - first + 1
      const withThis = (width - gap * (count - 1)) / (sum + aspect)
      if (withThis > target) {
        sum += aspect
        next++
        continue
      }
      // This photo makes the row too low, without it the row is too high: the smaller error wins.
      const without = count > 1 ? (width - gap * (count - 2)) / sum : Infinity
      if (withThis > 0 && target / withThis <= without / target) {
        height = withThis
        next++
      } else {
        height = without
      }
      break
    }
    if (row + 2 > starts.length) {
      starts = grown(starts, new Uint32Array(starts.length * 2))
      tops = grown(tops, new Float64Array(tops.length * 2))
    }
    starts[row] = first
    tops[row] = top
    top += Math.max(1, Math.round(height)) + caption + gap
    first = next
    row++
  }
  starts[row] = n
  tops[row] = top
  return { starts: starts.slice(0, row + 1), tops: tops.slice(0, row + 1), width, gap, caption }
}

function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from)
  return to
}

/** How many rows there are. */
export function rowCount(rows: Rows): number {
  return rows.starts.length - 1
}

/** Height of all rows in pixels, without a gap after the last. */
export function totalHeight(rows: Rows): number {
  const count = rowCount(rows)
  return count === 0 ? 0 : at(rows.tops, count) - rows.gap
}

/** Height of a row's pictures in pixels. */
export function rowHeight(rows: Rows, row: number): number {
  return at(rows.tops, row + 1) - at(rows.tops, row) - rows.gap - rows.caption
}

/**
 * Where the tiles of a row lie: left edge and width of each in whole pixels [2 * tiles]. A full row
 * ends exactly at the container's edge.
 */
export function placeRow(rows: Rows, aspects: Float32Array, row: number): Int32Array {
  const first = at(rows.starts, row)
  const count = at(rows.starts, row + 1) - first
  const height = rowHeight(rows, row)
  let sum = 0
  for (let i = 0; i < count; i++) sum += tileAspect(aspects[first + i] ?? UNKNOWN)
  const inner = rows.width - rows.gap * (count - 1)
  // Rounding the height to whole pixels moves a full row by less than half a pixel an aspect.
  const isShort = row === rowCount(rows) - 1 && sum * (height + 0.5) < inner
  const scale = (isShort ? sum * height : inner) / sum
  const places = new Int32Array(2 * count)
  let passed = 0
  let left = 0
  for (let i = 0; i < count; i++) {
    passed += tileAspect(aspects[first + i] ?? UNKNOWN)
    const right = Math.round(passed * scale) + rows.gap * i
    places[2 * i] = left
    places[2 * i + 1] = right - left
    left = right + rows.gap
  }
  return places
}

/** The row that covers `y` pixels, the gap under it included; held inside the rows there are. */
export function rowAt(rows: Rows, y: number): number {
  return lastNotAbove(rows.tops, y, rowCount(rows))
}

/** The row that holds a photo, by the photo's place in the library. */
export function rowOf(rows: Rows, index: number): number {
  return lastNotAbove(rows.starts, index, rowCount(rows))
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'page-up' | 'page-down'

/** The keys of each step. */
export const STEP_KEYS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
  PageUp: 'page-up',
  PageDown: 'page-down'
}

/**
 * The photo that a step from photo `index` leads to; up and down keep to the tile that lies
 * nearest.
 */
export function stepFrom(
  rows: Rows,
  aspects: Float32Array,
  index: number,
  step: Step,
  pageHeight: number
): number {
  const last = aspects.length - 1
  if (step === 'left') return Math.max(0, index - 1)
  if (step === 'right') return Math.min(last, index + 1)
  if (step === 'first') return 0
  if (step === 'last') return last
  const row = rowOf(rows, index)
  const rest = rowCount(rows) - 1
  const top = at(rows.tops, row)
  let to = row + (step === 'up' || step === 'page-up' ? -1 : 1)
  if (step === 'page-up') to = Math.min(to, rowAt(rows, top - pageHeight) + 1)
  if (step === 'page-down') to = Math.max(to, rowAt(rows, top + pageHeight))
  to = Math.max(0, Math.min(rest, to))
  if (to === row) return index
  const from = placeRow(rows, aspects, row)
  const tile = index - at(rows.starts, row)
  const middle = at(from, 2 * tile) + at(from, 2 * tile + 1) / 2
  return at(rows.starts, to) + nearestTile(placeRow(rows, aspects, to), middle)
}

/** Of the tiles of a row (see `placeRow`) the one whose middle lies nearest. */
export function nearestTile(places: Int32Array, middle: number): number {
  let best = 0
  let bestDistance = Infinity
  for (let i = 0; 2 * i < places.length; i++) {
    const distance = Math.abs(at(places, 2 * i) + at(places, 2 * i + 1) / 2 - middle)
    if (distance < bestDistance) [best, bestDistance] = [i, distance]
  }
  return best
}

/** The largest i below `end` with sorted[i] <= value, or 0. */
function lastNotAbove(sorted: ArrayLike<number>, value: number, end: number): number {
  let low = 0
  let high = Math.max(1, end)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(sorted, middle) <= value) low = middle
    else high = middle
  }
  return low
}

function at(array: ArrayLike<number>, i: number): number {
  return array[i] ?? 0
}
