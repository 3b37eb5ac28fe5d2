// What a person decided about duplicates: which photos are none of each other, and from which
// places of the library photos are rather kept, some of them protected.
//
// [Note: no duplicates] A decision names contents, so it holds wherever their files lie, also when
// they come back after a year. Two contents that one decision names are never in one group. A
// decision of a single content says that its equal files are wanted.
import * as v from 'valibot'
import type { KeptPlace } from '../wire/duplicate-messages.ts'
import type { Database } from './database.ts'
import { contentHashes } from './decided/content-hashes.ts'
import { numbersOf } from './list-values.ts'

const Decision = v.object({ decision: v.number(), hash: v.string() })
const Decided = v.object({ decision: v.number(), ids: v.string() })
const Place = v.object({
  folder: v.number(),
  directory: v.string(),
  isProtected: v.pipe(
    v.number(),
    v.transform((flag) => flag === 1)
  ),
  root: v.string() // path of the folder
})

/** The statements of these decisions. */
export function duplicateDecisions(database: Database) {
  const hashesOf = contentHashes(database)
  const newest = database.query(
    'SELECT coalesce(max(decision), 0) AS decision FROM not_duplicates',
    v.object({ decision: v.number() })
  )
  const put = database.command(
    `INSERT OR IGNORE INTO not_duplicates (decision, hash, decided_at)
     VALUES ($decision, $hash, $now)`
  )
  const forget = database.command('DELETE FROM not_duplicates WHERE decision = $decision')
  const all = database.query('SELECT decision, hash FROM not_duplicates', Decision)
  const decided = database.query(
    `SELECT decision, json_group_array(photos.id) AS ids FROM not_duplicates
     CROSS JOIN photos ON photos.hash = not_duplicates.hash AND status = 'indexed'
     GROUP BY decision HAVING count(*) > 1 ORDER BY decision DESC`,
    Decided
  )
  const places = database.query(
    `SELECT folder, directory, protected AS isProtected, path AS root FROM kept_places
     JOIN folders ON folders.id = folder WHERE removed_at IS NULL ORDER BY place`,
    Place
  )
  // Those of a folder that was taken out are there again when it comes back.
  const dropPlaces = database.command(
    `DELETE FROM kept_places WHERE folder IN (SELECT id FROM folders WHERE removed_at IS NULL)`
  )
  const putPlace = database.command(
    `INSERT OR REPLACE INTO kept_places (folder, directory, place, protected)
     SELECT id, $directory, $place, $isProtected FROM folders
     WHERE id = $folder AND removed_at IS NULL`
  )
  const adopt = database.command(
    `UPDATE OR REPLACE kept_places SET folder = $into,
       directory = CASE directory WHEN '' THEN $prefix ELSE $prefix || '/' || directory END
     WHERE folder = $from`
  )
  return {
    /** These photos are no duplicates of each other; the decision's number. */
    add: (ids: readonly number[], now: number): number =>
      database.transaction(() => {
        const decision = (newest.get()?.decision ?? 0) + 1
        for (const hash of hashesOf(ids)) put.run({ decision, hash, now })
        return decision
      }),
    forget: (decision: number) => void forget.run({ decision }),
    /** The decisions that name each content, by its hash. */
    byContent(): Map<string, Set<number>> {
      const found = new Map<string, Set<number>>()
      for (const { decision, hash } of all.all())
        found.set(hash, (found.get(hash) ?? new Set()).add(decision))
      return found
    },
    /** Decisions of which several photos are there, and these; the latest first. */
    withPhotos: () =>
      decided.all().map(({ decision, ids }) => ({
        decision,
        ids: numbersOf(ids).sort((a, b) => a - b)
      })),
    /** Places whose photos are rather kept, in order, with the paths of their folders. */
    places: () => places.all(),
    /** Puts these places, in this order, in the place of all. */
    setPlaces(wanted: readonly KeptPlace[]): void {
      database.transaction(() => {
        dropPlaces.run({})
        for (const [place, { folder, directory, isProtected }] of wanted.entries())
          putPlace.run({ folder, directory, place, isProtected: isProtected ? 1 : 0 })
      })
    },
    /** A folder becomes a part of another. */
    adoptPlaces: (from: number, into: number, prefix: string) =>
      void adopt.run({ from, into, prefix })
  }
}
