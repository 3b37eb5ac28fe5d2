// Ratings of photos, 1 to 5; 0 is none. They belong to contents as favourites do (see [Note:
// favourites]): equal files share one, and a file that comes back has its own again.
import type { Database } from './database.ts'
import { markTable } from './mark-table.ts'

/** The statements of ratings. */
export function ratingTable(database: Database) {
  const { set, settle } = markTable(database, {
    table: 'ratings',
    column: 'rating',
    put: `INSERT INTO ratings (hash, rating, rated_at) VALUES ($hash, $value, $now)
      ON CONFLICT (hash) DO UPDATE SET rating = $value, rated_at = $now`,
    stored: '(SELECT rating FROM ratings WHERE ratings.hash = photos.hash)',
    hand: `INSERT INTO ratings (hash, rating, rated_at)
      SELECT hash, rating, $now FROM photos WHERE id = $id AND rating > 0 AND hash IS NOT NULL
      ON CONFLICT (hash) DO NOTHING RETURNING rating AS value`
  })
  return {
    /** Rates photos, and all that are equal to them; 0 takes their rating away. */
    set: (ids: readonly number[], rating: number, now = Date.now()) => set(ids, rating, now),
    settle
  }
}
