// Photos by what they are and what is known of them: format, size, camera, place. For filters, and
// for the choice of filters.
import * as v from 'valibot'
import { DECODED_FORMATS, type DecodedFormat } from '../wire/decoder-contract.ts'
import { ORIENTATIONS, type Near, type Orientation } from '../wire/filter.ts'
import { boxAround, haversine } from '../wire/photo-facts.ts'
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

const Formats = v.object({ format: v.picklist(DECODED_FORMATS), photos: v.number() })
const SizeLists = v.object({ widths: v.string(), heights: v.string(), counts: v.string() })
const Cameras = v.object({ id: v.number(), camera: v.string(), photos: v.number() })
const Placed = v.object({ photos: v.number() })
const Gone = v.object({ cameras: v.string(), placed: v.number() })
const Highest = v.object({ id: v.nullable(v.number()) })

/** Sizes that photos have, and how many have each, parallel; a size may be there twice. */
export interface Sizes {
  widths: number[]
  heights: number[]
  counts: number[]
}

/** The statements of traits. */
export function traitTable(database: Database) {
  const ofCamera = database.query(
    `SELECT json_group_array(photo) AS ids FROM facts
     WHERE camera = (SELECT id FROM cameras WHERE name = $camera)`,
    Ids
  )
  const ofFormat = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID} AND format = $format`,
    Ids
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
  const highest = database.query('SELECT max(id) AS id FROM photos', Highest)
  // Compared here, by the haversine formula, so that a list of ids is all that is passed on.
  const near = database.query(
    `SELECT json_group_array(photo) AS ids FROM facts
     WHERE latitude >= $south AND latitude <= $north AND longitude >= $west AND longitude <= $east
       AND pow(sin(radians(latitude - $latitude) / 2), 2) + cos(radians($latitude))
         * cos(radians(latitude)) * pow(sin(radians(longitude - $longitude) / 2), 2) <= $most`,
    Ids
  )
  const formats = database.query(
    `SELECT format, count(*) AS photos FROM photos INDEXED BY photos_by_shape
     WHERE ${IN_GRID} AND format IS NOT NULL GROUP BY format`,
    Formats
  )
  const sizes = database.query(
    `SELECT json_group_array(width) AS widths, json_group_array(height) AS heights,
       json_group_array(photos) AS counts
     FROM (SELECT width, height, count(*) AS photos FROM photos INDEXED BY photos_by_shape
       WHERE ${IN_GRID} GROUP BY format, width, height)`,
    SizeLists
  )
  const cameras = database.query(
    `SELECT id, name AS camera, photos
     FROM (SELECT camera, count(*) AS photos FROM facts WHERE camera IS NOT NULL GROUP BY camera)
       CROSS JOIN cameras ON cameras.id = camera`,
    Cameras
  )
  const placedCount = database.query(
    'SELECT count(*) AS photos FROM facts WHERE latitude IS NOT NULL',
    Placed
  )
  const gone = database.query(
    `SELECT json_group_array(camera) FILTER (WHERE camera IS NOT NULL) AS cameras,
       count(latitude) AS placed
     FROM photos INDEXED BY photos_by_status CROSS JOIN facts ON facts.photo = photos.id
     WHERE status = 'gone'`,
    Gone
  )
  return {
    /** Ids of photos by a camera of this name; some of them may be gone. */
    ofCamera: (camera: string) => idsOf(ofCamera.get({ camera })),
    ofFormat: (format: DecodedFormat) => idsOf(ofFormat.get({ format })),
    ofOrientation: (orientation: Orientation) => idsOf(ofOrientation.get(orientation)?.get()),
    /** Ids of photos of so many pixels or more. */
    ofPixels: (least: number) => idsOf(ofPixels.get({ least })),
    /** Ids of photos of which it is known where they were taken; some may be gone. */
    placed: () => idsOf(placed.get()),
    /** The highest id of a photo; 0 where there is none. */
    highest: () => highest.get()?.id ?? 0,
    /** Ids of photos that were taken so near a place; some may be gone. */
    near: ({ kilometres, ...centre }: Near) =>
      idsOf(near.get({ ...boxAround(centre, kilometres), ...centre, most: haversine(kilometres) })),
    /** How many photos in the grid are of each format. */
    formats: () => formats.all(),
    /** The sizes of photos in the grid. */
    sizes(): Sizes {
      const row = sizes.get()
      const numbers = (json = '[]'): number[] => numbersOf(json)
      return {
        widths: numbers(row?.widths),
        heights: numbers(row?.heights),
        counts: numbers(row?.counts)
      }
    },
    /**
     * How many photos in the grid are by each camera, and how many have a place. What is known of a
     * photo is known since it was described, so of all these only those that are gone are hidden.
     */
    known(): { cameras: { camera: string; photos: number }[]; placed: number } {
      const hidden = gone.get()
      const left = new Map(cameras.all().map((row) => [row.id, row]))
      for (const id of numbersOf(hidden?.cameras ?? '[]')) {
        const row = left.get(id)
        if (row) row.photos--
      }
      return {
        cameras: [...left.values()].map(({ camera, photos }) => ({ camera, photos })),
        placed: (placedCount.get()?.photos ?? 0) - (hidden?.placed ?? 0)
      }
    }
  }
}
