// The photos of the map as the page has them: places from the engine, joined with what of the
// library is shown, so that the grid's filter holds here, too. Pure; runs in the page.
import type { MapPoints } from './map-tiles.ts'

/** As the engine gives it, all slices together. */
export interface WholeMap extends MapPoints {
  version: number
  layout: number
}

/** Photos that are shown, in the library's order. */
export interface ShownPoints extends MapPoints {
  /** Where each lies in the library's order. */
  order: Uint32Array
}

export const NO_POINTS: ShownPoints = {
  ids: new Uint32Array(0),
  places: new Float32Array(0),
  clusters: new Uint8Array(0),
  order: new Uint32Array(0)
}

/** The photos of the library that have a place on the map. */
export function joinedPoints(map: MapPoints, library: Uint32Array): ShownPoints {
  const last = map.ids.at(-1) ?? 0 // they come in order
  const placeOf = new Int32Array(last + 1).fill(-1)
  map.ids.forEach((id, i) => (placeOf[id] = i))
  const at = new Uint32Array(library.length)
  const order = new Uint32Array(library.length)
  let n = 0
  library.forEach((id, place) => {
    const found = id <= last ? placeOf[id]! : -1
    if (found < 0) return
    at[n] = found
    order[n++] = place
  })
  return some(map, at.subarray(0, n), order.slice(0, n))
}

function some(
  { ids, places, clusters }: MapPoints,
  at: Uint32Array,
  order: Uint32Array
): ShownPoints {
  const chosen = new Float32Array(2 * at.length)
  at.forEach((from, i) => {
    chosen[2 * i] = places[2 * from]!
    chosen[2 * i + 1] = places[2 * from + 1]!
  })
  return {
    ids: at.map((from) => ids[from]!),
    places: chosen,
    clusters: Uint8Array.from(at, (from) => clusters[from]!),
    order
  }
}
