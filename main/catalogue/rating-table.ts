// Ratings of photos, 1 to 5; 0 is none. They belong to contents as favourites do (see [Note:
// favourites]): equal files share one, and a file that comes back has its own again.
import * as v from 'valibot'
import type { Database } from './database.ts'

export type RatingTable = ReturnType<typeof ratingTable>

/** The statements of ratings. */
export function ratingTable(database: Database) {
  const hashOf = database.query(
    'SELECT hash FROM photos WHERE id = $id AND hash IS NOT NULL',
    v.object({ hash: v.string() })
  )
  const put = database.command(
    `INSERT INTO ratings (hash, rating, rated_at) VALUES ($hash, $rating, $now)
     ON CONFLICT (hash) DO UPDATE SET rating = $rating, rated_at = $now`
  )
  const drop = database.command('DELETE FROM ratings WHERE hash = $hash')
  const rateRow = database.command('UPDATE photos SET rating = $rating WHERE id = $id')
  const rateEqual = database.command(
    'UPDATE photos SET rating = $rating WHERE hash = $hash AND rating <> $rating'
  )
  const inherit = database.command(
    `UPDATE photos SET rating = (SELECT rating FROM ratings WHERE ratings.hash = photos.hash)
     WHERE id = $id AND EXISTS (SELECT 1 FROM ratings WHERE ratings.hash = photos.hash)`
  )
  const hand = database.query(
    `INSERT INTO ratings (hash, rating, rated_at)
     SELECT hash, rating, $now FROM photos WHERE id = $id AND rating > 0 AND hash IS NOT NULL
     ON CONFLICT (hash) DO NOTHING RETURNING rating`,
    v.object({ rating: v.number() })
  )

  return {
    /** Rates photos, and all that are equal to them; 0 takes their rating away. */
    set(ids: readonly number[], rating: number, now = Date.now()): void {
      database.transaction(() => {
        for (const id of ids) {
          rateRow.run({ id, rating })
          const hash = hashOf.get({ id })?.hash
          if (hash === undefined) continue // it was never described, or has failed since
          if (rating > 0) put.run({ hash, rating, now })
          else drop.run({ hash })
          rateEqual.run({ hash, rating })
        }
      })
    },
    /**
     * A photo was described: its content may have a rating, or its file was edited and takes the
     * rating along. Inside a transaction.
     */
    settle(id: number, hash: string, now = Date.now()): void {
      if (inherit.run({ id }).changes === 1) return
      const handed = hand.all({ id, now })[0]
      if (handed) rateEqual.run({ hash, rating: handed.rating })
    }
  }
}
