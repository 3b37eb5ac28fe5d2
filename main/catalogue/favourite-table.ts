// Favourites: the one thing that people type in, so it must outlive everything else here.
//
// [Note: favourites] A favourite is a content (the hash of a file), so it is still there after the
// rows of its photos were purged, and a file that comes back under another name or folder has it.
// Equal files are one picture to a person, so they share it: a mark set or taken on one holds for
// all, and a copy that comes later inherits it. `photos.favourite` repeats the mark in each row, for
// the filter; and it carries the mark over an edit of the file, which gives it another content.
import * as v from 'valibot'
import type { Database } from './database.ts'

export type FavouriteTable = ReturnType<typeof favouriteTable>

/** The statements of favourites. */
export function favouriteTable(database: Database) {
  const hashOf = database.query(
    'SELECT hash FROM photos WHERE id = $id AND hash IS NOT NULL',
    v.object({ hash: v.string() })
  )
  const hashes = database.query(
    'SELECT hash FROM favourites ORDER BY hash',
    v.object({ hash: v.string() })
  )
  const put = database.command(
    `INSERT INTO favourites (hash, marked_at) VALUES ($hash, $now) ON CONFLICT (hash) DO NOTHING`
  )
  const drop = database.command('DELETE FROM favourites WHERE hash = $hash')
  const markRow = database.command('UPDATE photos SET favourite = $favourite WHERE id = $id')
  const markEqual = database.command(
    'UPDATE photos SET favourite = $favourite WHERE hash = $hash AND favourite <> $favourite'
  )
  const inherit = database.command(
    `UPDATE photos SET favourite = 1 WHERE id = $id AND favourite = 0
       AND EXISTS (SELECT 1 FROM favourites WHERE favourites.hash = photos.hash)`
  )
  const hand = database.command(
    `INSERT INTO favourites (hash, marked_at)
     SELECT hash, $now FROM photos WHERE id = $id AND favourite = 1 AND hash IS NOT NULL
     ON CONFLICT (hash) DO NOTHING`
  )

  return {
    /** Marks photos, and all that are equal to them, as favourites or as none. */
    set(ids: readonly number[], favourite: boolean, now = Date.now()): void {
      const mark = { favourite: favourite ? 1 : 0 }
      database.transaction(() => {
        for (const id of ids) {
          markRow.run({ id, ...mark })
          const hash = hashOf.get({ id })?.hash
          if (hash === undefined) continue // it was never described, or has failed since
          if (favourite) put.run({ hash, now })
          else drop.run({ hash })
          markEqual.run({ hash, ...mark })
        }
      })
    },
    /**
     * A photo was described: its content may be a favourite, or it is one whose file was edited.
     * Inside a transaction.
     */
    settle(id: number, hash: string, now = Date.now()): void {
      if (inherit.run({ id }).changes === 0 && hand.run({ id, now }).changes === 1)
        markEqual.run({ hash, favourite: 1 })
    },
    /** All contents that are favourites, in order of their hashes. */
    hashes: () => hashes.all().map((row) => row.hash)
  }
}
