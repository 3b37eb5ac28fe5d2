// The order of the grid, kept so that a slice of it costs nothing, whole or through a filter; and
// its months. Runs in the engine. An order is named by the revision that last changed what passes
// its filter; the last few are kept, so that slices that were begun with one can be finished.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Month } from '../../wire/engine-contract.ts'
import type { Filter } from '../../wire/query-contract.ts'
import { filterKey, passes } from './filters.ts'
import type { Filters } from './filters.ts'

/** Photos of the grid, newest first; parallel arrays. */
interface Order {
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer> // width / height
  days: Int32Array<ArrayBuffer> // since 1970
}

interface KeptOrder {
  key: string
  version: number // of what passes the filter
  order: Order
}

/** A slice of an order; `total` photos are in the whole of it. */
export interface Slice {
  order: number
  total: number
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer>
}

export interface SliceRequest {
  filter?: Filter | undefined
  offset?: number | undefined
  count?: number | undefined
  /** The order that former slices came from; without it, today's. */
  order?: number | undefined
}

export interface Layouts {
  slice(request: SliceRequest): Slice
  /** Months that hold photos, newest first. */
  months(filter: Filter | undefined): Month[]
}

const KEPT = 4
const DAY = 86_400_000 // ms

/** Makes the layouts of a catalogue; another version: another order of what passes a filter. */
export function createLayouts(
  catalogue: Catalogue,
  filters: Filters,
  versionOf: (filter: Filter | undefined) => number
): Layouts {
  let kept: KeptOrder[] = [] // latest first

  function orderOf(filter: Filter | undefined, wanted?: number): KeptOrder {
    const key = filterKey(filter)
    const find = (version: number | undefined): KeptOrder | undefined =>
      kept.find((one) => one.key === key && one.version === version)
    const version = versionOf(filter)
    const held = find(wanted) ?? find(version) ?? { key, version, order: make(filter) }
    kept = [held, ...kept.filter((one) => one !== held)].slice(0, KEPT)
    return held
  }

  function make(filter: Filter | undefined): Order {
    const mask = filters.maskOf(filter)
    return mask ? filtered(orderOf(undefined).order, mask) : catalogue.photos.grid()
  }

  return {
    slice({ filter, offset = 0, count, order: wanted }) {
      const { version, order } = orderOf(filter, wanted)
      const { ids, aspects } = order
      const end = count === undefined ? ids.length : offset + count
      return {
        order: version,
        total: ids.length,
        ids: ids.slice(offset, end),
        aspects: aspects.slice(offset, end)
      }
    },
    months: (filter) => monthsOf(orderOf(filter).order.days)
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
