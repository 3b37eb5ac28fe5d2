// Photos as work: what is to be processed and what became of it. Status, fault and counts are
// columns, so that going on after a kill is a query.
import * as v from 'valibot'
import type { Described } from '../wire/compute-contract.ts'
import type { DamageKind } from '../wire/decoder-contract.ts'
import { FAULT_KINDS } from '../wire/fault.ts'
import type { FaultRecord } from '../wire/fault.ts'
import type { Held } from '../wire/held.ts'
import { JUDGEMENT } from '../wire/judgement.ts'
import { earliest, fileAhead, type DateSource } from '../wire/photo-date.ts'
import type { PhotoFacts } from '../wire/photo-facts.ts'
import type { Database } from './database.ts'
import { storedHeld } from './date-table.ts'
import { factTable } from './fact-table.ts'
import { favouriteTable } from './favourite-table.ts'
import { ratingTable } from './rating-table.ts'
import { STATUSES } from './file-table.ts'

export const Task = v.object({
  id: v.number(),
  root: v.string(), // path of its folder
  folder: v.number(),
  directory: v.string(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number(),
  changedAt: v.nullable(v.number()),
  sidecar: v.nullable(v.string()), // name of the XMP file beside it
  sidecarModifiedAt: v.nullable(v.number()),
  attempts: v.number(), // in vain, so far
  waitedFor: v.nullable(v.picklist(FAULT_KINDS)) // the kind of fault of the last of them
})
/** A photo to be processed. */
export type Task = v.InferOutput<typeof Task>

const Counts = v.object({
  status: v.picklist(STATUSES),
  photos: v.number()
})

const Value = v.object({ value: v.number() })

export const TASK = `photos.id, folders.path AS root, folder, directory, photos.name, size,
  modified_at AS modifiedAt, changed_at AS changedAt, sidecar,
  sidecar_modified_at AS sidecarModifiedAt,
  photos.attempts, fault_kind AS waitedFor`
const FROM = 'FROM photos JOIN folders ON folders.id = photos.folder'
// A result is kept only for the very file that was sent: it may have changed or left meanwhile.
export const STILL = `id = $id AND status = 'pending' AND size = $size AND modified_at = $modifiedAt
  AND changed_at IS $changedAt`
export const NO_FAULT = `fault_kind = NULL, fault = NULL, attempts = 0, retry_at = NULL, suspect = 0,
  solo_kills = 0`
// Photos that can be tried now: they wait for nothing, and neither does their folder.
const READY = `status = 'pending' AND photos.retry_at IS NULL`
const OPEN = 'folders.present = 1 AND folders.retry_at IS NULL'

// A sidecar that changed meanwhile is read again.
const READ_AS_IT_IS = `CASE WHEN $isDated = 1 AND sidecar IS $sidecar
  AND sidecar_modified_at IS $sidecarModifiedAt THEN 1 ELSE 0 END`

/** What a photo became. The date's source: EXIF where none is told. */
export type WhatItBecame = Pick<Described, 'hash' | 'width' | 'height' | 'capturedAt'> & {
  dateSource?: DateSource | null
  holds?: Held | null
  facts?: PhotoFacts | null
  /** False where its file is still to be read for its date. */
  isDated?: boolean
  /** What is wrong with it, though it is shown. */
  damage?: DamageKind | null
  /** By its content. */
  format?: string | null
  /** A date that counts as none until it has come, as a clock shows it. */
  ahead?: number | null
}

/** The statements of photos as work. */
export function workTable(database: Database) {
  const pending = database.query(
    `SELECT ${TASK} FROM photos INDEXED BY photos_ready JOIN folders ON folders.id = photos.folder
     WHERE ${READY} AND suspect = 0 AND ${OPEN} ORDER BY photos.id LIMIT $limit`,
    Task
  )
  const suspect = database.query(
    `SELECT ${TASK} ${FROM} WHERE +photos.status = 'pending' AND suspect = 1 AND folders.present = 1
       AND solo_kills <= $kills ORDER BY solo_kills, photos.id LIMIT 1`,
    Task
  )
  const one = database.query(`SELECT ${TASK} ${FROM} WHERE photos.id = $id`, Task)
  const counts = database.query(
    'SELECT status, count(*) AS photos FROM photos GROUP BY status',
    Counts
  )
  const pendingCount = database.query(
    `SELECT count(*) AS value FROM photos WHERE status = 'pending'`,
    Value
  )
  const waitingCount = database.query(
    `SELECT count(*) AS value FROM photos INDEXED BY photos_waiting
     WHERE status = 'pending' AND retry_at IS NOT NULL AND retry_at > $now`,
    Value
  )
  const heldCount = database.query(
    `SELECT count(*) AS value FROM photos WHERE ${READY} AND folder IN (
       SELECT id FROM folders WHERE NOT (${OPEN}))`,
    Value
  )
  const anyHeld = database.query(
    `SELECT count(*) AS value FROM folders WHERE NOT (${OPEN}) AND removed_at IS NULL`,
    Value
  )
  const describe = database.command(
    `UPDATE photos SET status = 'indexed', hash = $hash, width = $width, height = $height,
       captured_at = $capturedAt, captured_from = $source, ahead = $ahead, holds = $holds,
       damage = $damage, format = $format, judgement = ${JUDGEMENT},
       dated = ${READ_AS_IT_IS}, ${NO_FAULT} WHERE ${STILL}`
  )
  const fail = database.command(
    `UPDATE photos SET status = 'failed', fault_kind = $kind, fault = $fault, suspect = 0,
       retry_at = NULL, hash = NULL, width = NULL, height = NULL, captured_at = NULL,
       captured_from = NULL, holds = NULL, damage = NULL, format = NULL,
       judgement = ${JUDGEMENT}
     WHERE ${STILL}`
  )
  const facts = factTable(database)
  const favourites = favouriteTable(database)
  const ratings = ratingTable(database)
  const markSuspect = database.command(
    `UPDATE photos SET suspect = 1 WHERE id = $id AND status = 'pending'`
  )
  const soloKill = database.query(
    `UPDATE photos SET suspect = 1, solo_kills = solo_kills + 1 WHERE id = $id
     RETURNING solo_kills AS value`,
    Value
  )
  const clear = database.command(
    'UPDATE photos SET suspect = 0, solo_kills = 0 WHERE id = $id AND suspect = 1'
  )
  const retry = database.command(
    `UPDATE photos SET status = 'pending', ${NO_FAULT} WHERE status = 'failed' AND id = $id`
  )
  const retryAll = database.command(
    `UPDATE photos SET status = 'pending', ${NO_FAULT} WHERE status = 'failed'`
  )

  return {
    /** The next photos in order of id, without those that wait, and those of absent folders. */
    pending: (limit: number) => pending.all({ limit }),
    /**
     * A photo that was in work when compute died, at most `kills` times alone: to be tried alone.
     */
    suspect: (kills: number) => suspect.get({ kills }),
    task: (id: number) => one.get({ id }),
    counts() {
      const all = { pending: 0, indexed: 0, failed: 0, gone: 0 }
      for (const row of counts.all()) all[row.status] = row.photos
      return all
    },
    /** Pending photos that can be tried now. */
    doable(): number {
      const all = pendingCount.get()?.value ?? 0
      if (all === 0) return 0
      const ready = all - (waitingCount.get({ now: Date.now() })?.value ?? 0)
      return anyHeld.get()?.value === 0 ? ready : ready - (heldCount.get()?.value ?? 0)
    },
    /**
     * Writes what a photo became, inside a transaction; false when the file is no longer the one
     * that was sent.
     */
    describe(
      task: Task,
      what: WhatItBecame
    ): boolean {
      const { id, size, modifiedAt, changedAt, sidecar, sidecarModifiedAt } = task
      const { hash, width, height, capturedAt, isDated = true } = what
      const { dateSource = 'exif', damage = null } = what
      const picture = { hash, width, height }
      const file = { id, size, modifiedAt, changedAt, sidecar, sidecarModifiedAt, ...picture }
      const source = capturedAt === null ? null : dateSource
      const ahead = earliest(what.ahead ?? null, fileAhead(modifiedAt))
      const { format = null } = what
      const holds = storedHeld(what.holds)
      const made = { source, ahead, holds, format, damage }
      const row = { ...file, ...made, capturedAt, isDated: isDated ? 1 : 0 }
      if (describe.run(row).changes === 0) return false
      facts.set(id, what.facts ?? null)
      favourites.settle(id, hash)
      ratings.settle(id, hash)
      return true
    },
    /** Marks a photo as failed, inside a transaction; false as for `describe`. */
    fail({ id, size, modifiedAt, changedAt }: Task, fault: FaultRecord): boolean {
      const row = { id, size, modifiedAt, changedAt }
      const change = { ...row, kind: fault.kind, fault: JSON.stringify(fault) }
      if (fail.run(change).changes === 0) return false
      facts.set(id, null)
      return true
    },
    markSuspect: (id: number) => void markSuspect.run({ id }),
    /** Counts a death of compute while this photo alone was in work; how many there were. */
    soloKill: (id: number) => soloKill.all({ id })[0]?.value ?? 0,
    /** Compute answered for this photo: it did not kill it. */
    clear: (id: number) => void clear.run({ id }),
    /** Puts failed photos back to pending; how many. */
    retry(ids: readonly number[] | null): number {
      if (!ids) return retryAll.run().changes
      return database.transaction(() => ids.reduce((sum, id) => sum + retry.run({ id }).changes, 0))
    }
  }
}
