// Photos by what they are and what is known of them: format, size, camera, place. For filters, and
// for the choice of filters.
import * as v from 'valibot'
import { DECODED_FORMATS, type DecodedFormat } from '../wire/decoder-contract.ts'
import { ORIENTATIONS, type Near, type Orientation } from '../wire/filter.ts'
import { degreesOf, kilometresBetween } from '../wire/photo-facts.ts'
import type { Database } from './database.ts'
import { IN_GRID } from './grid.ts'
import { idsOf, Ids, numbersOf } from './list-values.ts'

/** As `orientationOf` tells them. */
const SQUARE = '20 * max(width, height) <= 21 * min(width, height)'
const SHAPES: Readonly<Record<Orientation, string>> = {
  landscape: `width > height AND NOT ${SQUARE}`,
  portrait: `width < height AND NOT ${SQUARE}`,
  square: SQUARE
}
/** A little more than a rounding is worth, degrees. */
const EDGE = 1e-9

const Shapes = v.object({
  format: v.nullable(v.picklist(DECODED_FORMATS)),
  ids: v.string(),
  widths: v.string(),
  heights: v.string()
})
const Cameras = v.object({ camera: v.string(), ids: v.string() })
const Places = v.object({ ids: v.string(), latitudes: v.string(), longitudes: v.string() })

/** Parallel arrays of photos of one format, null where it is not known. */
export interface ShapesOfFormat {
  format: DecodedFormat | null
  ids: number[]
  widths: number[]
  heights: number[]
}

export type TraitTable = ReturnType<typeof traitTable>

/** The statements of traits. */
export function traitTable(database: Database) {
  const ofCamera = database.query(
    `SELECT json_group_array(photo) AS ids FROM facts
     WHERE camera = (SELECT id FROM cameras WHERE name = $camera)`,
    Ids
  )
  const cameras = database.query(
    `SELECT name AS camera, json_group_array(photo) AS ids
     FROM facts CROSS JOIN cameras ON cameras.id = camera WHERE camera IS NOT NULL
     GROUP BY camera`,
    Cameras
  )
  const ofFormat = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID} AND format = $format`,
    Ids
  )
  const shapes = database.query(
    `SELECT format, json_group_array(id) AS ids, json_group_array(width) AS widths,
       json_group_array(height) AS heights
     FROM photos INDEXED BY photos_by_shape WHERE ${IN_GRID} GROUP BY format`,
    Shapes
  )
  const ofOrientation = new Map(
    ORIENTATIONS.map((orientation) => [
      orientation,
      database.query(
        `SELECT json_group_array(id) AS ids FROM photos INDEXED BY photos_by_shape
         WHERE ${IN_GRID} AND ${SHAPES[orientation]}`,
        Ids
      )
    ])
  )
  const ofPixels = database.query(
    `SELECT json_group_array(id) AS ids FROM photos INDEXED BY photos_by_shape
     WHERE ${IN_GRID} AND width * height >= $least`,
    Ids
  )
  const placed = database.query(
    'SELECT json_group_array(photo) AS ids FROM facts WHERE latitude IS NOT NULL',
    Ids
  )
  const unplaced = database.query(
    `SELECT json_group_array(id) AS ids FROM photos INDEXED BY photos_by_shape
     WHERE ${IN_GRID} AND id NOT IN (SELECT photo FROM facts WHERE latitude IS NOT NULL)`,
    Ids
  )
  const between = database.query(
    `SELECT json_group_array(photo) AS ids, json_group_array(latitude) AS latitudes,
       json_group_array(longitude) AS longitudes
     FROM facts WHERE latitude >= $south AND latitude <= $north`,
    Places
  )
  return {
    /** Ids of photos by a camera of this name; some of them may be gone. */
    ofCamera: (camera: string) => idsOf(ofCamera.get({ camera })),
    /** The same of each camera. */
    cameras: () => cameras.all().map(({ camera, ids }) => ({ camera, ids: numbersOf(ids) })),
    ofFormat: (format: DecodedFormat) => idsOf(ofFormat.get({ format })),
    ofOrientation: (orientation: Orientation) => idsOf(ofOrientation.get(orientation)?.get()),
    /** Ids of photos of so many pixels or more. */
    ofPixels: (least: number) => idsOf(ofPixels.get({ least })),
    /** Ids, widths and heights of all photos in the grid, by format. */
    shapes: (): ShapesOfFormat[] =>
      shapes.all().map(({ format, ids, widths, heights }) => ({
        format,
        ids: numbersOf(ids),
        widths: numbersOf(widths),
        heights: numbersOf(heights)
      })),
    /** Ids of photos of which it is known where they were taken; some may be gone. */
    placed: () => idsOf(placed.get()),
    /** Ids of those in the grid of which it is not known. */
    unplaced: () => idsOf(unplaced.get()),
    /** Ids of photos that were taken so near a place; some may be gone. */
    near({ kilometres, ...centre }: Near): number[] {
      const reach = degreesOf(kilometres) + EDGE
      const [south, north] = [centre.latitude - reach, centre.latitude + reach]
      const row = between.get({ south, north })
      if (!row) return []
      const [latitudes, longitudes] = [numbersOf(row.latitudes), numbersOf(row.longitudes)]
      return numbersOf(row.ids).filter((_, i) => {
        const place = { latitude: latitudes[i]!, longitude: longitudes[i]! }
        return kilometresBetween(centre, place) <= kilometres
      })
    }
  }
}
