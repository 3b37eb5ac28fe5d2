// Directories that could not be listed: why, and when they are tried again. What is known of the
// photos in them is left as it was.
import * as v from 'valibot'
import type { FaultRecord } from '../wire/fault.ts'
import type { Database } from './database.ts'
import { StoredFault } from './stored-json.ts'

const ClosedRow = v.object({
  directory: v.string(), // '' is the folder itself
  attempts: v.number(), // in vain, in a row
  retryAt: v.number() // ms since 1970
})
export type ClosedRow = v.InferOutput<typeof ClosedRow>

const ClosedGroup = v.object({
  folder: v.number(),
  name: v.string(), // of the folder
  fault: StoredFault, // of the first of them
  directories: v.number(),
  first: v.string(), // in order of path
  retryAt: v.number() // of the one that is tried first
})
/** Directories of a folder that are closed for the same kind of reason. */
export type ClosedGroup = v.InferOutput<typeof ClosedGroup>

const Place = v.object({ folder: v.number(), directory: v.string() })

// Of a folder that is not there only the folder itself is asked for.
const ASKED = `FROM closed_directories AS closed JOIN folders ON folders.id = closed.folder
  WHERE folders.removed_at IS NULL AND (folders.present = 1 OR directory = '')`

/** The statements of directories that could not be listed. */
export function closedTable(database: Database) {
  const put = database.command(
    `INSERT INTO closed_directories (folder, directory, kind, fault, attempts, retry_at)
     VALUES ($folder, $directory, $kind, $fault, 1, $retryAt)
     ON CONFLICT (folder, directory) DO UPDATE SET kind = excluded.kind, fault = excluded.fault,
       attempts = attempts + 1, retry_at = excluded.retry_at`
  )
  const dropBelow = database.command(
    `DELETE FROM closed_directories WHERE folder = $folder AND directory <> $directory
       AND ($directory = '' OR substr(directory, 1, length($directory) + 1) = $directory || '/')`
  )
  const drop = database.command(
    'DELETE FROM closed_directories WHERE folder = $folder AND directory = $directory'
  )
  const ofFolder = database.query(
    `SELECT directory, attempts, retry_at AS retryAt FROM closed_directories
     WHERE folder = $folder`,
    ClosedRow
  )
  const due = database.query(
    `SELECT folder, directory ${ASKED} AND closed.retry_at <= $now`,
    Place
  )
  const next = database.query(
    `SELECT min(closed.retry_at) AS value ${ASKED}`,
    v.object({ value: v.nullable(v.number()) })
  )
  const bound = database.command(
    'UPDATE closed_directories SET retry_at = $latest WHERE retry_at > $latest'
  )
  const releaseAll = database.command('UPDATE closed_directories SET retry_at = 0')
  const groups = database.query(
    `SELECT one.folder, one.name, closed.fault, directories, first, retryAt FROM (
       SELECT closed.folder, folders.name, kind, count(*) AS directories, min(directory) AS first,
         min(closed.retry_at) AS retryAt ${ASKED} GROUP BY closed.folder, kind) AS one
     JOIN closed_directories AS closed
       ON closed.folder = one.folder AND closed.directory = one.first
     ORDER BY one.folder, first`,
    ClosedGroup
  )

  return {
    /** It could not be listed (once more). What lies below it is not asked for by itself. */
    put(folder: number, directory: string, fault: FaultRecord, retryAt: number): void {
      const { kind } = fault
      put.run({ folder, directory, kind, fault: JSON.stringify(fault), retryAt })
      dropBelow.run({ folder, directory })
    },
    /** It can be listed, or is not there any more. */
    drop: (folder: number, directory: string) => void drop.run({ folder, directory }),
    ofFolder: (folder: number) => ofFolder.all({ folder }),
    /** Those whose time has come. */
    due: (now: number) => due.all({ now }),
    /** None waits for longer than that, ms since 1970: see the table of waits. */
    bound: (latest: number) => void bound.run({ latest }),
    /** When one is to be tried next, ms since 1970. */
    next: () => next.get()?.value ?? undefined,
    /** All may be tried now. */
    releaseAll: () => void releaseAll.run(),
    groups: () => groups.all()
  }
}
