// The folders of a library. One that is taken out keeps its rows until the purge, for an undo.
import * as v from 'valibot'
import type { Database } from './database.ts'

const FolderRow = v.object({
  id: v.number(),
  path: v.string(),
  name: v.string(),
  present: v.pipe(
    v.number(),
    v.transform((flag) => flag === 1)
  )
})
export type FolderRow = v.InferOutput<typeof FolderRow>

const Count = v.object({ folder: v.number(), photos: v.number() })

/** The statements of folders. */
export function folderTable(database: Database) {
  const list = database.query(
    'SELECT id, path, name, present FROM folders WHERE removed_at IS NULL ORDER BY id',
    FolderRow
  )
  const byId = database.query(
    'SELECT id, path, name, present FROM folders WHERE id = $id',
    FolderRow
  )
  const counts = database.query(
    `SELECT folder, count(*) AS photos FROM photos WHERE status <> 'gone' GROUP BY folder`,
    Count
  )
  const upsert = database.query(
    `INSERT INTO folders (path, name) VALUES ($path, $name)
     ON CONFLICT (path) DO UPDATE SET removed_at = NULL, present = 1 RETURNING id`,
    v.object({ id: v.number() })
  )
  const atPath = database.query(
    'SELECT id FROM folders WHERE path = $path',
    v.object({ id: v.number() })
  )
  // One that was taken out, and only waits for the purge, lets another have its place.
  const clearPlace = database.command(
    'UPDATE folders SET path = path || $mark WHERE path = $path AND removed_at IS NOT NULL'
  )
  const relocate = database.command(
    `UPDATE folders SET path = $path, name = $name, present = 1, fault = NULL, attempts = 0,
       retry_at = NULL WHERE id = $id`
  )
  const setPresent = database.command('UPDATE folders SET present = $present WHERE id = $id')
  const setRemoved = database.command('UPDATE folders SET removed_at = $now WHERE id = $id')
  const forgetClosed = database.command('DELETE FROM closed_directories WHERE folder = $id')
  const forgetMounts = database.command('DELETE FROM mounts WHERE folder = $id')
  const forgetOwnMount = database.command(
    `DELETE FROM mounts WHERE folder = $id AND directory = ''`
  )
  const moveMounts = database.command(
    `UPDATE mounts SET point = rtrim($path, '/') || '/' || directory
     WHERE folder = $id AND directory <> ''`
  )
  const erase = database.command('DELETE FROM folders WHERE id = $id')
  const allGone = database.query(
    `UPDATE photos SET returns_as = status, status = 'gone', gone_at = $now
     WHERE folder = $id AND status <> 'gone' RETURNING id`,
    v.object({ id: v.number() })
  )
  const clearWay = database.command(
    `DELETE FROM photos WHERE folder = $into
       AND (directory = $prefix OR substr(directory, 1, length($prefix) + 1) = $prefix || '/')`
  )
  const reparent = database.command(
    `UPDATE photos SET folder = $into,
       directory = CASE directory WHEN '' THEN $prefix ELSE $prefix || '/' || directory END
     WHERE folder = $from`
  )
  const purgeFolders = database.command(
    `DELETE FROM folders WHERE removed_at < $before
       AND NOT EXISTS (SELECT 1 FROM photos WHERE photos.folder = folders.id)`
  )

  return {
    list: () => list.all(),
    get: (id: number) => byId.get({ id }),
    /** Photos by folder id, those that are gone left out. */
    counts: () => new Map(counts.all().map((row) => [row.folder, row.photos])),
    /** Adds a folder, or takes a removed one back in; its id. */
    add: (path: string, name: string): number => upsert.all({ path, name })[0]!.id,
    /** A folder at this path is in the library, or was. */
    isKnown: (path: string) => atPath.get({ path }) !== undefined,
    /**
     * The folder lies elsewhere now, with all that is known of it. Drives below it that are away
     * stay so, or their photos would be missing there; which one it lies on itself is looked up.
     */
    relocate(id: number, path: string, name: string): void {
      database.transaction(() => {
        forgetClosed.run({ id })
        forgetOwnMount.run({ id })
        moveMounts.run({ id, path })
        clearPlace.run({ path, mark: `\0${id}` })
        relocate.run({ id, path, name })
      })
    },
    setPresent: (id: number, present: boolean) =>
      void setPresent.run({ id, present: present ? 1 : 0 }),
    /** Takes a folder out of the library; the ids of its photos, which are gone from `now` on. */
    remove: (id: number, now: number): number[] =>
      database.transaction(() => {
        setRemoved.run({ id, now })
        forgetClosed.run({ id })
        forgetMounts.run({ id })
        return allGone.all({ id, now }).map((row) => row.id)
      }),
    /** Makes `from` a part of `into`: its rows move below `prefix` and it is no folder any more. */
    adopt(from: number, into: number, prefix: string): void {
      database.transaction(() => {
        clearWay.run({ into, prefix })
        reparent.run({ from, into, prefix })
        erase.run({ id: from })
      })
    },
    /** Forgets removed folders that no row needs any more. */
    purge: (before: number) => purgeFolders.run({ before }).changes
  }
}
