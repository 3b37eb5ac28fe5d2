// What the files of photos hold, by which decisions are kept.
import * as v from 'valibot'
import type { Database } from '../database.ts'

const Hash = v.object({ hash: v.string() })

/** Asks for the contents of photos by their ids: SHA-256 of each that is known, each once. */
export function contentHashes(database: Database): (ids: readonly number[]) => string[] {
  const hashes = database.query(
    `SELECT hash FROM json_each($ids) CROSS JOIN photos ON photos.id = value
     WHERE hash IS NOT NULL`,
    Hash
  )
  return (ids) => [...new Set(hashes.all({ ids: JSON.stringify(ids) }).map(({ hash }) => hash))]
}
