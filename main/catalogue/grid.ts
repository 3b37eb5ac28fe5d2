// The order of all photos that are shown, as the page's grid has it. Read in parts: the lists of a
// million photos as text, all at once, are memory that the engine keeps for long.
import { setImmediate } from 'node:timers/promises'
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import { NAME_BYTES } from '../wire/thumbnail.ts'
import type { Database } from './database.ts'
import { bytesOf, numbersOf } from './list-values.ts'

/** The grid, newest first; parallel arrays. */
export interface Grid {
  ids: Uint32Array<ArrayBuffer>
  aspects: Float32Array<ArrayBuffer> // width / height
  days: Int32Array<ArrayBuffer> // since 1970, ascending into the past; NO_DAY at the end
  thumbnails: Uint8Array<ArrayBuffer> // their names, [n, 16]
}

/** The day of photos without a date, before all others. */
export const NO_DAY = -(2 ** 31)

// As the index photos_in_grid has them, to the letter: else SQLite does not use it.
export const IN_GRID = `width IS NOT NULL AND status <> 'gone'`
export const TIME = 'coalesce(captured_at, file_time)'
const NAME = 'unhex(substr(hash, 1, 32))' // as bytes
const WITHIN_MOMENT = 'sort_name DESC, id DESC'

const DAY_MS = 86_400_000
const SHOWN_TIME = `coalesce(${TIME}, ${NO_DAY * DAY_MS})`
/** Photos of a part: some 3 ms. */
const AT_ONCE = 2000

const Part = v.object({
  ids: v.string(),
  widths: v.string(),
  heights: v.string(),
  times: v.string(), // ms since 1970
  names: v.nullable(v.string())
})
const Count = v.object({ count: v.number() })

/**
 * The function that reads the whole grid, newest first: by capture date, else file date, then name
 * and id; those without a date last. It has a connection of its own and pauses between parts, so
 * that others are served meanwhile; all is of the moment it began in. `atOnce`: photos of a part.
 */
export function gridOf(database: Database): (atOnce?: number) => Promise<Grid> {
  return async (atOnce = AT_ONCE) => {
    const own = database.another()
    try {
      own.script('BEGIN')
      return await read(own, atOnce)
    } finally {
      own.close()
    }
  }
}

/** Reads the grid a part at a time, with a pause after each. */
async function read(database: Database, count: number): Promise<Grid> {
  const partWhere = (condition: string, order: string) =>
    database.query(
      `SELECT json_group_array(id) AS ids, json_group_array(width) AS widths,
         json_group_array(height) AS heights, json_group_array(time) AS times,
         group_concat(hex(name), '') AS names
       FROM (SELECT id, width, height, ${SHOWN_TIME} AS time, ${NAME} AS name FROM photos
         WHERE ${IN_GRID} AND ${condition}
         ORDER BY ${order} LIMIT $count OFFSET $skip)`,
      Part
    )
  const dated = partWhere(`${TIME} <= $until`, `${TIME} DESC, ${WITHIN_MOMENT}`)
  const undated = partWhere(`${TIME} IS NULL`, WITHIN_MOMENT)
  const counted = database.query(`SELECT count(*) AS count FROM photos WHERE ${IN_GRID}`, Count)

  const total = counted.get()?.count ?? 0
  const grid = emptyGrid(total)
  let place = 0
  let until = Number.MAX_VALUE
  let skip = 0 // photos of the time `until` that are there already
  for (let times: number[] = [until]; times.length > 0; ) {
    times = keep(grid, place, dated.get({ until, count, skip }))
    place += times.length
    const last = times.at(-1) ?? until
    skip = last === until ? skip + times.length : times.length - times.indexOf(last)
    until = last
    await setImmediate()
  }
  for (let n = -1, had = place; n !== 0; place += n) {
    n = keep(grid, place, undated.get({ count, skip: place - had })).length
    await setImmediate()
  }
  if (place !== total) throw new Bug(`a grid of ${total} photos has ${place}`)
  return grid
}

function emptyGrid(total: number): Grid {
  return {
    ids: new Uint32Array(total),
    aspects: new Float32Array(total),
    days: new Int32Array(total),
    thumbnails: new Uint8Array(total * NAME_BYTES)
  }
}

/** Writes a part of the grid from `place` on; the times of its photos. */
function keep(grid: Grid, place: number, part: v.InferOutput<typeof Part> | undefined): number[] {
  if (!part) throw new Bug('an aggregate gives a row')
  const heights = numbersOf(part.heights)
  const times = numbersOf(part.times)
  const thumbnails = bytesOf(part.names)
  if (thumbnails.length !== NAME_BYTES * times.length)
    throw new Bug('a photo that has a size has a hash of 64 hexadecimal digits')
  grid.ids.set(numbersOf(part.ids), place)
  numbersOf(part.widths).forEach((width, i) => (grid.aspects[place + i] = width / heights[i]!))
  times.forEach((time, i) => (grid.days[place + i] = Math.floor(time / DAY_MS)))
  grid.thumbnails.set(thumbnails, place * NAME_BYTES)
  return times
}
