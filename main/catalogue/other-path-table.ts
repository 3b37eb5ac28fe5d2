// Other paths of the file of a photo. One file may lie at several: under hard links, and where one
// directory is seen at two places. It is one photo, whose row has one of its paths; the others are
// here, and one of them becomes its path when that one goes.
import * as v from 'valibot'
import type { Database } from './database.ts'

const InDirectory = v.object({
  name: v.string(),
  photo: v.number(),
  inode: v.string(), // exact, in digits
  root: v.string(), // of the photo's own path
  directory: v.string(),
  photoName: v.string(),
  isGone: v.number() // 1: the photo
})
/** A file that is known as another path of a photo. */
export type KnownOtherPath = v.InferOutput<typeof InDirectory>

const OfPhoto = v.object({
  folder: v.number(),
  root: v.string(), // path of the folder
  folderName: v.string(),
  directory: v.string(),
  name: v.string(),
  inode: v.string() // exact, in digits
})
/** Another path of a photo. */
export type OtherPath = v.InferOutput<typeof OfPhoto>

const SameFile = v.object({
  id: v.number(),
  root: v.string(),
  directory: v.string(),
  name: v.string()
})
const Id = v.object({ id: v.number() })
const Place = 'folder = $folder AND directory = $directory'
// The small table leads: photos are looked up by id.
const SHOWN = `other_paths CROSS JOIN photos ON photos.id = photo
  WHERE other_paths.folder = $folder AND width IS NOT NULL AND status <> 'gone'`

/** The statements of other paths. */
export function otherPathTable(database: Database) {
  const inDirectory = database.query(
    `SELECT other_paths.name, photo, other_paths.inode, folders.path AS root, photos.directory,
       photos.name AS photoName, status = 'gone' AS isGone
     FROM other_paths CROSS JOIN photos ON photos.id = photo
       CROSS JOIN folders ON folders.id = photos.folder
     WHERE other_paths.folder = $folder AND other_paths.directory = $directory`,
    InDirectory
  )
  const directories = database.query(
    'SELECT DISTINCT directory FROM other_paths WHERE folder = $folder ORDER BY directory',
    v.object({ directory: v.string() })
  )
  const put = database.command(
    `INSERT INTO other_paths (folder, directory, name, photo, inode)
     VALUES ($folder, $directory, $name, $photo, $inode)
     ON CONFLICT (folder, directory, name) DO UPDATE SET photo = excluded.photo,
       inode = excluded.inode`
  )
  const drop = database.command(`DELETE FROM other_paths WHERE ${Place} AND name = $name`)
  const dropDirectory = database.command(`DELETE FROM other_paths WHERE ${Place}`)
  const dropFolder = database.command('DELETE FROM other_paths WHERE folder = $folder')
  const ofPhoto = database.query(
    `SELECT folder, folders.path AS root, folders.name AS folderName, directory,
       other_paths.name, inode
     FROM other_paths JOIN folders ON folders.id = folder
     WHERE photo = $photo AND removed_at IS NULL ORDER BY folder, directory, other_paths.name`,
    OfPhoto
  )
  const handOver = database.command('UPDATE other_paths SET photo = $to WHERE photo = $from')
  const earlier = database.query(
    `SELECT other.id, folders.path AS root, other.directory, other.name
     FROM photos AS one CROSS JOIN photos AS other ON other.inode = one.inode
       AND other.size = one.size AND other.id < one.id AND other.status <> 'gone'
     CROSS JOIN folders ON folders.id = other.folder
     WHERE one.id = $id`,
    SameFile
  )
  const sharedBy = database.query(
    `SELECT photo AS id, photos.directory FROM other_paths CROSS JOIN photos
       ON photos.id = photo WHERE photos.folder = $folder AND status <> 'gone'`,
    v.object({ id: v.number(), directory: v.string() })
  )
  const ids = database.query(
    `SELECT photos.id FROM ${SHOWN}
       AND ($within IS NULL OR other_paths.directory = $within
         OR substr(other_paths.directory, 1, length($within) + 1) = $within || '/')`,
    Id
  )
  const counts = database.query(
    `SELECT other_paths.directory, count(*) AS photos FROM ${SHOWN} GROUP BY other_paths.directory`,
    v.object({ directory: v.string(), photos: v.number() })
  )
  const byFolder = database.query(
    'SELECT folder, count(*) AS photos FROM other_paths GROUP BY folder',
    v.object({ folder: v.number(), photos: v.number() })
  )
  const atPath = database.query(
    `SELECT photo AS id FROM other_paths WHERE ${Place} AND name = $name`,
    Id
  )
  const total = database.query(
    'SELECT count(*) AS paths FROM other_paths',
    v.object({ paths: v.number() })
  )
  const adopt = database.command(
    `UPDATE OR REPLACE other_paths SET folder = $into,
       directory = CASE directory WHEN '' THEN $prefix ELSE $prefix || '/' || directory END
     WHERE folder = $from`
  )
  return {
    inDirectory: (folder: number, directory: string) => inDirectory.all({ folder, directory }),
    /** The directories of a folder that hold some. */
    directories: (folder: number) => directories.all({ folder }).map((row) => row.directory),
    put: (folder: number, directory: string, name: string, photo: number, inode: string) =>
      void put.run({ folder, directory, name, photo, inode }),
    drop: (folder: number, directory: string, name: string) =>
      void drop.run({ folder, directory, name }),
    dropDirectory: (folder: number, directory: string) =>
      void dropDirectory.run({ folder, directory }),
    dropFolder: (folder: number) => void dropFolder.run({ folder }),
    /** Those of a photo. */
    ofPhoto: (photo: number) => ofPhoto.all({ photo }),
    /** The paths of one photo are those of another from now on. */
    handOver: (from: number, to: number) => void handOver.run({ from, to }),
    /** Earlier photos with the inode and size of this one: they may be the same file. */
    earlier: (id: number) => earlier.all({ id }),
    /** Photos of a folder that have such paths, with the directory of their own; some twice. */
    sharedBy: (folder: number) => sharedBy.all({ folder }),
    /** Photos of the grid with such a path in a folder, or in a directory and all below it. */
    idsIn: (folder: number, within?: string) =>
      ids.all({ folder, within: within || null }).map(({ id }) => id),
    /** Photos of the grid by directory, as such paths. */
    counts: (folder: number) => counts.all({ folder }),
    /** How many there are, by folder. */
    byFolder: () => byFolder.all(),
    atPath: (folder: number, directory: string, name: string) =>
      atPath.get({ folder, directory, name })?.id,
    total: () => total.get()?.paths ?? 0,
    /** A folder becomes a part of another. */
    adopt: (from: number, into: number, prefix: string) => void adopt.run({ from, into, prefix })
  }
}
