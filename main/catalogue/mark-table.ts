// Marks that people give photos, favourites and ratings: what both do alike. A mark belongs to a
// content and is repeated in the rows of all photos of that content: see [Note: favourites].
import * as v from 'valibot'
import type { Database } from './database.ts'

/** What differs between marks, as SQL; `$value` is 0 for no mark. */
interface MarkStatements {
  /** The table of contents that have the mark. */
  table: string
  /** The column of photos that repeats it. */
  column: string
  /** Gives a content, `$hash`, a mark; `$now` is the time, ms since 1970. */
  put: string
  /** The mark that a photo's content has in the table. */
  stored: string
  /** Puts the mark of a photo's row, `$id`, into the table, unless there is one; returns `value`. */
  hand: string
}

/** The statements of a mark. */
export function markTable(
  database: Database,
  { table, column, put, stored, hand }: MarkStatements
) {
  const hashOf = database.query(
    'SELECT hash FROM photos WHERE id = $id AND hash IS NOT NULL',
    v.object({ hash: v.string() })
  )
  const putContent = database.command(put)
  const drop = database.command(`DELETE FROM ${table} WHERE hash = $hash`)
  const markRow = database.command(`UPDATE photos SET ${column} = $value WHERE id = $id`)
  const markEqual = database.command(
    `UPDATE photos SET ${column} = $value WHERE hash = $hash AND ${column} <> $value`
  )
  const inherit = database.command(
    `UPDATE photos SET ${column} = ${stored}
     WHERE id = $id AND EXISTS (SELECT 1 FROM ${table} WHERE ${table}.hash = photos.hash)`
  )
  const handOn = database.query(hand, v.object({ value: v.number() }))

  return {
    /** Marks photos, and all that are equal to them; 0 takes the mark away. */
    set(ids: readonly number[], value: number, now: number): void {
      database.transaction(() => {
        for (const id of ids) {
          markRow.run({ id, value })
          const hash = hashOf.get({ id })?.hash
          if (hash === undefined) continue // it was never described, or has failed since
          if (value > 0) putContent.run({ hash, value, now })
          else drop.run({ hash })
          markEqual.run({ hash, value })
        }
      })
    },
    /**
     * A photo was described: its content may have the mark, or its file was edited and takes the
     * mark along. Inside a transaction.
     */
    settle(id: number, hash: string, now = Date.now()): void {
      if (inherit.run({ id }).changes === 1) return
      const handed = handOn.all({ id, now })[0]
      if (handed) markEqual.run({ hash, value: handed.value })
    }
  }
}
