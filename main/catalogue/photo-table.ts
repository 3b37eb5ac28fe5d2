// Photos as they are shown: the grid, single photos, failures, and where a picture lies.
import * as v from 'valibot'
import { DECODED_FORMATS, DamageKind } from '../wire/decoder-contract.ts'
import { DateSource } from '../wire/photo-date.ts'
import { StoredNames } from './companion-table.ts'
import type { Database } from './database.ts'
import { StoredHeld } from './date-table.ts'
import { STATUSES } from './file-table.ts'
import { IN_GRID, TIME, gridOf } from './grid.ts'
import { Ids, idsOf } from './list-values.ts'
import { StoredFault } from './stored-json.ts'

const Shown = v.object({
  id: v.number(),
  directory: v.string(),
  name: v.string(),
  width: v.number(), // 0 while it is not known
  height: v.number(),
  fileSize: v.number(),
  capturedAt: v.nullable(v.number()),
  capturedFrom: v.nullable(DateSource),
  fileTime: v.nullable(v.number()),
  format: v.nullable(v.picklist(DECODED_FORMATS)),
  damage: v.nullable(DamageKind),
  status: v.picklist(STATUSES),
  favourite: v.pipe(
    v.number(),
    v.transform((flag) => flag === 1)
  ),
  rating: v.number(), // 1 to 5, 0 for none
  thumbnail: v.nullable(v.string()), // its name; null until the photo was described
  companions: StoredNames,
  holds: StoredHeld
})
export type Shown = v.InferOutput<typeof Shown>

const ShownKin = v.object({
  id: v.number(),
  name: v.string(),
  width: v.number(),
  height: v.number(),
  thumbnail: v.nullable(v.string())
})
/** A photo as it is shown among kin. */
export type ShownKin = v.InferOutput<typeof ShownKin>

/** Where a photo lies. */
const PATH = {
  root: v.string(), // path of its folder
  directory: v.string(), // within that
  name: v.string()
}

const FailureRow = v.object({
  id: v.number(),
  ...PATH,
  fault: StoredFault
})
export type FailureRow = v.InferOutput<typeof FailureRow>

const Place = v.object({
  ...PATH,
  hash: v.nullable(v.string()),
  isDamaged: v.number(), // 1 where a part of it did not come out
  judgement: v.number() // see judgement.ts
})
export type Place = v.InferOutput<typeof Place>

const EqualPhoto = v.object({
  id: v.number(),
  ...PATH,
  size: v.number(),
  modifiedAt: v.number()
})

const ThumbnailSource = v.object({ ...PATH, hash: v.string() })

const PathRow = v.object({ id: v.number(), ...PATH })

const NAME_DIGITS = 'substr(hash, 1, 32) AS thumbnail'

