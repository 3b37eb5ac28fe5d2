// Makes the map of a library, kin near kin, and finds a place on it for photos that come later.
// Pure; the same photos, the same map.
//
// [Note: anchors] UMAP takes time and memory for each photo. So of a large library some thousands,
// spread over all of it, are laid out; each of the others is placed among the nearest of these, as
// a photo that comes later is among all.
import { seededRandom } from '../quant/random.ts'
import { clustersOf } from './clusters.ts'
import type { Cells } from './clusters.ts'
import { layOut } from './lay-out.ts'
import { codesOf, nearestIn, rowAt, rowsOf } from './near-rows.ts'
import type { Coded, Rows } from './near-rows.ts'
import { KIN, placeAmong, spacingOf } from './place-among.ts'
import { startOf, stirred } from './start.ts'

/** Photos that are laid out, at most; the others are placed among them. */
const MOST_ANCHORS = 8000
/** An earlier map with a smaller share of these than so is none to begin from. */
const LEAST_KNOWN = 0.5
const SEED = 20
/** This share of the places lies within the square from -1 to 1, with some room to its edges. */
const WITHIN = 0.995
const ROOM = 0.95
/** The places of so many photos are found between two ticks. */
const AT_ONCE = 64

/** Photos [n] with what they are compared by. */
export interface MapPhotos {
  ids: Uint32Array
  rows: Rows
  /** Their codes, by which kin of many are found. */
  coded?: Coded | undefined
}

/** Places [n, 2] of photos [n], by their ids. */
export interface Placed {
  ids: Uint32Array
  places: Float32Array
}

export interface MadeMap extends Placed {
  clusters: Cells
}

/** Told the share of the work that is done, often; what it throws ends the work. */
export type Tick = (share: number) => void

/**
 * Lays out a library. @param former an earlier map of it: what was there stays about where it was
 */
export async function makeMap(
  photos: MapPhotos,
  former: Placed | undefined,
  tick: Tick
): Promise<MadeMap> {
  const chosen = anchorsOf(photos)
  const anchors = some(photos, chosen)
  tick(0)
  const again = former && knows(former, anchors) ? startFrom(former, anchors, tick) : undefined
  const start = again ?? (await startOf(anchors.rows, SEED))
  const laidOut = layOut(anchors.rows, nearestIn(anchors.rows, anchors.coded), {
    start,
    again: again !== undefined,
    seed: SEED,
    tick: (share) => tick(0.1 + 0.6 * share)
  })
  const places = withinSquare(laidOut)
  const others = placeNew(photos, { ids: anchors.ids, places }, (share) => tick(0.7 + 0.3 * share))
  const all = joined({ ids: anchors.ids, places }, others)
  return { ...all, clusters: clustersOf(all.places) }
}

/** Finds places for the photos that have none; what has one stays where it is. */
export function placeNew(photos: MapPhotos, placed: Placed, tick: Tick): Placed {
  const placeOf = new Map(Array.from(placed.ids, (id, at) => [id, at]))
  const isPlaced = (_: unknown, i: number): boolean => placeOf.has(photos.ids[i]!)
  const every = Uint32Array.from(photos.ids, (_, i) => i)
  const there = every.filter(isPlaced)
  const lacking = every.filter((place, i) => !isPlaced(place, i))
  const places = new Float32Array(2 * lacking.length)
  if (lacking.length > 0 && there.length > 0) {
    const nearest = nearestIn(photos.rows, photos.coded, there)
    const ofAll = new Float32Array(2 * photos.ids.length) // what has no place is never found
    const ofThere = new Float32Array(2 * there.length)
    there.forEach((at, i) => {
      const from = placeOf.get(photos.ids[at]!)!
      const place = placed.places.subarray(2 * from, 2 * from + 2)
      ofAll.set(place, 2 * at)
      ofThere.set(place, 2 * i)
    })
    const known = { places: ofAll, spacing: spacingOf(ofThere) }
    lacking.forEach((at, i) => {
      if (i % AT_ONCE === 0) tick(i / lacking.length)
      const found = nearest(rowAt(photos.rows, at), KIN)
      places.set(placeAmong(known, found, photos.ids[at]!), 2 * i)
    })
  }
  return { ids: lacking.map((at) => photos.ids[at]!), places }
}

/** Some of the photos, in the order given. */
function some({ ids, rows, coded }: MapPhotos, places: Uint32Array): MapPhotos {
  return {
    ids: places.map((at) => ids[at]!),
    rows: rowsOf(rows, places),
    coded: coded && { ...coded, codes: codesOf(coded, places) }
  }
}

/**
 * Which photos are laid out: spread over all of the library, no two with the same descriptor. The
 * choice is by id, so that it stays the same for most of them when photos come.
 */
function anchorsOf({ ids, rows }: MapPhotos): Uint32Array {
  const keys = Float64Array.from(ids, (id) => seededRandom(id)())
  const order = [...ids.keys()].sort((a, b) => keys[a]! - keys[b]! || ids[a]! - ids[b]!)
  const seen = new Set<string>()
  const chosen: number[] = []
  for (const at of order) {
    if (chosen.length === MOST_ANCHORS) break
    const row = rowAt(rows, at)
    const key = Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('latin1')
    if (seen.has(key)) continue
    seen.add(key)
    chosen.push(at)
  }
  return Uint32Array.from(chosen)
}

/** Whether a map has enough of some photos to go on from: a few would hold back the others. */
function knows(former: Placed, { ids }: MapPhotos): boolean {
  const placed = new Set(former.ids)
  return ids.filter((id) => placed.has(id)).length >= LEAST_KNOWN * Math.max(1, ids.length)
}

/** Where anchors begin that have been on a map before; new ones among them. */
function startFrom(former: Placed, anchors: MapPhotos, tick: Tick): Float32Array {
  const added = placeNew(anchors, former, (share) => tick(0.1 * share))
  const all = joined(former, added)
  const placeOf = new Map(Array.from(all.ids, (id, at) => [id, at]))
  const places = new Float32Array(2 * anchors.ids.length)
  anchors.ids.forEach((id, i) => {
    const at = placeOf.get(id) ?? 0
    places.set(all.places.subarray(2 * at, 2 * at + 2), 2 * i)
  })
  // To the size in which UMAP works.
  return stirred(places.map((value) => value * 10), SEED)
}

function joined(one: Placed, other: Placed): Placed {
  const ids = new Uint32Array(one.ids.length + other.ids.length)
  ids.set(one.ids)
  ids.set(other.ids, one.ids.length)
  const places = new Float32Array(2 * ids.length)
  places.set(one.places)
  places.set(other.places, one.places.length)
  return { ids, places }
}

/** Moves and scales places so that they fill the square from -1 to 1. */
function withinSquare(places: Float32Array): Float32Array {
  const along = (axis: number): Float32Array =>
    places.filter((_, at) => at % 2 === axis).sort()
  const middle = [0, 1].map((axis) => {
    const values = along(axis)
    return (quantile(values, 1 - WITHIN) + quantile(values, WITHIN)) / 2
  })
  const centred = places.map((value, at) => value - middle[at % 2]!)
  const half = quantile(centred.map(Math.abs).sort(), WITHIN)
  const scale = half > 0 ? ROOM / half : 0
  return centred.map((value) => value * scale)
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1)))] ?? 0
}
