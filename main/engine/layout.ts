// The order of the grid, kept so that a slice of it costs nothing, whole or through a filter; and
// its months. Runs in the engine. An order serves all revisions that did not change it; the last
// few are kept, so that slices that were begun with one can be finished.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Month } from '../wire/engine-contract.ts'
import type { Filter } from '../wire/query-contract.ts'
import { filterKey, passes } from './filters.ts'
import type { Filters } from './filters.ts'

/** Photos of the grid, newest first; parallel arrays. */
interface Order {
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer> // width / height
  days: Int32Array<ArrayBuffer> // since 1970
}

/** An order, and the revisions of the library that it was asked for at. */
interface KeptOrder {
  key: string
  version: number // of what passes the filter
  from: number
  to: number
  order: Order
}

/** A slice of an order; `total` photos are in the whole of it. */
export interface Slice {
  revision: number
  total: number
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer>
}

export interface SliceRequest {
  filter?: Filter | undefined
  offset?: number | undefined
  count?: number | undefined
  /** The order that former slices came from; without it, today's. */
  revision?: number | undefined
}

export interface Layouts {
  slice(request: SliceRequest): Slice
  /** Months that hold photos, newest first. */
  months(filter: Filter | undefined): Month[]
}

const KEPT = 4
const DAY = 86_400_000 // ms

/**
 * Makes the layouts of a catalogue; `revision` rises with every change that the library may show,
 * `versionOf` is the last one that changed what passes a filter.
 */
export function createLayouts(
  catalogue: Catalogue,
  filters: Filters,
  revision: () => number,
  versionOf: (filter: Filter | undefined) => number = revision
): Layouts {
  let kept: KeptOrder[] = [] // latest first

  function orderOf(filter: Filter | undefined, wanted?: number): [number, Order] {
    const key = filterKey(filter)
    const begun = kept.find(
      (one) => one.key === key && wanted !== undefined && one.from <= wanted && wanted <= one.to
    )
    const [now, version] = [revision(), versionOf(filter)]
    const held =
      begun ??
      kept.find((one) => one.key === key && one.version === version) ??
      { key, version, from: now, to: now, order: make(filter) }
    if (!begun) held.to = now
    kept = [held, ...kept.filter((one) => one !== held)].slice(0, KEPT)
    return [begun && wanted !== undefined ? wanted : now, held.order]
  }

  function make(filter: Filter | undefined): Order {
    const mask = filters.maskOf(filter)
    return mask ? filtered(orderOf(undefined)[1], mask) : catalogue.photos.grid()
  }

  return {
    slice({ filter, offset = 0, count, revision: wanted }) {
      const [its, { ids, aspects }] = orderOf(filter, wanted)
      const end = count === undefined ? ids.length : offset + count
      return {
        revision: its,
        total: ids.length,
        ids: ids.slice(offset, end),
        aspects: aspects.slice(offset, end)
      }
    },
    months: (filter) => monthsOf(orderOf(filter)[1].days)
  }
}

function filtered({ ids, aspects, days }: Order, mask: Uint8Array): Order {
  const places = ids.map((_, place) => place).filter((place) => passes(mask, ids[place]!))
  return {
    ids: places.map((place) => ids[place]!),
    aspects: Float32Array.from(places, (place) => aspects[place]!),
    days: Int32Array.from(places, (place) => days[place]!)
  }
}

/** Days in falling order, counted by month. */
function monthsOf(days: Int32Array): Month[] {
  const months: Month[] = []
  let first = Infinity // day of the month that is counted
  for (const day of days) {
    if (day < first) {
      const date = new Date(day * DAY)
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
      first = Date.UTC(year, month) / DAY
      months.push({ year, month: month + 1, photos: 0 })
    }
    months.at(-1)!.photos++
  }
  return months
}
