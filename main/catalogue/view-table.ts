// Augmented views of photos, kept so that learning decodes a photo once. They belong to the content
// of a photo and to the first quantizer that projected them.
import * as v from 'valibot'
import type { Database } from './database.ts'
import { blobOf, halvesOf } from './halves.ts'

const bytes = v.instance(Uint8Array)

/** The statements of views. */
export function viewTable(database: Database) {
  const put = database.command(
    `INSERT OR REPLACE INTO views (photo, base, views)
     SELECT id, $base, $views FROM photos WHERE id = $photo AND status = 'indexed'`
  )
  const get = database.query(
    'SELECT views FROM views WHERE photo = $photo AND base = $base',
    v.object({ views: v.pipe(bytes, v.transform(halvesOf)) })
  )
  const photos = database.columns('SELECT photo FROM views WHERE base = $base')
  const dropOthers = database.command(
    `DELETE FROM views WHERE rowid IN (SELECT rowid FROM views WHERE base <> $base LIMIT $limit)`
  )

  return {
    /** Keeps the views of a photo, f16 [V, 256]; of one that left meanwhile nothing is kept. */
    put: (photo: number, base: number, views: Uint16Array) =>
      void put.run({ photo, base, views: blobOf(views) }),
    get: (photo: number, base: number) => get.get({ photo, base })?.views,
    /** Ids of the photos that have views of this base. */
    photos: (base: number) =>
      new Set([...photos({ base })].map((row) => v.parse(v.number(), row[0]))),
    /** Removes up to `limit` views of other bases; how many there were. */
    dropOthers: (base: number, limit: number) => dropOthers.run({ base, limit }).changes
  }
}
