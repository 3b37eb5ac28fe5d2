// Which photos a person said are not like each other.
//
// [Note: not kin] A decision names two contents, so it holds for all files that are equal to them,
// wherever they lie, also when they come back after a year. It holds both ways: neither is kin of
// the other, nor is it learned from as such. Only pictures as a whole are meant, no parts of them.
import * as v from 'valibot'
import type { Database } from '../database.ts'
import { contentHashes } from './content-hashes.ts'

const Photo = v.object({ id: v.number() })
const Pair = v.object({ one: v.string(), other: v.string() })

/** Contents that were put away from one: both directions. */
const AWAY = `SELECT other AS hash, decided_at FROM not_kin WHERE one = $hash
  UNION ALL SELECT one, decided_at FROM not_kin WHERE other = $hash`

/** The statements of these decisions. */
export function notKinTable(database: Database) {
  const hashesOf = contentHashes(database)
  const put = database.command(
    'INSERT OR IGNORE INTO not_kin (one, other, decided_at) VALUES ($one, $other, $now)'
  )
  const drop = database.command('DELETE FROM not_kin WHERE one = $one AND other = $other')
  const pairs = database.query('SELECT one, other FROM not_kin ORDER BY one, other', Pair)
  const isThere = database.query('SELECT 1 AS id FROM not_kin LIMIT 1', Photo)
  const away = database.query(
    `SELECT photos.id FROM (${AWAY}) AS away CROSS JOIN photos ON photos.hash = away.hash
       AND status = 'indexed' ORDER BY decided_at DESC, photos.id`,
    Photo
  )

  /** Both contents of each pair, the lesser first; none of a content with itself. */
  function pairsOf(ids: readonly number[], others: readonly number[]) {
    const second = hashesOf(others)
    return hashesOf(ids).flatMap((hash) =>
      second.flatMap((other) => {
        if (other === hash) return []
        return hash < other ? [{ one: hash, other }] : [{ one: other, other: hash }]
      })
    )
  }

  return {
    /** None of `others` is kin of any of `ids`, and the other way round. */
    add: (ids: readonly number[], others: readonly number[], now: number): void =>
      database.transaction(() => {
        for (const pair of pairsOf(ids, others)) put.run({ ...pair, now })
      }),
    /** Takes that back. */
    drop: (ids: readonly number[], others: readonly number[]): void =>
      database.transaction(() => {
        for (const pair of pairsOf(ids, others)) drop.run(pair)
      }),
    /** Photos that are there and no kin of any of these, the latest decision first. */
    of(ids: readonly number[]): number[] {
      if (!isThere.get()) return []
      const found = hashesOf(ids).flatMap((hash) => away.all({ hash }))
      return [...new Set(found.map(({ id }) => id))]
    },
    /** All pairs of contents, by their hashes, in order of these. */
    pairs: () => pairs.all()
  }
}
