// Photos as files: what a scan compares with the disk and what it writes. A file's identity is its
// row; its path may change (a move), and a file that is gone keeps its row for its return.
import * as v from 'valibot'
import { fileAhead, fileDate } from '../wire/photo-date.ts'
import type { Database } from './database.ts'
import { sortName } from './sort-name.ts'

/** An XMP file beside a photo. */
export interface Sidecar {
  name: string
  modifiedAt: number // ms since 1970
}

/** What the disk says of a file. */
export interface FileFacts {
  name: string
  size: number // bytes
  modifiedAt: number // ms since 1970
  /** When the system last changed anything of it, ms since 1970: no program puts that back. */
  changedAt?: number | undefined
  inode: number
  /** Paths that lead to it; 1 for most. */
  links?: number
  sidecar?: Sidecar | undefined
  /** Names of the files beside it that belong to it: its RAW, its film, settings of programs. */
  companions?: readonly string[]
  /** Name of the file beside it that it may be an edited version of. */
  original?: string
  /** It is as it was when it could not be read. */
  isDamaged?: boolean
}

/** Names of companions as a column has them: null for none. */
export function storedNames(names: readonly string[] = []): string | null {
  return names.length === 0 ? null : JSON.stringify(names)
}

/** What a photo may be. */
export const STATUSES = ['pending', 'indexed', 'failed', 'gone'] as const

/** Why a photo is gone though its file is there: see [Note: left out by a person]. */
const OMISSIONS = ['directory', 'small'] as const

