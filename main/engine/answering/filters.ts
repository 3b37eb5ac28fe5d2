// What a filter selects, as a bitset over ids: the scan and the grid take it. Runs in the reader.
// Kept until the library changes.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Filter } from '../../wire/query-contract.ts'

export interface Filters {
  /**
   * Bit `id & 7` of byte `id >>> 3` is set where the photo passes all that the filter names;
   * undefined for a filter that names nothing. Not to be written to.
   */
  maskOf(filter: Filter | undefined): Uint8Array | undefined
}

/** Masks that are kept. */
const KEPT = 8

/** Makes the filters of a catalogue; `revision` rises with every change of what passes one. */
export function createFilters(
  catalogue: Catalogue,
  revision: (filter: Filter) => number
): Filters {
  const kept = new Map<string, { revision: number; mask: Uint8Array }>()
  return {
    maskOf(filter = {}) {
      const parts = partsOf(catalogue, filter)
      if (parts.length === 0) return undefined
      const key = filterKey(filter)
      const held = kept.get(key)
      kept.delete(key)
      const now = revision(filter)
      const mask = held?.revision === now ? held.mask : masked(parts.map((part) => part()))
      kept.set(key, { revision: now, mask }) // the latest asked for is the last to go
      for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest)
      return mask
    }
  }
}

/** The same text for the same filter. */
export function filterKey(filter: Filter = {}): string {
  const { folder, directory, from, until, favourites, rating = 0, ...traits } = filter
  const { camera, format, orientation, megapixels = 0, placed, near } = traits
  const centre = near && [near.latitude, near.longitude, near.kilometres]
  const marks = [favourites === true, rating]
  const place = [folder, folder && directory]
  return JSON.stringify([
    ...place, from, until, ...marks, camera, format, orientation, megapixels, placed, centre
  ])
}

/** Whether a photo passes a mask. */
export function passes(mask: Uint8Array, id: number): boolean {
  return (((mask[id >>> 3] ?? 0) >> (id & 7)) & 1) === 1
}

/** What a part of a filter selects: ids, or a bitset of them. */
type Selected = readonly number[] | Uint8Array

/** How to get what each part of a filter selects. */
function partsOf(catalogue: Catalogue, filter: Filter): (() => Selected)[] {
  const { folder, directory, from, until, favourites, rating } = filter
  const parts: (() => Selected)[] = []
  if (folder !== undefined)
    parts.push(() => [
      ...catalogue.photos.idsIn(folder, directory),
      ...catalogue.otherPaths.idsIn(folder, directory)
    ])
  if (from !== undefined || until !== undefined)
    parts.push(() => catalogue.photos.idsBetween(from ?? -Infinity, until ?? Infinity))
  if (favourites) parts.push(() => catalogue.photos.favouriteIds())
  if (rating) parts.push(() => catalogue.photos.ratedIds(rating))
  return [...parts, ...traitsOf(catalogue, filter)]
}

/** The same for what photos are, and what is known of them. */
function traitsOf({ traits }: Catalogue, filter: Filter): (() => Selected)[] {
  const { camera, format, orientation, megapixels, placed, near } = filter
  const parts: (() => Selected)[] = []
  if (camera !== undefined) parts.push(() => traits.ofCamera(camera))
  if (format !== undefined) parts.push(() => traits.ofFormat(format))
  if (orientation !== undefined) parts.push(() => traits.ofOrientation(orientation))
  if (megapixels) parts.push(() => traits.ofPixels(1e6 * megapixels))
  if (placed !== undefined) parts.push(() => (placed ? traits.placed() : unplaced(traits)))
  if (near !== undefined) parts.push(() => traits.near(near))
  return parts
}

/** All ids but those of photos with a place: some may be gone, or not shown yet. */
function unplaced(traits: Catalogue['traits']): Uint8Array {
  const bits = new Uint8Array((traits.highest() >> 3) + 1).fill(0xff)
  for (const id of traits.placed()) bits[id >>> 3]! &= ~(1 << (id & 7))
  return bits
}

/** The bitset of what is in every part. */
function masked(parts: readonly Selected[]): Uint8Array {
  const [first = new Uint8Array(), ...others] = parts.map((part) =>
    part instanceof Uint8Array ? part : bitsetOf(part)
  )
  let mask = first
  for (const other of others) {
    const next = other.subarray(0, mask.length)
    mask = mask.subarray(0, next.length)
    next.forEach((bits, i) => (mask[i]! &= bits))
  }
  return mask
}

function bitsetOf(ids: readonly number[]): Uint8Array {
  const most = ids.reduce((greatest, id) => Math.max(greatest, id), -1)
  const bits = new Uint8Array((most >> 3) + 1) // of no ids, none
  for (const id of ids) bits[id >>> 3]! |= 1 << (id & 7)
  return bits
}
