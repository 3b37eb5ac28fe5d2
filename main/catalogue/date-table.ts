// Photos as what their files say of themselves: dates, facts, what they hold beside their picture;
// which are still to be read for it, and what was found.
import * as v from 'valibot'
import { Held } from '../wire/held.ts'
import { DAY, earliest, fileAhead, fileDate, wallClockOf } from '../wire/photo-date.ts'
import type { PhotoDate } from '../wire/photo-date.ts'
import type { PhotoFacts } from '../wire/photo-facts.ts'
import type { Database } from './database.ts'
import { DESCRIBED_FILE, DescribedFile, STILL_DESCRIBED } from './described-file.ts'
import { factTable } from './fact-table.ts'
import { sortName } from './sort-name.ts'
import { storedJsonOrNull } from './stored-json.ts'

/** A described photo whose file is to be read for its date. */
export type Undated = v.InferOutput<typeof DescribedFile>

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

/** What was read of a photo: `ahead` as `FoundDate` has it. */
interface ReadDate {
  date: PhotoDate | null
  ahead: number | null
  facts: PhotoFacts | null
  holds: Held | null
}

/** The statements of dates. */
export function dateTable(database: Database) {
  const ofPhotos = factTable(database)
  const undated = database.query(
    `SELECT ${DESCRIBED_FILE}
     FROM photos INDEXED BY photos_undated JOIN folders ON folders.id = photos.folder
     WHERE dated = 0 AND status = 'indexed' AND folders.present = 1 AND folders.retry_at IS NULL
     ORDER BY photos.id LIMIT $limit`,
    DescribedFile
  )
  const set = database.command(
    `UPDATE photos SET captured_at = $at, captured_from = $source, ahead = $ahead,
       holds = $holds, dated = 1
     WHERE ${STILL_DESCRIBED}
       AND name = $name AND sidecar IS $sidecar AND sidecar_modified_at IS $sidecarModifiedAt`
  )
  const come = database.query(
    `SELECT id, modified_at AS modifiedAt FROM photos INDEXED BY photos_ahead
     WHERE ahead IS NOT NULL AND ahead <= $until LIMIT $limit`,
    v.object({ id: v.number(), modifiedAt: v.number() })
  )
  const redate = database.command(
    'UPDATE photos SET file_time = $fileTime, ahead = $ahead, dated = 0 WHERE id = $id'
  )
  const firstAhead = database.query(
    `SELECT ahead AS at FROM photos INDEXED BY photos_ahead WHERE ahead IS NOT NULL
     ORDER BY ahead LIMIT 1`,
    v.object({ at: v.number() })
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
    set(photo: Undated, { date, ahead: read, facts, holds: held }: ReadDate): boolean {
      const { id, size, modifiedAt, name, sidecar, sidecarModifiedAt } = photo
      const file = { id, size, modifiedAt, name, sidecar, sidecarModifiedAt }
      const { at, source } = date ?? { at: null, source: null }
      const ahead = earliest(read, fileAhead(modifiedAt))
      const row = { ...file, at, source, ahead, holds: storedHeld(held) }
      if (set.run(row).changes === 0) return false
      ofPhotos.set(id, facts)
      return true
    },
    /** True where a date has come that counted as none since it lay ahead. */
    hasCome: (now = Date.now()) => come.all({ until: wallClockOf(now) + DAY, limit: 1 }).length > 0,
    /** Has the dates of such photos read again, `limit` at most. Inside no transaction. */
    lookAgain(limit: number, now = Date.now()): void {
      database.transaction(() => {
        for (const { id, modifiedAt } of come.all({ until: wallClockOf(now) + DAY, limit })) {
          const fileTime = fileDate(modifiedAt, now)
          redate.run({ id, fileTime, ahead: fileAhead(modifiedAt, now) })
        }
      })
    },
    /** When the next of these dates counts, ms since 1970; null for none. */
    nextComes(now = Date.now()): number | null {
      const at = firstAhead.get()?.at ?? null
      return at === null ? null : Math.max(now, now + (at - (wallClockOf(now) + DAY)))
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