/** Columns that are read of every file. */
const COLUMNS = {
  id: v.number(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number(),
  sidecar: v.nullable(v.string()),
  sidecarModifiedAt: v.nullable(v.number()),
  companions: v.nullable(v.string()), // as `storedNames`
  original: v.nullable(v.string()),
  status: v.picklist(STATUSES)
}

const FileRow = v.object({
  ...COLUMNS,
  changedAt: v.nullable(v.number()), // null: not known yet
  isEdit: v.nullable(v.number()), // 1: of its original, which is its companion; null: not decided
  omitted: v.nullable(v.picklist(OMISSIONS))
})
export type FileRow = v.InferOutput<typeof FileRow>

const Candidate = v.object({
  ...COLUMNS,
  folder: v.number(),
  directory: v.string(),
  changedAt: v.nullable(v.number()),
  inode: v.number(),
  /** Hash of the file as it lies (lay) there; null when that is not known. */
  hash: v.nullable(v.string())
})
/** A row that may be one end of a move. */
export type Candidate = v.InferOutput<typeof Candidate>

/** Where a row's file lies from now on, and what lies beside it there. */
export type NewPlace = Omit<Candidate, 'id' | 'size' | 'status' | 'hash'>

const Id = v.object({ id: v.number() })

const BESIDE = 'sidecar = $sidecar, sidecar_modified_at = $sidecarModifiedAt'
// A date that lay ahead may be told again too early, which costs a look.
const AHEAD = 'ahead = coalesce(min(ahead, $ahead), ahead, $ahead)'
const FACTS = `size = $size, modified_at = $modifiedAt, changed_at = $changedAt,
  file_time = $fileTime, ${AHEAD}, inode = $inode, ${BESIDE}, companions = $companions,
  original = $original`
const FRESH = 'attempts = 0, retry_at = NULL, suspect = 0, solo_kills = 0'
// A photo that changed and is not described again yet has the hash of its former content.
const CANDIDATE = `id, folder, directory, name, size, modified_at AS modifiedAt,
  changed_at AS changedAt, inode, sidecar, sidecar_modified_at AS sidecarModifiedAt, companions,
  original, status,
  CASE WHEN coalesce(returns_as, status) = 'indexed' THEN hash END AS hash`

/** The statements of photos as files. */
export function fileTable(database: Database) {
  const inDirectory = database.query(
    `SELECT id, name, size, modified_at AS modifiedAt, changed_at AS changedAt, sidecar,
       sidecar_modified_at AS sidecarModifiedAt, companions, original, is_edit AS isEdit,
       omitted, status FROM photos
     WHERE folder = $folder AND directory = $directory`,
    FileRow
  )
  // Takes one step in the index for each directory, however many photos it holds: SQLite would
  // read all rows of the folder (it has no skip scan).
  const directories = database.query(
    `WITH RECURSIVE found (directory) AS (
       SELECT min(directory) FROM photos WHERE folder = $folder
       UNION ALL
       SELECT (SELECT min(directory) FROM photos
               WHERE folder = $folder AND directory > found.directory)
       FROM found WHERE found.directory IS NOT NULL)
     SELECT directory FROM found WHERE directory IS NOT NULL`,
    v.object({ directory: v.string() })
  )
  const anyIn = database.query(
    `SELECT id FROM photos WHERE folder = $folder AND status <> 'gone' LIMIT 1`,
    Id
  )
  const insert = database.command(
    `INSERT INTO photos
       (folder, directory, name, size, modified_at, changed_at, inode, added_at, status,
        file_time, ahead, sort_name, sidecar, sidecar_modified_at, companions, original)
     VALUES ($folder, $directory, $name, $size, $modifiedAt, $changedAt, $inode, $now, 'pending',
        $fileTime, $ahead, $sortName, $sidecar, $sidecarModifiedAt, $companions, $original)`
  )
  const change = database.command(
    `UPDATE photos SET ${FACTS}, ${FRESH}, status = 'pending', gone_at = NULL, returns_as = NULL,
       omitted = NULL, fault_kind = NULL, fault = NULL WHERE id = $id`
  )
  const noteChange = database.command('UPDATE photos SET changed_at = $changedAt WHERE id = $id')
  const comeBack = database.command(
    `UPDATE photos SET status = returns_as, gone_at = NULL, returns_as = NULL, omitted = NULL
     WHERE id = $id AND status = 'gone'`
  )
  const leave = database.command(
    `UPDATE photos SET returns_as = coalesce(returns_as, status), status = 'gone',
       gone_at = $now, omitted = NULL
     WHERE id = $id AND (status <> 'gone' OR omitted IS NOT NULL)`
  )
  const erase = database.command('DELETE FROM photos WHERE id = $id')
  const rename = database.command(
    `UPDATE photos SET folder = $folder, directory = $directory, name = $name,
       modified_at = $modifiedAt, changed_at = $changedAt, file_time = $fileTime, ${AHEAD},
       inode = $inode, sort_name = $sortName,
       dated = CASE WHEN sidecar IS $sidecar AND sidecar_modified_at IS $sidecarModifiedAt
         THEN dated ELSE 0 END,
       ${BESIDE}, companions = $companions, original = $original, is_edit = NULL,
       status = coalesce(returns_as, status), gone_at = NULL, returns_as = NULL, omitted = NULL
     WHERE id = $id`
  )
  const atPath = database.query(
    `SELECT id FROM photos WHERE folder = $folder AND directory = $directory AND name = $name
       AND id <> $id`,
    Id
  )
  const candidate = database.query(`SELECT ${CANDIDATE} FROM photos WHERE id = $id`, Candidate)
  const goneOfSize = database.query(
    `SELECT ${CANDIDATE} FROM photos WHERE size = $size AND status = 'gone' AND omitted IS NULL
     ORDER BY gone_at DESC`,
    Candidate
  )
  const arrivedAs = database.query(
    `SELECT ${CANDIDATE} FROM photos WHERE size = $size AND inode = $inode
     AND modified_at = $modifiedAt AND id > $id AND status = 'pending' AND hash IS NULL`,
    Candidate
  )
  const anyGone = database.query(`SELECT id FROM photos WHERE status = 'gone' LIMIT 1`, Id)
  const gone = database.query(`SELECT id FROM photos WHERE status = 'gone'`, Id)
  const goneBefore = database.query(
    `SELECT id FROM photos WHERE status = 'gone' AND gone_at < $before
       AND (omitted IS NULL OR folder IN (SELECT id FROM folders WHERE removed_at < $before))
     LIMIT $limit`,
    Id
  )

  return {
    inDirectory: (folder: number, directory: string) => inDirectory.all({ folder, directory }),
    /** The directories of a folder that hold rows. */
    directories: (folder: number) => directories.all({ folder }).map((row) => row.directory),
    /** True when a photo is on record in the folder that is not gone. */
    anyIn: (folder: number) => anyIn.get({ folder }) !== undefined,
    /** A file that was never seen at this path. */
    insert: (folder: number, directory: string, file: FileFacts, now: number): number =>
      insert.run({
        folder,
        directory,
        name: file.name,
        sortName: sortName(file.name),
        now,
        ...rowOf(file)
      }).id,
    /** The file has other content than its row, or came back with other content. */
    change: (id: number, file: FileFacts) => void change.run({ id, ...rowOf(file) }),
    /** When the system last changed a file, where that was not known: its content is not asked. */
    noteChange: (id: number, changedAt: number) => void noteChange.run({ id, changedAt }),
    /** A file that was gone lies there again, unchanged. */
    comeBack: (id: number) => void comeBack.run({ id }),
    leave: (id: number, now: number) => void leave.run({ id, now }),
    /** Row `id` takes over the path of row `to`, which is erased: the file was moved. */
    move(id: number, to: Candidate): void {
      erase.run({ id: to.id })
      rename.run({ id, ...placeOf(to) })
    },
    /**
     * A row takes the path to which its file was brought; the id of the row that was erased for it,
     * of a file that is there no more. Inside a transaction.
     */
    relocate(id: number, to: NewPlace): number | undefined {
      const { folder, directory, name } = to
      const former = atPath.get({ id, folder, directory, name })?.id
      if (former !== undefined) erase.run({ id: former })
      rename.run({ id, ...placeOf(to) })
      return former
    },
    candidate: (id: number) => candidate.get({ id }),
    /**
     * Rows that are gone and may have come back elsewhere, the latest first. The files of those
     * that are left out are where they were.
     */
    goneOfSize: (size: number) => goneOfSize.all({ size }),
    /** Newer rows of what seems to be the same file, not described yet: it was moved there. */
    arrivedAs: ({ id, size, inode, modifiedAt }: Candidate) =>
      arrivedAs.all({ id, size, inode, modifiedAt }),
    anyGone: () => anyGone.get() !== undefined,
    gone: () => gone.all().map((row) => row.id),
    /** Rows to be forgotten: those that are left out wait until they are taken back. */
    goneBefore: (before: number, limit: number) =>
      goneBefore.all({ before, limit }).map((row) => row.id),
    erase: (id: number) => void erase.run({ id })
  }
}

/** What a move changes. */
function placeOf(place: NewPlace) {
  const { folder, directory, name, modifiedAt, changedAt, inode, ...beside } = place
  const { sidecar, sidecarModifiedAt, companions, original } = beside
  return {
    folder,
    directory,
    name,
    sortName: sortName(name),
    modifiedAt,
    changedAt,
    fileTime: fileDate(modifiedAt),
    ahead: fileAhead(modifiedAt),
    inode,
    sidecar,
    sidecarModifiedAt,
    companions,
    original
  }
}

/** What is kept of a file but its name. */
function rowOf(file: FileFacts) {
  const { size, modifiedAt, changedAt, inode, sidecar, companions, original } = file
  return {
    size,
    modifiedAt,
    changedAt: changedAt ?? null,
    fileTime: fileDate(modifiedAt),
    ahead: fileAhead(modifiedAt),
    inode,
    sidecar: sidecar?.name ?? null,
    sidecarModifiedAt: sidecar?.modifiedAt ?? null,
    companions: storedNames(companions),
    original: original ?? null
  }
}