/** The statements of photos as they are shown. */
export function photoTable(database: Database) {
  const below = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID} AND folder = $folder
       AND directory >= $from AND directory < $to`,
    Ids
  )
  const inside = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID} AND folder = $folder
       AND directory = $directory`,
    Ids
  )
  const inFolder = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID} AND folder = $folder`,
    Ids
  )
  const between = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE ${IN_GRID}
       AND ${TIME} >= $from AND ${TIME} < $until`,
    Ids
  )
  const favourites = database.query(
    'SELECT json_group_array(id) AS ids FROM photos WHERE favourite = 1',
    Ids
  )
  const rated = database.query(
    'SELECT json_group_array(id) AS ids FROM photos WHERE rating > 0 AND rating >= $least',
    Ids
  )
  const directories = database.query(
    `SELECT directory, count(*) AS photos FROM photos WHERE ${IN_GRID} AND folder = $folder
     GROUP BY directory`,
    v.object({ directory: v.string(), photos: v.number() })
  )
  const shown = database.query(
    `SELECT id, directory, name, coalesce(width, 0) AS width, coalesce(height, 0) AS height,
       size AS fileSize, captured_at AS capturedAt, captured_from AS capturedFrom,
       file_time AS fileTime, format, damage, status, favourite, rating, companions, holds,
       ${NAME_DIGITS}
     FROM photos WHERE id = $id AND status <> 'gone'`,
    Shown
  )
  const shownKin = database.query(
    `SELECT photos.id, name, coalesce(width, 0) AS width, coalesce(height, 0) AS height,
       ${NAME_DIGITS}
     FROM json_each($ids) CROSS JOIN photos ON photos.id = value AND status <> 'gone'`,
    ShownKin
  )
  const failures = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name, photos.fault
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE status = 'failed' AND photos.id > $after ORDER BY photos.id LIMIT $count`,
    FailureRow
  )
  const damaged = database.query(
    `SELECT count(*) AS photos FROM photos WHERE damage IS NOT NULL AND status = 'indexed'`,
    v.object({ photos: v.number() })
  )
  const place = database.query(
    `SELECT folders.path AS root, directory, photos.name, hash,
       damage IS NOT NULL AS isDamaged, judgement
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE photos.id = $id AND status <> 'gone'`,
    Place
  )
  const equal = database.query(
    `SELECT other.id, folders.path AS root, other.directory, other.name, other.size,
       other.modified_at AS modifiedAt
     FROM photos AS mine JOIN photos AS other ON other.hash = mine.hash AND other.id <> mine.id
       JOIN folders ON folders.id = other.folder
     WHERE mine.id = $id AND other.status = 'indexed' AND folders.present = 1`,
    EqualPhoto
  )
  const atPath = database.query(
    `SELECT id FROM photos
     WHERE folder = $folder AND directory = $directory AND name = $name AND status <> 'gone'`,
    v.object({ id: v.number() })
  )
  const paths = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE status <> 'gone' AND photos.id > $after ORDER BY photos.id LIMIT $limit`,
    PathRow
  )
  // 'g' comes after every hexadecimal digit: between the two lie the hashes that begin so.
  const thumbnailKnown = database.query(
    `SELECT 1 AS known FROM photos WHERE hash >= $name AND hash < $name || 'g' LIMIT 1`,
    v.object({ known: v.number() })
  )

  const withThumbnail = database.query(
    `SELECT folders.path AS root, directory, photos.name, hash
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE hash >= $name AND hash < $name || 'g' AND status <> 'gone' AND present = 1`,
    ThumbnailSource
  )

  return {
    grid: gridOf(database),
    /** Ids of the photos of a folder, or of one of its directories and all below it. */
    idsIn(folder: number, directory?: string): number[] {
      if (directory === undefined || directory === '') return idsOf(inFolder.get({ folder }))
      // '0' comes after '/': what lies between them begins with the directory and a slash.
      const range = { folder, from: `${directory}/`, to: `${directory}0` }
      return [...idsOf(inside.get({ folder, directory })), ...idsOf(below.get(range))]
    },
    /** Ids of the photos taken at `from` or later and before `until`, ms since 1970. */
    idsBetween: (from: number, until: number) => idsOf(between.get({ from, until })),
    favouriteIds: () => idsOf(favourites.get()),
    /** Ids of the photos that are rated `least` or higher; `least` is above 0. */
    ratedIds: (least: number) => idsOf(rated.get({ least })),
    /** Photos by directory of a folder, each without those below it; in order of path. */
    directories: (folder: number) => directories.all({ folder }),
    /** One photo; undefined when it is not there or gone. */
    shown: (id: number) => shown.get({ id }),
    /** Several photos, in the order given; those that are not there or gone are left out. */
    shownKin: (ids: readonly number[]) => shownKin.all({ ids: JSON.stringify(ids) }),
    failures: (after: number, count: number) => failures.all({ after, count }),
    /** Photos that are shown though a part of them is damaged. */
    damaged: () => damaged.get()?.photos ?? 0,
    place: (id: number) => place.get({ id }),
    /** Other photos of equal content, as they were when they were last looked at. */
    equal: (id: number) => equal.all({ id }),
    atPath: (folder: number, directory: string, name: string) =>
      atPath.get({ folder, directory, name })?.id,
    /** Paths of the photos that are there, in order of id. */
    paths: (after: number, limit: number) => paths.all({ after, limit }),
    /** Photos whose thumbnail has this name, with their hashes; those of absent folders not. */
    withThumbnail: (name: string) => withThumbnail.all({ name }),
    /** True while a row, also one that is gone, has a thumbnail of this name. */
    thumbnailKnown: (name: string) => thumbnailKnown.get({ name }) !== undefined
  }
}
