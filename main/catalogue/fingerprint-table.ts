// What pictures look like in the small (model/image/fingerprint.ts), by content, and which contents
// show the same picture. A content is compared with those before it once its fingerprint is there:
// what is left to do is a column.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import type { Database } from './database.ts'

/** Numbers of a picture's key, which is the same however the picture is turned. */
const KEY_SIZE = 5
const AXES = Array.from({ length: KEY_SIZE }, (_, axis) => axis)

const Bytes = v.instance<new () => Uint8Array>(Uint8Array)
const Waiting = v.object({
  id: v.number(),
  fingerprint: v.nullable(Bytes),
  photo: v.nullable(v.number()) // one of this content that is there
})
export type WaitingContent = v.InferOutput<typeof Waiting>
const Id = v.object({ id: v.nullable(v.number()) })
const Stored = v.object({ id: v.number(), fingerprint: Bytes })

/** The statements of fingerprints. */
export function fingerprintTable(database: Database) {
  const put = database.command(
    `INSERT INTO fingerprints (hash, fingerprint, blank) VALUES ($hash, $fingerprint, $blank)
     ON CONFLICT (hash) DO UPDATE SET fingerprint = $fingerprint, blank = $blank, compared = 0
       WHERE fingerprint IS NOT $fingerprint`
  )
  const fill = database.command(
    'UPDATE fingerprints SET fingerprint = $fingerprint, blank = $blank WHERE id = $id'
  )
  const waiting = database.query(
    `SELECT id, fingerprint, (SELECT photos.id FROM photos
       WHERE photos.hash = fingerprints.hash AND status = 'indexed' LIMIT 1) AS photo
     FROM fingerprints WHERE compared = 0 ORDER BY id LIMIT $limit`,
    Waiting
  )
  const any = database.query('SELECT id FROM fingerprints WHERE compared = 0 LIMIT 1', Id)
  const left = database.query('SELECT count(*) AS id FROM fingerprints WHERE compared = 0', Id)
  const setCompared = database.command('UPDATE fingerprints SET compared = 1 WHERE id = $id')
  const dropKey = database.command('DELETE FROM fingerprint_keys WHERE id = $id')
  const putKey = database.command(
    `INSERT INTO fingerprint_keys VALUES ($id, ${AXES.map((axis) => `$k${axis}, $k${axis}`).join()})`
  )
  const nearKey = database.query(
    `SELECT id FROM fingerprint_keys WHERE ${AXES.map(
      (axis) => `low${axis} <= $k${axis} + $reach AND high${axis} >= $k${axis} - $reach`
    ).join(' AND ')} LIMIT $limit`,
    v.object({ id: v.number() })
  )
  const stored = database.query(
    `SELECT fingerprints.id, fingerprint FROM json_each($ids)
     CROSS JOIN fingerprints ON fingerprints.id = value
     WHERE fingerprint IS NOT NULL`,
    Stored
  )
  // One of them may have been forgotten in this moment.
  const link = database.command(
    `INSERT OR IGNORE INTO near_identical (one, other)
     SELECT one.id, other.id FROM fingerprints AS one CROSS JOIN fingerprints AS other
     WHERE one.id = $one AND other.id = $other`
  )
  const pairs = database.columns(
    'SELECT one, other FROM json_each($ids) CROSS JOIN near_identical ON one = value'
  )
  const newest = database.query('SELECT max(id) AS id FROM fingerprints', Id)
  const last = database.query(
    `SELECT max(id) AS id FROM (
       SELECT id FROM fingerprints WHERE id > $after ORDER BY id LIMIT $limit)`,
    Id
  )
  const purge = database.command(
    `DELETE FROM fingerprints WHERE id > $after AND id <= $last
       AND NOT EXISTS (SELECT 1 FROM photos WHERE photos.hash = fingerprints.hash)`
  )

  return {
    /** Keeps the fingerprint of a content; another one than before is compared anew. */
    put: (hash: string, fingerprint: Uint8Array, isBlank: boolean) =>
      void put.run({ hash, fingerprint, blank: isBlank ? 1 : 0 }),
    /** Gives a content that has none its fingerprint. */
    fill: (id: number, fingerprint: Uint8Array, isBlank: boolean) =>
      void fill.run({ id, fingerprint, blank: isBlank ? 1 : 0 }),
    /** Contents that are still to be compared, some of them without a fingerprint yet. */
    waiting: (limit: number) => waiting.all({ limit }),
    anyWaiting: () => any.get() !== undefined,
    /** The content that came last; 0 where there is none. */
    last: () => newest.get()?.id ?? 0,
    /** How many are still to be compared. */
    left: () => left.get()?.id ?? 0,
    /** By its key [5] a content is found, however its picture is turned. */
    setKey(id: number, key: readonly number[]): void {
      dropKey.run({ id })
      putKey.run({ id, ...keyed(key) })
    },
    /** A content was compared with the others, or cannot be. */
    setCompared: (id: number) => void setCompared.run({ id }),
    /** Contents whose keys are at most `reach` away along each axis. */
    nearKey: (key: readonly number[], reach: number, limit: number) =>
      nearKey.all({ ...keyed(key), reach, limit }).map(({ id }) => id),
    /** Fingerprints of contents that have one. */
    stored: (contents: readonly number[]) => stored.all({ ids: JSON.stringify(contents) }),
    /** Two contents show the same picture. */
    link(one: number, other: number): void {
      link.run({ one, other })
      link.run({ one: other, other: one })
    },
    /** Which contents show the same as these. */
    pairsOf(contents: readonly number[]): Map<number, Set<number>> {
      const found = new Map<number, Set<number>>()
      for (const [one, other] of pairs({ ids: JSON.stringify(contents) })) {
        if (typeof one !== 'number' || typeof other !== 'number') throw new Bug('ids are numbers')
        found.set(one, (found.get(one) ?? new Set()).add(other))
      }
      return found
    },
    /**
     * Of the first `limit` contents after `after`, forgets those that no photo has any more. Gives
     * the last of them; undefined where there was none.
     */
    purge(after: number, limit: number): number | undefined {
      const id = last.get({ after, limit })?.id ?? undefined
      if (id !== undefined) purge.run({ after, last: id })
      return id
    }
  }
}

function keyed(key: readonly number[]): Record<string, number> {
  return Object.fromEntries(key.map((value, axis) => [`k${axis}`, value]))
}
