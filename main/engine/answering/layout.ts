// The order of the grid, kept so that a slice of it costs nothing, whole or through a filter; and
// its months. Runs in the reader. An order is named by the revision that last changed what passes
// its filter; the last few are kept, so that slices that were begun with one can be finished.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { NO_DAY } from '../../catalogue/grid.ts'
import type { Grid } from '../../catalogue/grid.ts'
import type { Month } from '../../wire/engine-records.ts'
import type { Filter } from '../../wire/query-contract.ts'
import { NAME_BYTES } from '../../wire/thumbnail.ts'
import { filterKey, passes } from './filters.ts'
import type { Filters } from './filters.ts'

interface KeptOrder {
  key: string
  version: number // of what passes the filter
  made: Promise<Order>
}

interface Order {
  grid: Grid // the whole of it
  /** Which places of the grid pass the filter; undefined: all. */
  places: Uint32Array<ArrayBuffer> | undefined
}

/** A slice of an order; `total` photos are in the whole of it, `all` in that without a filter. */
export interface Slice {
  order: number
  total: number
  all: number
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer> // width / height
  thumbnails: Uint8Array<ArrayBuffer> // names, [n, 16]
}

export interface SliceRequest {
  filter?: Filter | undefined
  offset?: number | undefined
  count?: number | undefined
  /** The order that former slices came from; without it, today's. */
  order?: number | undefined
}

export interface Layouts {
  slice(request: SliceRequest): Promise<Slice>
  /** Months that hold photos, newest first. */
  months(filter: Filter | undefined): Promise<Month[]>
}

/** Orders that are kept, and those of one filter: the last, and one that is still being read. */
const KEPT = 4
const KEPT_OF_FILTER = 2
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
    const held = find(wanted) ?? find(version) ?? begin(key, version, filter)
    const others = kept.filter((one) => one !== held)
    const ofFilter = others.filter((one) => one.key === key).slice(0, KEPT_OF_FILTER - 1)
    const rest = others.filter((one) => one.key !== key || ofFilter.includes(one))
    kept = [held, ...rest].slice(0, KEPT)
    return held
  }

  /** One that cannot be read is not kept: the next question tries again. */
  function begin(key: string, version: number, filter: Filter | undefined): KeptOrder {
    const begun = { key, version, made: make(filter) }
    begun.made.catch(() => (kept = kept.filter((one) => one !== begun)))
    return begun
  }

  async function make(filter: Filter | undefined): Promise<Order> {
    if (!filters.maskOf(filter))
      return { grid: await catalogue.photos.grid(), places: undefined }
    const { grid } = await orderOf(undefined).made
    const mask = filters.maskOf(filter)
    return { grid, places: mask && placesOf(grid.ids, mask) }
  }

  return {
    async slice({ filter, offset = 0, count, order: wanted }) {
      const { version, made } = orderOf(filter, wanted)
      const { grid, places } = await made
      const total = places?.length ?? grid.ids.length
      const end = count === undefined ? total : Math.min(total, offset + count)
      const slice = places ? taken(grid, places.subarray(offset, end)) : cut(grid, offset, end)
      return { order: version, total, all: grid.ids.length, ...slice }
    },
    async months(filter) {
      const { grid, places } = await orderOf(filter).made
      return monthsOf(places ? places.map((place) => grid.days[place]!) : grid.days)
    }
  }
}

type Photos = Pick<Slice, 'ids' | 'aspects' | 'thumbnails'>

/** The photos from one place of the grid to another. */
function cut({ ids, aspects, thumbnails }: Grid, from: number, to: number): Photos {
  return {
    ids: ids.slice(from, to),
    aspects: aspects.slice(from, to),
    thumbnails: thumbnails.slice(from * NAME_BYTES, to * NAME_BYTES)
  }
}

/** The photos at these places of the grid. */
function taken({ ids, aspects, thumbnails }: Grid, places: Uint32Array): Photos {
  const names = new Uint8Array(places.length * NAME_BYTES)
  places.forEach((place, i) => {
    const at = place * NAME_BYTES
    names.set(thumbnails.subarray(at, at + NAME_BYTES), i * NAME_BYTES)
  })
  return {
    ids: Uint32Array.from(places, (place) => ids[place]!),
    aspects: Float32Array.from(places, (place) => aspects[place]!),
    thumbnails: names
  }
}

/** Places of the ids that pass a mask. */
function placesOf(ids: Grid['ids'], mask: Uint8Array): Uint32Array<ArrayBuffer> {
  return ids.map((_, place) => place).filter((place) => passes(mask, ids[place]!))
}

/** Days in falling order, counted by month. */
function monthsOf(days: Iterable<number>): Month[] {
  const months: Month[] = []
  let first = Infinity // day of the month that is counted
  for (const day of days) {
    if (day === NO_DAY) break // only photos without a date follow
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
