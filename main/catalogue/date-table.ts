// Photos as what their files say of themselves: dates, and what they hold beside their picture;
// which are still to be read for it, and what was found.
import * as v from 'valibot'
import { Held } from '../wire/held.ts'
import { fileDate, type PhotoDate } from '../wire/photo-date.ts'
import type { Database } from './database.ts'
import { sortName } from './sort-name.ts'
import { storedJsonOrNull } from './stored-json.ts'

const Undated = v.object({
  id: v.number(),
  root: v.string(), // path of its folder
  directory: v.string(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number(),
  sidecar: v.nullable(v.string()),
  sidecarModifiedAt: v.nullable(v.number())
})
/** A described photo whose file is to be read for its date. */
export type Undated = v.InferOutput<typeof Undated>

/** What a file holds, as it is stored: null for nothing. */
export const StoredHeld = storedJsonOrNull(Held)

/** The column of what a file holds. */
export function storedHeld(held: Held | null = null): string | null {
  return held && JSON.stringify(held)
}

const Named = v.object({ id: v.number(), name: v.string(), modifiedAt: v.number() })

// What was read in the file stays; a name's date gives way to another name's.
const BY_NAME = `captured_from = CASE WHEN captured_from IS NOT NULL AND captured_from <> 'name'
    THEN captured_from WHEN $at IS NOT NULL THEN 'name' END,
  captured_at = CASE WHEN captured_from IS NOT NULL AND captured_from <> 'name'
    THEN captured_at ELSE $at END`

const Circumstances = v.object({
  capturedAt: v.nullable(v.number()),
  folder: v.number(),
  directory: v.string()
})
/** When a photo was taken by its camera's clock, null where that is unknown, and where it lies. */
export type Circumstances = v.InferOutput<typeof Circumstances>

export type DateTable = ReturnType<typeof dateTable>

/** The statements of dates. */
export function dateTable(database: Database) {
  const undated = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name, size,
       modified_at AS modifiedAt, sidecar, sidecar_modified_at AS sidecarModifiedAt
     FROM photos INDEXED BY photos_undated JOIN folders ON folders.id = photos.folder
     WHERE dated = 0 AND status = 'indexed' AND folders.present = 1 AND folders.retry_at IS NULL
     ORDER BY photos.id LIMIT $limit`,
    Undated
  )
  const set = database.command(
    `UPDATE photos SET captured_at = $at, captured_from = $source, holds = $holds, dated = 1
     WHERE id = $id AND status = 'indexed' AND size = $size AND modified_at = $modifiedAt
       AND name = $name AND sidecar IS $sidecar AND sidecar_modified_at IS $sidecarModifiedAt`
  )
  const setSidecar = database.command(
    `UPDATE photos SET sidecar = $sidecar, sidecar_modified_at = $modifiedAt, dated = 0
     WHERE id = $id`
  )
  const rename = database.command(`UPDATE photos SET ${BY_NAME} WHERE id = $id`)
  const named = database.query(
    `SELECT id, name, modified_at AS modifiedAt FROM photos WHERE id > $after
     ORDER BY id LIMIT $limit`,
    Named
  )
  const renew = database.command(
    `UPDATE photos SET file_time = $fileTime, sort_name = $sortName, ${BY_NAME} WHERE id = $id
       AND (file_time IS NOT $fileTime OR sort_name <> $sortName OR captured_from IS NULL
         AND $at IS NOT NULL OR captured_from = 'name' AND captured_at IS NOT $at)`
  )
  // A name has the day alone, or a time that another program gave it.
  const circumstances = database.query(
    `SELECT CASE WHEN captured_from <> 'name' THEN captured_at END AS capturedAt, folder, directory
     FROM photos WHERE id = $id`,
    Circumstances
  )
  return {
    circumstances: (id: number) => circumstances.get({ id }),
    /** Described photos whose dates are to be read, of folders that are there. */
    undated: (limit: number) => undated.all({ limit }),
    /** Writes what was read; false when the file or its sidecar changed meanwhile. */
    set(photo: Undated, date: PhotoDate | null, held: Held | null): boolean {
      const { id, size, modifiedAt, name, sidecar, sidecarModifiedAt } = photo
      const file = { id, size, modifiedAt, name, sidecar, sidecarModifiedAt }
      const { at, source } = date ?? { at: null, source: null }
      return set.run({ ...file, at, source, holds: storedHeld(held) }).changes === 1
    },
    /** Another XMP file, or none, lies beside a photo. */
    setSidecar: (id: number, file: { name: string; modifiedAt: number } | undefined) =>
      void setSidecar.run({
        id,
        sidecar: file?.name ?? null,
        modifiedAt: file?.modifiedAt ?? null
      }),
    /** A photo has another name, which has this date. */
    rename: (id: number, at: number | null) => void rename.run({ id, at }),
    /** Photos in order of id, whatever became of them. */
    named: (after: number, limit: number) => named.all({ after, limit }),
    /** Makes anew what follows from the time and the name of a file; `at`: the name's date. */
    renew: ({ id, name, modifiedAt }: v.InferOutput<typeof Named>, at: number | null) =>
      renew.run({ id, at, fileTime: fileDate(modifiedAt), sortName: sortName(name) }).changes > 0
  }
}
