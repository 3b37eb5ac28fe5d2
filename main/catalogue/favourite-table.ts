// Favourites: the one thing that people type in, so it must outlive everything else here.
//
// [Note: favourites] A favourite is a content (the hash of a file), so it is still there after the
// rows of its photos were purged, and a file that comes back under another name or folder has it.
// Equal files are one picture to a person, so they share it: a mark set or taken on one holds for
// all, and a copy that comes later inherits it. `photos.favourite` repeats the mark in each row, for
// the filter; and it carries the mark over an edit of the file, which gives it another content.
import * as v from 'valibot'
import type { Database } from './database.ts'
import { markTable } from './mark-table.ts'

/** The statements of favourites. */
export function favouriteTable(database: Database) {
  const { set, settle } = markTable(database, {
    table: 'favourites',
    column: 'favourite',
    put: `INSERT INTO favourites (hash, marked_at) SELECT $hash, $now WHERE $value = 1
      ON CONFLICT (hash) DO NOTHING`,
    stored: '1',
    hand: `INSERT INTO favourites (hash, marked_at)
      SELECT hash, $now FROM photos WHERE id = $id AND favourite = 1 AND hash IS NOT NULL
      ON CONFLICT (hash) DO NOTHING RETURNING 1 AS value`
  })
  const hashes = database.query(
    'SELECT hash FROM favourites ORDER BY hash',
    v.object({ hash: v.string() })
  )
  return {
    /** Marks photos, and all that are equal to them, as favourites or as none. */
    set: (ids: readonly number[], favourite: boolean, now = Date.now()) =>
      set(ids, favourite ? 1 : 0, now),
    settle,
    /** All contents that are favourites, in order of their hashes. */
    hashes: () => hashes.all().map((row) => row.hash)
  }
}
