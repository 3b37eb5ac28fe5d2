// Photos by what their files hold: files of equal bytes are one content, wherever they lie.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import type { Database } from './database.ts'

/** What a photo holds. */
export interface Held {
  hash: string
  /** Its number among fingerprints; 0 where it has none. */
  content: number
  /** It shows next to nothing. */
  isBlank: boolean
}

const Copy = v.object({ id: v.number(), copy: v.number() })

/** Copies of one photo that are told at most. */
const MOST_COPIES = 1000

/** The statements of contents. */
export function contentTable(database: Database) {
  const contents = database.columns(
    `SELECT photos.id, photos.hash, coalesce(fingerprints.id, 0), coalesce(blank, 0)
     FROM json_each($ids) CROSS JOIN photos ON photos.id = value
     LEFT JOIN fingerprints ON fingerprints.hash = photos.hash
     WHERE photos.hash IS NOT NULL`
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
    /** What photos hold that were described, by id. */
    heldBy(ids: readonly number[]): Map<number, Held> {
      const found = new Map<number, Held>()
      for (const [id, hash, content, blank] of contents({ ids: JSON.stringify(ids) })) {
        if (typeof id !== 'number' || typeof hash !== 'string' || typeof content !== 'number')
          throw new Bug('a content is an id, a hash and a number')
        found.set(id, { hash, content, isBlank: blank === 1 })
      }
      return found
    },
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
