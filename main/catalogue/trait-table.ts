// Photos by what they are and what is known of them: format, size, camera, place. For filters, and
// for the choice of filters.
import * as v from 'valibot'
import { DECODED_FORMATS, type DecodedFormat } from '../wire/decoder-contract.ts'
import { ORIENTATIONS, type Near, type Orientation } from '../wire/filter.ts'
import { boxAround, kilometresBetween } from '../wire/photo-facts.ts'
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
/** Of a degree: a centimetre on the ground. Integers are written several times as fast. */
const FINE = 1e7
const fine = (degrees: string): string => `CAST(round(${FINE} * ${degrees}) AS INTEGER)`

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
  const inGrid = database.query(
    `SELECT json_group_array(id) AS ids FROM photos INDEXED BY photos_by_shape WHERE ${IN_GRID}`,
    Ids
  )
  const between = database.query(
    `SELECT json_group_array(photo) AS ids, json_group_array(${fine('latitude')}) AS latitudes,
       json_group_array(${fine('longitude')}) AS longitudes
     FROM facts WHERE latitude >= $south AND latitude <= $north
       AND longitude >= $west AND longitude <= $east`,
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
    unplaced() {
      const known = new Set(idsOf(placed.get()))
      return idsOf(inGrid.get()).filter((id) => !known.has(id))
    },
    /** Ids of photos that were taken so near a place; some may be gone. */
    near({ kilometres, ...centre }: Near): number[] {
      const row = between.get(boxAround(centre, kilometres))
      if (!row) return []
      const [latitudes, longitudes] = [numbersOf(row.latitudes), numbersOf(row.longitudes)]
      return numbersOf(row.ids).filter((_, i) => {
        const place = { latitude: latitudes[i]! / FINE, longitude: longitudes[i]! / FINE }
        return kilometresBetween(centre, place) <= kilometres
      })
    }
  }
}
