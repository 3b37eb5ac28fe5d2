// Photos as decoders judge them: which are to be looked at again, and what was found.
import * as v from 'valibot'
import type { DamageKind } from '../wire/decoder-contract.ts'
import type { Held } from '../wire/held.ts'
import type { PhotoDate } from '../wire/photo-date.ts'
import type { PhotoFacts } from '../wire/photo-facts.ts'
import { JUDGEMENT } from '../wire/judgement.ts'
import type { Database } from './database.ts'
import { storedHeld } from './date-table.ts'
import { DESCRIBED_FILE, DescribedFile, STILL_DESCRIBED } from './described-file.ts'
import { factTable } from './fact-table.ts'
import { NO_FAULT } from './work-table.ts'

const Unjudged = v.object({
  ...DescribedFile.entries,
  hash: v.string(),
  judgement: v.number(), // the one that it was looked at by
  format: v.nullable(v.string())
})
/** A described photo that was looked at by an older judgement. */
export type Unjudged = v.InferOutput<typeof Unjudged>

/** What a file is judged to be. */
export interface JudgedAs {
  format: string
  width: number
  height: number
  damage: DamageKind | null
  date: PhotoDate | null
  ahead: number | null
  facts: PhotoFacts | null
  holds: Held | null
  /** False where its sidecar is still to be read. */
  isDated: boolean
}

/** The statements of judgements. */
export function judgementTable(database: Database) {
  const facts = factTable(database)
  const unjudged = database.query(
    `SELECT ${DESCRIBED_FILE}, hash, judgement, format
     FROM photos INDEXED BY photos_by_judgement JOIN folders ON folders.id = photos.folder
     WHERE judgement < $today AND status = 'indexed' AND folders.present = 1
       AND folders.retry_at IS NULL
     ORDER BY judgement, photos.id LIMIT $limit`,
    Unjudged
  )
  const set = database.command(
    `UPDATE photos SET judgement = $today, format = $format, width = $width, height = $height,
       damage = $damage, captured_at = $at, captured_from = $source, ahead = $ahead,
       holds = $holds,
       dated = CASE WHEN $isDated = 1 AND sidecar IS $sidecar
         AND sidecar_modified_at IS $sidecarModifiedAt THEN 1 ELSE 0 END
     WHERE ${STILL_DESCRIBED} AND name = $name`
  )
  const passOver = database.command(
    `UPDATE photos SET judgement = $today, dated = CASE WHEN $isDated = 1 THEN dated ELSE 0 END
     WHERE id = $id AND status = 'indexed'`
  )
  const queue = database.command(
    `UPDATE photos SET status = 'pending', ${NO_FAULT} WHERE ${STILL_DESCRIBED}`
  )
  const retry = database.command(
    `UPDATE photos SET status = 'pending', ${NO_FAULT}
     WHERE status = 'failed' AND judgement < $today`
  )
  const retryGone = database.command(
    `UPDATE photos SET returns_as = 'pending', ${NO_FAULT}
     WHERE status = 'gone' AND returns_as = 'failed' AND judgement < $today`
  )
  return {
    /** Described photos of folders that are there, looked at by an older judgement than `today`. */
    unjudged: (limit: number, today = JUDGEMENT) => unjudged.all({ limit, today }),
    /** Writes what was found; false when the file or its name changed meanwhile. */
    set(photo: Unjudged, { date, ...found }: JudgedAs): boolean {
      const { id, size, modifiedAt, name, sidecar, sidecarModifiedAt } = photo
      const { at, source } = date ?? { at: null, source: null }
      const { format, width, height, damage, ahead } = found
      const isDated = found.isDated ? 1 : 0
      const row = { format, width, height, damage, ahead, at, source, isDated, today: JUDGEMENT }
      const file = { id, size, modifiedAt, name, sidecar, sidecarModifiedAt }
      const isSet = set.run({ ...file, ...row, holds: storedHeld(found.holds) }).changes === 1
      if (isSet) facts.set(id, found.facts)
      return isSet
    },
    /** Nothing can have changed of a photo; or only what its metadata tells, which is read then. */
    passOver: (id: number, isDated: boolean) =>
      void passOver.run({ id, isDated: isDated ? 1 : 0, today: JUDGEMENT }),
    /** Its picture changed, or is none any more: it is to be described again. */
    queue: ({ id, size, modifiedAt }: Unjudged) =>
      queue.run({ id, size, modifiedAt }).changes === 1,
    /** Whatever an older judgement refused is tried again; how many. */
    retryRefused: (today = JUDGEMENT) =>
      retry.run({ today }).changes + retryGone.run({ today }).changes
  }
}
