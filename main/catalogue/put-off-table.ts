// Described photos whose files, or the XMP files beside them, could not be read again: how often
// that was tried, and when it is next. They are few; what they lack is told by their own rows.
import * as v from 'valibot'
import type { Database } from './database.ts'

/** What their files are read for: dates, or what today's decoders make of them. */
export type PutOffWork = 'dates' | 'judging'

const PutOffRow = v.object({
  photo: v.number(),
  files: v.string(), // as they were: where they change it waits no longer
  attempts: v.number(), // in vain, in a row
  retryAt: v.number() // ms since 1970
})
export type PutOffRow = v.InferOutput<typeof PutOffRow>

export type PutOffTable = ReturnType<typeof putOffTable>

/** The statements of what was put off. */
export function putOffTable(database: Database) {
  const ofWork = database.query(
    'SELECT photo, files, attempts, retry_at AS retryAt FROM put_off WHERE work = $work',
    PutOffRow
  )
  const put = database.command(
    `INSERT INTO put_off (photo, work, files, attempts, retry_at)
     VALUES ($photo, $work, $files, $attempts, $retryAt)
     ON CONFLICT (photo, work) DO UPDATE SET files = excluded.files,
       attempts = excluded.attempts, retry_at = excluded.retry_at`
  )
  const drop = database.command('DELETE FROM put_off WHERE photo = $photo AND work = $work')
  const clear = database.command('DELETE FROM put_off WHERE work = $work')
  const forget = database.command('DELETE FROM put_off WHERE retry_at < $before')
  return {
    ofWork: (work: PutOffWork) => ofWork.all({ work }),
    put: (work: PutOffWork, row: PutOffRow) => void put.run({ work, ...row }),
    drop: (work: PutOffWork, photo: number) => void drop.run({ work, photo }),
    clear: (work: PutOffWork) => void clear.run({ work }),
    /** Those that could have been tried since then were read otherwise, or are away. */
    forget: (before: number) => void forget.run({ before })
  }
}
