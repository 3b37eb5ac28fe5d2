// Photos that may be there more than once: of equal files, of the same picture, of one moment; and
// what is known of them that speaks for keeping one. Read only, for the reader.
import * as v from 'valibot'
import { DateSource } from '../wire/photo-date.ts'
import { StoredNames } from './companion-table.ts'
import type { Database } from './database.ts'
import { numbersOf } from './list-values.ts'

const Ids = v.object({ ids: v.string() })
const Pair = v.object({ one: v.string(), other: v.string() })
const Facts = v.object({
  id: v.number(),
  hash: v.string(),
  root: v.string(), // path of its folder
  folderName: v.string(),
  directory: v.string(),
  name: v.string(),
  size: v.number(), // bytes
  width: v.number(),
  height: v.number(),
  format: v.nullable(v.string()),
  capturedAt: v.nullable(v.number()), // ms since 1970, as its camera's clock showed it
  capturedFrom: v.nullable(DateSource),
  modifiedAt: v.number(),
  isDamaged: v.number(), // 1 where a part of it did not come out
  favourite: v.number(), // 1 for one
  rating: v.number(),
  companions: StoredNames,
  fingerprint: v.nullable(v.instance<new () => Uint8Array>(Uint8Array)) // its first four bytes
})
/** A photo that may be there more than once. */
export type PhotoFacts = v.InferOutput<typeof Facts>

/** A photo and when it was taken. */
export interface Moment {
  id: number
  at: number // ms since 1970
  hash: string
}

/** The statements of duplicates. */
export function duplicateTable(database: Database) {
  const copied = database.query(
    `SELECT json_group_array(id) AS ids FROM photos WHERE status = 'indexed' AND hash IN (
       SELECT hash FROM photos WHERE hash IS NOT NULL GROUP BY hash HAVING count(*) > 1)`,
    Ids
  )
  const paired = database.query(
    `SELECT json_group_array(photos.id) AS ids FROM fingerprints
     CROSS JOIN photos ON photos.hash = fingerprints.hash AND status = 'indexed'
     WHERE fingerprints.id IN (SELECT one FROM near_identical)`,
    Ids
  )
  const pairs = database.query(
    `SELECT a.hash AS one, b.hash AS other FROM near_identical
     CROSS JOIN fingerprints AS a ON a.id = one CROSS JOIN fingerprints AS b ON b.id = other`,
    Pair
  )
  // A date of the camera alone tells moments: files that are copied together have one time.
  const moments = database.columns(
    `SELECT id, captured_at, hash FROM photos
     WHERE status = 'indexed' AND captured_from IN ('exif', 'xmp', 'sidecar')`
  )
  const shotAt = database.columns(
    `SELECT photos.id, captured_at FROM json_each($ids) CROSS JOIN photos ON photos.id = value
     WHERE captured_from IN ('exif', 'xmp', 'sidecar')`
  )
  // The order of the grid knows dates; who was taken right after is found by it. With the plus, a
  // column is compared as an expression is, or SQLite would not use the index for it.
  const nextShots = database.columns(
    `SELECT one.id, (
       SELECT other.id FROM photos AS other INDEXED BY photos_in_grid
       WHERE coalesce(other.captured_at, other.file_time)
           BETWEEN +one.captured_at AND one.captured_at + $within
         AND other.width IS NOT NULL AND other.status <> 'gone' AND other.id <> one.id
         AND other.hash <> one.hash AND other.captured_from IN ('exif', 'xmp', 'sidecar')
       ORDER BY coalesce(other.captured_at, other.file_time), other.sort_name, other.id LIMIT 1)
     FROM json_each($ids) CROSS JOIN photos AS one ON one.id = value
     WHERE one.captured_from IN ('exif', 'xmp', 'sidecar') AND one.hash IS NOT NULL`
  )
  const facts = database.query(
    `SELECT photos.id, photos.hash, folders.path AS root, folders.name AS folderName,
       directory, photos.name, size,
       coalesce(width, 0) AS width, coalesce(height, 0) AS height, format,
       captured_at AS capturedAt, captured_from AS capturedFrom, modified_at AS modifiedAt,
       damage IS NOT NULL AS isDamaged, favourite, rating, companions,
       substr(fingerprint, 1, 4) AS fingerprint
     FROM json_each($ids) CROSS JOIN photos ON photos.id = value
     CROSS JOIN folders ON folders.id = photos.folder
     LEFT JOIN fingerprints ON fingerprints.hash = photos.hash
     WHERE photos.status = 'indexed' AND photos.hash IS NOT NULL`,
    Facts
  )
  return {
    /** Photos whose files are equal to another's. */
    copied: () => numbersOf(copied.get()?.ids ?? '[]'),
    /** Photos that show the same picture as another, of another file. */
    paired: () => numbersOf(paired.get()?.ids ?? '[]'),
    /** Which contents, by hash, show the same picture, both ways. */
    pairs(): Map<string, Set<string>> {
      const found = new Map<string, Set<string>>()
      for (const { one, other } of pairs.all())
        found.set(one, (found.get(one) ?? new Set()).add(other))
      return found
    },
    /** Photos that a camera dated, in order of time. */
    moments: (): Moment[] =>
      [...moments()]
        .map(([id, at, hash]) => ({ id: Number(id), at: Number(at), hash: String(hash) }))
        .sort((a, b) => a.at - b.at || a.id - b.id),
    /** When a camera took these photos, ms since 1970 by its clock; the others are left out. */
    shotAt: (ids: readonly number[]): Map<number, number> =>
      new Map(
        [...shotAt({ ids: JSON.stringify(ids) })].map(([id, at]) => [Number(id), Number(at)])
      ),
    /**
     * Pairs of one of these photos and the next that a camera took within so many ms, of another
     * content.
     */
    nextShots: (ids: readonly number[], within: number): [number, number][] =>
      [...nextShots({ ids: JSON.stringify(ids), within })].flatMap(([one, other]) =>
        other === null ? [] : [[Number(one), Number(other)]]
      ),
    /** What is known of photos, those that left are left out. */
    facts: (ids: readonly number[]) => facts.all({ ids: JSON.stringify(ids) })
  }
}
