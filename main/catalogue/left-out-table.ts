// What of each directory is left out, as the last look at it found: links, bins, names. Told in the
// folder's row and by the command line.
import * as v from 'valibot'
import { LeftOut } from '../wire/left-out.ts'
import type { LeftOutKind } from '../wire/left-out.ts'
import type { Database } from './database.ts'

const LeftOutRow = v.object({ directory: v.string(), ...LeftOut.entries })
export type LeftOutRow = v.InferOutput<typeof LeftOutRow>

const LeftOutGroup = v.object({ folder: v.number(), ...LeftOut.entries })
/** All of one kind in a folder. */
export type LeftOutGroup = v.InferOutput<typeof LeftOutGroup>

/** The statements of what is left out. */
export function leftOutTable(database: Database) {
  const put = database.command(
    `INSERT INTO left_out (folder, directory, kind, count, first)
     VALUES ($folder, $directory, $kind, $count, $first)
     ON CONFLICT (folder, directory, kind) DO UPDATE SET
       count = excluded.count, first = excluded.first`
  )
  const drop = database.command(
    'DELETE FROM left_out WHERE folder = $folder AND directory = $directory AND kind = $kind'
  )
  const ofFolder = database.query(
    'SELECT directory, kind, count, first FROM left_out WHERE folder = $folder',
    LeftOutRow
  )
  const groups = database.query(
    `SELECT folder, kind, sum(count) AS count, min(first) AS first
     FROM left_out JOIN folders ON folders.id = folder WHERE removed_at IS NULL
     GROUP BY folder, kind ORDER BY folder, kind`,
    LeftOutGroup
  )
  return {
    put: (folder: number, row: LeftOutRow) => void put.run({ folder, ...row }),
    drop: (folder: number, directory: string, kind: LeftOutKind) =>
      void drop.run({ folder, directory, kind }),
    ofFolder: (folder: number) => ofFolder.all({ folder }),
    /** By folder and kind; the first is first in order of path. */
    groups: () => groups.all()
  }
}
