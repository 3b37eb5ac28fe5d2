// The order of the grid, kept so that a slice of it costs nothing, whole or through a filter; and
// its months. Runs in the engine. A new revision is a new order; the last few are kept, so that
// slices that were begun with one can be finished.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Month } from '../wire/engine-contract.ts'
import type { Filter } from '../wire/query-contract.ts'
import { filterKey, passes } from './filters.ts'
import type { Filters } from './filters.ts'

/** Photos of the grid, newest first; parallel arrays. */
interface Order {
  revision: number
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer> // width / height
  days: Int32Array<ArrayBuffer> // since 1970
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

/** Makes the layouts of a catalogue; `revision` rises with every change that they may show. */
export function createLayouts(
  catalogue: Catalogue,
  filters: Filters,
  revision: () => number
): Layouts {
  let kept: { key: string; order: Order }[] = [] // latest first

  function orderOf(filter: Filter | undefined, wanted?: number): Order {
    const key = filterKey(filter)
    const heldAt = (at: number | undefined) =>
      kept.find((one) => one.key === key && one.order.revision === at)
    const held = heldAt(wanted) ?? heldAt(revision()) ?? { key, order: make(filter) }
    kept = [held, ...kept.filter((one) => one !== held)].slice(0, KEPT)
    return held.order
  }

  function make(filter: Filter | undefined): Order {
    const mask = filters.maskOf(filter)
    const now = revision()
    if (!mask) return { revision: now, ...catalogue.photos.grid() }
    return filtered(orderOf(undefined), mask)
  }

  return {
    slice({ filter, offset = 0, count, revision: wanted }) {
      const { revision: its, ids, aspects } = orderOf(filter, wanted)
      const end = count === undefined ? ids.length : offset + count
      return {
        revision: its,
        total: ids.length,
        ids: ids.slice(offset, end),
        aspects: aspects.slice(offset, end)
      }
    },
    months: (filter) => monthsOf(orderOf(filter).days)
  }
}

function filtered({ revision, ids, aspects, days }: Order, mask: Uint8Array): Order {
  const places = ids.map((_, place) => place).filter((place) => passes(mask, ids[place]!))
  return {
    revision,
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
