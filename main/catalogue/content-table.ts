// Photos by what their files hold: files of equal bytes are one content, wherever they lie.
import * as v from 'valibot'
import type { Database } from './database.ts'

const Content = v.object({ id: v.number(), hash: v.string() })
const Copy = v.object({ id: v.number(), copy: v.number() })

/** Copies of one photo that are told at most. */
const MOST_COPIES = 1000

export type ContentTable = ReturnType<typeof contentTable>

/** The statements of contents. */
export function contentTable(database: Database) {
  const contents = database.query(
    `SELECT photos.id, hash FROM json_each($ids) CROSS JOIN photos ON photos.id = value
     WHERE hash IS NOT NULL`,
    Content
  )
  const copies = database.query(
    `SELECT one.id, other.id AS copy FROM json_each($ids)
     CROSS JOIN photos AS one ON one.id = value
     CROSS JOIN photos AS other ON other.hash = one.hash AND other.id <> one.id
       AND other.status = 'indexed'
     WHERE one.hash IS NOT NULL LIMIT $limit`,
    Copy
  )
  return {
    /** The hashes of photos that were described, by id. */
    hashesOf: (ids: readonly number[]): Map<number, string> =>
      new Map(contents.all({ ids: JSON.stringify(ids) }).map(({ id, hash }) => [id, hash])),
    /** The other photos of equal bytes, by id; none for a photo that is alone. */
    copiesOf(ids: readonly number[]): Map<number, number[]> {
      const found = new Map<number, number[]>()
      const limit = MOST_COPIES * ids.length
      for (const { id, copy } of copies.all({ ids: JSON.stringify(ids), limit })) {
        const known = found.get(id) ?? []
        if (known.length < MOST_COPIES) known.push(copy)
        found.set(id, known)
      }
      return found
    }
  }
}
