// What a person leaves out of a folder: directories, and photos that are too small.
//
// [Note: left out by a person] The rows of such photos stay as they are but for their status: they
// are 'gone', and `omitted` says why. No scan brings them back and no purge erases them. Taken back
// they are at once what they were, and nothing is described again; the next scan tells what became
// of their files meanwhile. So it is on a drive that is away, too.
import * as v from 'valibot'
import type { Database } from './database.ts'

const Id = v.object({ id: v.number() })
const Directory = v.object({ directory: v.string() })
const Counted = v.object({ directory: v.string(), photos: v.number() })
const Small = v.object({ folder: v.number(), count: v.number(), first: v.string() })
const FolderLimit = v.object({ id: v.number(), least: v.number() })

const IN_DIRECTORY = 'folder = $folder AND directory = $directory'
const BELOW = 'folder = $folder AND directory >= $from AND directory < $to'
const OMITTED = `returns_as = status, status = 'gone', gone_at = $now`
const COME_BACK = 'status = returns_as, returns_as = NULL, gone_at = NULL, omitted = NULL'

/** The statements of what is left out by a person. */
export function omittedTable(database: Database) {
  const directories = database.query(
    'SELECT directory FROM omitted_directories WHERE folder = $folder ORDER BY directory',
    Directory
  )
  const put = database.command(
    `INSERT INTO omitted_directories (folder, directory) VALUES ($folder, $directory)
     ON CONFLICT DO NOTHING`
  )
  const drop = database.command(`DELETE FROM omitted_directories WHERE ${IN_DIRECTORY}`)
  const omit = [IN_DIRECTORY, BELOW].map((where) =>
    database.query(
      `UPDATE photos SET ${OMITTED}, omitted = 'directory'
       WHERE ${where} AND status <> 'gone' RETURNING id`,
      Id
    )
  )
  const counts = database.query(
    `SELECT count(*) AS photos, directory FROM photos
     WHERE folder = $folder AND omitted = 'directory' GROUP BY directory`,
    Counted
  )
  const release = database.query(
    `UPDATE photos SET ${COME_BACK} WHERE ${IN_DIRECTORY} AND omitted = 'directory' RETURNING id`,
    Id
  )
  const adopt = database.command(
    `INSERT OR IGNORE INTO omitted_directories (folder, directory)
     SELECT $into, $prefix || '/' || directory FROM omitted_directories WHERE folder = $from`
  )
  const setLeast = database.command('UPDATE folders SET least_pixels = $least WHERE id = $folder')
  const limits = database.query(
    `SELECT id, least_pixels AS least FROM folders
     WHERE least_pixels IS NOT NULL AND removed_at IS NULL`,
    FolderLimit
  )
  const omitSmall = database.query(
    `UPDATE photos SET ${OMITTED}, omitted = 'small'
     WHERE folder = $folder AND status = 'indexed' AND max(width, height) < $least RETURNING id`,
    Id
  )
  const omitSmallOne = database.command(
    `UPDATE photos SET ${OMITTED}, omitted = 'small'
     WHERE id = $id AND status = 'indexed' AND max(width, height) <
       (SELECT least_pixels FROM folders WHERE folders.id = photos.folder)`
  )
  const releaseLarge = database.query(
    `UPDATE photos SET ${COME_BACK}
     WHERE folder = $folder AND omitted = 'small' AND max(width, height) >= $least RETURNING id`,
    Id
  )
  const small = database.query(
    `SELECT folder, count(*) AS count,
       min(CASE directory WHEN '' THEN name ELSE directory || '/' || name END) AS first
     FROM photos WHERE omitted = 'small' GROUP BY folder`,
    Small
  )
  const rangeBelow = (directory: string) => ({ from: `${directory}/`, to: `${directory}0` })
  return {
    /** The directories that are left out of a folder, with all below them, in order of path. */
    directories: (folder: number) => directories.all({ folder }).map((row) => row.directory),
    put: (folder: number, directory: string) => void put.run({ folder, directory }),
    drop: (folder: number, directory: string) => drop.run({ folder, directory }).changes === 1,
    /** Leaves out the photos of a directory and all below it; their ids. */
    omit(folder: number, directory: string, now: number): number[] {
      const [inside, below] = omit
      const found = inside!.all({ folder, directory, now })
      const deeper = below!.all({ folder, ...rangeBelow(directory), now })
      return [...found, ...deeper].map(({ id }) => id)
    },
    /** Photos that are left out by their directory. */
    counts: (folder: number) => counts.all({ folder }),
    /** Takes back those of a directory; their ids. */
    release: (folder: number, directory: string) =>
      release.all({ folder, directory }).map(({ id }) => id),
    /** A folder becomes a part of another. */
    adopt: (from: number, into: number, prefix: string) => void adopt.run({ from, into, prefix }),
    /** Photos of a folder whose longer side has fewer pixels are left out; null: none are. */
    setLeast: (folder: number, least: number | null) => void setLeast.run({ folder, least }),
    /** The limits of folders that have one, by id. */
    limits: () => new Map(limits.all().map(({ id, least }) => [id, least])),
    /** Leaves out the photos of a folder that are too small for it; their ids. */
    omitSmall: (folder: number, least: number, now: number) =>
      omitSmall.all({ folder, least, now }).map(({ id }) => id),
    /** Leaves out those of these photos that are too small for their folders. */
    omitSmallOf(ids: readonly number[], now: number): void {
      for (const id of ids) omitSmallOne.run({ id, now })
    },
    /** Takes back the photos of a folder that are large enough; their ids. */
    releaseLarge: (folder: number, least: number) =>
      releaseLarge.all({ folder, least }).map(({ id }) => id),
    /** How many are too small, by folder, and the first by path. */
    small: () => small.all()
  }
}
