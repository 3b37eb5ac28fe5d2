// What of the map is in view: its middle and scale, and what follows for points on the screen.
// Pure; runs in the page. Places are the map's, points are CSS pixels in its field.
import type { Step } from '../rows.ts'
import type { Point, Size } from '../large/zoom-geometry.ts'

/** What is looked at: the place in the middle of the field, and how near. */
export interface MapFraming extends Point {
  scale: number // CSS pixels for a distance of 1
}

/** Places of photos [n, 2]. */
export type Places = Float32Array

/** Pixels that are left free around what is shown as a whole. */
const MARGIN = 64
/** From as near as this, photos that hardly differ still lie apart. */
const CLOSEST = 400_000
/** So much farther than the whole one may go. */
const FARTHEST = 0.7

/** The framing that shows some places as a whole. */
export function fitted(places: Places, { width, height }: Size, most = CLOSEST): MapFraming {
  const [lowX, highX] = extent(places, 0)
  const [lowY, highY] = extent(places, 1)
  const room = (side: number): number => Math.max(1, side - 2 * Math.min(MARGIN, side / 6))
  const scale = Math.min(
    room(width) / Math.max(highX - lowX, 1e-9),
    room(height) / Math.max(highY - lowY, 1e-9),
    most
  )
  return { x: (lowX + highX) / 2, y: (lowY + highY) / 2, scale }
}

function extent(places: Places, axis: 0 | 1): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let at = axis; at < places.length; at += 2) {
    low = Math.min(low, places[at]!)
    high = Math.max(high, places[at]!)
  }
  return low <= high ? [low, high] : [-1, 1]
}

/** Where a place is in the field. */
export function pointOf(framing: MapFraming, size: Size, x: number, y: number): Point {
  return {
    x: size.width / 2 + (x - framing.x) * framing.scale,
    y: size.height / 2 + (y - framing.y) * framing.scale
  }
}

/** The place at a point of the field. */
export function placeAt(framing: MapFraming, size: Size, point: Point): Point {
  return {
    x: framing.x + (point.x - size.width / 2) / framing.scale,
    y: framing.y + (point.y - size.height / 2) / framing.scale
  }
}

/** Nearer or farther by a factor; what is at the point stays there. */
export function zoomed(
  framing: MapFraming,
  size: Size,
  factor: number,
  at: Point,
  whole: MapFraming
): MapFraming {
  const wanted = framing.scale * factor
  const scale = Math.max(whole.scale * FARTHEST, Math.min(Math.max(CLOSEST, whole.scale), wanted))
  const place = placeAt(framing, size, at)
  return {
    x: place.x - (at.x - size.width / 2) / scale,
    y: place.y - (at.y - size.height / 2) / scale,
    scale
  }
}

/** Moved by pixels; the middle stays where there may be photos. */
export function moved(framing: MapFraming, by: Point): MapFraming {
  const within = (value: number): number => Math.max(-1.5, Math.min(1.5, value))
  return {
    x: within(framing.x - by.x / framing.scale),
    y: within(framing.y - by.y / framing.scale),
    scale: framing.scale
  }
}

/** Moved as little as is needed for a place to be well inside the field. */
export function revealing(framing: MapFraming, { width, height }: Size, place: Point): MapFraming {
  const reach = (side: number): number => Math.max(0, side / 2 - MARGIN) / framing.scale
  const nearer = (from: number, to: number, most: number): number =>
    from < to - most ? to - most : from > to + most ? to + most : from
  return {
    x: nearer(framing.x, place.x, reach(width)),
    y: nearer(framing.y, place.y, reach(height)),
    scale: framing.scale
  }
}

/** A framing on the way from one to another; `share` 0..1. Scales go by factors. */
export function between(from: MapFraming, to: MapFraming, share: number): MapFraming {
  const scale = from.scale * (to.scale / from.scale) ** share
  // Middles move as the scale does, so that what one zooms to does not swing out.
  const span = 1 / to.scale - 1 / from.scale
  const moved = Math.abs(span) < 1e-12 ? share : (1 / scale - 1 / from.scale) / span
  return {
    x: from.x + (to.x - from.x) * moved,
    y: from.y + (to.y - from.y) * moved,
    scale
  }
}

/** Which of the points (lists of x and y) lies next in a direction; -1: none. */
export function nextTowards(places: Places, from: number, step: Step): number {
  const ways: Partial<Record<Step, [number, number]>> = {
    left: [-1, 0],
    right: [1, 0],
    up: [0, -1],
    down: [0, 1]
  }
  const way = ways[step]
  if (!way || from < 0) return -1
  const [x, y] = [places[2 * from]!, places[2 * from + 1]!]
  let best = -1
  let least = Infinity
  for (let i = 0; 2 * i < places.length; i++) {
    if (i === from) continue
    const [dx, dy] = [places[2 * i]! - x, places[2 * i + 1]! - y]
    const ahead = dx * way[0] + dy * way[1]
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0])
    if (ahead <= 0 || aside > ahead) continue // a quarter of the plane in each direction
    const cost = ahead * ahead + 4 * aside * aside
    if (cost < least) [best, least] = [i, cost]
  }
  return best
}

/** Which places lie within a line that is drawn around them; its ends are joined. */
export function within(places: Places, line: readonly Point[]): number[] {
  const found: number[] = []
  if (line.length < 3) return found
  const [lowX, highX] = range(line.map(({ x }) => x))
  const [lowY, highY] = range(line.map(({ y }) => y))
  for (let i = 0; 2 * i < places.length; i++) {
    const [x, y] = [places[2 * i]!, places[2 * i + 1]!]
    if (x < lowX || x > highX || y < lowY || y > highY) continue
    if (isInside(line, x, y)) found.push(i)
  }
  return found
}

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

/** By the number of edges to the right of it: odd inside. */
function isInside(line: readonly Point[], x: number, y: number): boolean {
  let inside = false
  let last = line.at(-1)!
  for (const point of line) {
    const crosses = point.y > y !== last.y > y
    if (crosses && x < ((last.x - point.x) * (y - point.y)) / (last.y - point.y) + point.x)
      inside = !inside
    last = point
  }
  return inside
}
