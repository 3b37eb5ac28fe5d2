// Which photos of the map are shown as pictures: as many as fit beside each other, the same ones
// for the same framing, and those that were there stay when one goes nearer. Pure; in the page.
//
// [Note: nested cells] The plane is cut into square cells whose side is a power of two, about as
// large as a picture is on the screen. Of each cell the photo that comes first in one fixed order
// is shown. Cells of the next scale are quarters of these, so a photo that is shown is shown from
// nearer, too. What would cover another one too much is left out.
import { pointOf } from './map-framing.ts'
import type { Size } from '../large/zoom-geometry.ts'
import type { MapFraming, Places } from './map-framing.ts'

/** Photos of the map; parallel arrays. */
export interface MapPoints {
  ids: Uint32Array
  places: Places // [n, 2]
  clusters: Uint8Array
}

/** A photo that is shown as a picture. */
export interface MapTile {
  /** Which of the points. */
  at: number
  x: number // its middle in the field, CSS pixels
  y: number
}

/** Pictures at most: what a window takes in a frame. */
const MOST_TILES = 320
/** Beyond the field's edge so much is ready, pixels. */
const AHEAD = 48

/**
 * Photos to be shown. @param side of a picture, CSS pixels. @param kept a point that is shown in
 * any case; -1: none
 */
export function tilesOf(
  { ids, places }: MapPoints,
  framing: MapFraming,
  field: Size,
  side: number,
  kept = -1
): MapTile[] {
  const cell = 2 ** Math.ceil(Math.log2(side / framing.scale))
  const [halfX, halfY] = [
    (field.width / 2 + AHEAD) / framing.scale,
    (field.height / 2 + AHEAD) / framing.scale
  ]
  const firstX = Math.floor((framing.x - halfX) / cell)
  const firstY = Math.floor((framing.y - halfY) / cell)
  const columns = Math.floor((framing.x + halfX) / cell) - firstX + 1
  const rows = Math.floor((framing.y + halfY) / cell) - firstY + 1
  const first = new Int32Array(columns * rows).fill(-1)
  for (let i = 0; i < ids.length; i++) {
    const column = Math.floor(places[2 * i]! / cell) - firstX
    const row = Math.floor(places[2 * i + 1]! / cell) - firstY
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue
    const at = row * columns + column
    if (first[at]! < 0 || comesBefore(ids[i]!, ids[first[at]!]!)) first[at] = i
  }
  const found = first.filter((at) => at >= 0 && at !== kept).sort((a, b) => {
    return comesBefore(ids[a]!, ids[b]!) ? -1 : 1
  })
  const all = kept >= 0 && kept < ids.length ? [kept, ...found] : [...found]
  const tiles: MapTile[] = []
  const room = new Room(side)
  for (const at of all) {
    if (tiles.length === MOST_TILES) break
    const point = pointOf(framing, field, places[2 * at]!, places[2 * at + 1]!)
    if (room.take(point.x, point.y)) tiles.push({ at, ...point })
  }
  return tiles
}

/** The fixed order: ids, mixed well. */
function comesBefore(id: number, other: number): boolean {
  return mixed(id) < mixed(other)
}

function mixed(id: number): number {
  let hash = Math.imul(id ^ (id >>> 16), 0x45d9f3b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Squares that are taken on the screen. */
class Room {
  readonly #side: number
  readonly #taken = new Map<string, [number, number][]>()

  constructor(side: number) {
    this.#side = side
  }

  /** True, and taken, where a square around a point covers no other by much. */
  take(x: number, y: number): boolean {
    const [column, row] = [Math.floor(x / this.#side), Math.floor(y / this.#side)]
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++)
        for (const [u, v] of this.#taken.get(`${column + dx},${row + dy}`) ?? [])
          if (Math.abs(x - u) < this.#side && Math.abs(y - v) < this.#side) return false
    const key = `${column},${row}`
    const there = this.#taken.get(key)
    if (there) there.push([x, y])
    else this.#taken.set(key, [[x, y]])
    return true
  }
}
