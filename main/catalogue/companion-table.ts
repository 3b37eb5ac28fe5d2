// Companions: files beside a photo that belong to it and are no photos of their own. Their names
// are a column of the photo; main/engine/folders/companions.ts says which files they are.
//
// [Note: companions stored] A list of names in the photo's own row costs a scan no statement a
// file: it comes with the row that the scan compares anyhow, and is written only where it differs.
// Whoever moves or deletes a photo has with its row all that goes along. A table of companions
// would be a second set of rows to keep in step with moves, renames and returns.
import * as v from 'valibot'
import type { Database } from './database.ts'
import { storedNames } from './file-table.ts'
import type { FileFacts } from './file-table.ts'
import { storedJson } from './stored-json.ts'

const Failed = v.object({
  directory: v.string(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number()
})
const Id = v.object({ id: v.number() })

/** Names of companions as they are stored. */
export const StoredNames = storedJson(v.array(v.string()), [])

// For SQLite's own functions, which stop at what is no JSON.
const VALID_NAMES = `iif(json_valid(companions), companions, '[]')`

const Former = v.object({
  folder: v.number(),
  directory: v.string(),
  name: v.string(),
  favourite: v.number(), // 1 for one
  rating: v.number(),
  companions: StoredNames
})
const Other = v.object({
  id: v.number(),
  name: v.string(),
  favourite: v.number(),
  rating: v.number(),
  companions: StoredNames
})
const Pair = v.object({ edit: v.number(), original: v.number() })

/** The statements of companions. */
export function companionTable(database: Database) {
  const set = database.command(
    `UPDATE photos SET companions = $companions, original = $original,
       is_edit = CASE WHEN original IS $original THEN is_edit END WHERE id = $id`
  )
  const any = database.query('SELECT id FROM photos WHERE id = $id AND companions IS NOT NULL', Id)
  const of = database.query(
    'SELECT companions AS names FROM photos WHERE id = $id',
    v.object({ names: StoredNames })
  )
  const inDirectory = database.query(
    `SELECT companions AS names FROM photos WHERE folder = $folder AND directory = $directory
       AND companions IS NOT NULL AND status <> 'gone'`,
    v.object({ names: StoredNames })
  )
  const failed = database.query(
    `SELECT directory, name, size, modified_at AS modifiedAt FROM photos
     WHERE folder = $folder AND status IN ('failed', 'gone')
       AND coalesce(returns_as, status) = 'failed'`,
    Failed
  )
  const marked = database.query(
    `SELECT folder, directory, name, favourite, rating, companions FROM photos
     WHERE id = $id AND (favourite = 1 OR rating > 0)`,
    Former
  )
  const others = database.query(
    `SELECT id, name, favourite, rating, companions FROM photos
     WHERE folder = $folder AND directory = $directory
       AND status <> 'gone' AND (favourite = 0 OR rating = 0)`,
    Other
  )
  const owners = database.query(
    `SELECT id FROM photos WHERE folder = $folder AND directory = $directory AND status <> 'gone'
       AND EXISTS (SELECT 1 FROM json_each(${VALID_NAMES}) WHERE value = $name) LIMIT 1`,
    Id
  )
  const sharers = database.query(
    `SELECT other.id FROM photos AS mine JOIN photos AS other
       ON other.folder = mine.folder AND other.directory = mine.directory AND other.id <> mine.id
     WHERE mine.id = $id AND other.status <> 'gone' AND (other.sidecar = $name OR EXISTS (
       SELECT 1 FROM json_each(iif(json_valid(other.companions), other.companions, '[]'))
       WHERE value = $name)) LIMIT 1`,
    Id
  )
  const edits = database.query(
    'SELECT directory, name FROM photos WHERE folder = $folder AND is_edit = 1',
    v.object({ directory: v.string(), name: v.string() })
  )
  const undecided = database.query(
    `SELECT edit.id AS edit, source.id AS original
     FROM photos AS edit INDEXED BY photos_undecided JOIN photos AS source
       ON source.folder = edit.folder AND source.directory = edit.directory
       AND source.name = edit.original
     WHERE edit.original IS NOT NULL AND edit.is_edit IS NULL AND edit.status = 'indexed'
       AND source.status = 'indexed'`,
    Pair
  )
  const total = database.query(
    `SELECT coalesce(sum(json_array_length(${VALID_NAMES})), 0) AS files FROM photos
     WHERE companions IS NOT NULL AND status <> 'gone'`,
    v.object({ files: v.number() })
  )
  const decide = database.command('UPDATE photos SET is_edit = $isEdit WHERE id = $id')
  return {
    /** What lies beside a photo changed; the photo itself did not. */
    set: (id: number, { companions, original }: Pick<FileFacts, 'companions' | 'original'>) =>
      void set.run({ id, companions: storedNames(companions), original: original ?? null }),
    /** The names of a photo's companions. */
    of: (id: number) => of.get({ id })?.names ?? [],
    /** How many files belong to photos. */
    total: () => total.get()?.files ?? 0,
    /** True when a companion of a photo is one of another photo, too, or describes that. */
    shared: (id: number, name: string) => sharers.get({ id, name }) !== undefined,
    /** True when a photo has companions. */
    any: (id: number) => any.get({ id }) !== undefined,
    /** The files of a folder that could not be read, also those that are gone, by directory. */
    failed(folder: number): Map<string, Map<string, v.InferOutput<typeof Failed>>> {
      const found = new Map<string, Map<string, v.InferOutput<typeof Failed>>>()
      for (const row of failed.all({ folder })) {
        const names = found.get(row.directory) ?? new Map<string, v.InferOutput<typeof Failed>>()
        found.set(row.directory, names.set(row.name, row))
      }
      return found
    },
    /** The edited versions of a folder that have their originals as companions, by directory. */
    edits(folder: number): Map<string, Set<string>> {
      const found = new Map<string, Set<string>>()
      for (const { directory, name } of edits.all({ folder }))
        found.set(directory, (found.get(directory) ?? new Set()).add(name))
      return found
    },
    /** Ids of described photos that may be edited versions, and of their originals. */
    undecided: () => undecided.all(),
    decide: (id: number, isEdit: boolean) => void decide.run({ id, isEdit: isEdit ? 1 : 0 }),
    /** A photo that another may stand for from now on; undefined unless it is marked or rated. */
    marked: (id: number) => marked.get({ id }),
    /** Names of the files of a directory that belong to a photo in it. */
    inDirectory: (folder: number, directory: string): string[] =>
      inDirectory.all({ folder, directory }).flatMap(({ names }) => names),
    /** Photos of a directory that are not gone, and lack a mark as favourite or a rating. */
    others: (folder: number, directory: string) => others.all({ folder, directory }),
    /** The photo that a file belongs to. */
    ownerOf: (folder: number, directory: string, name: string) =>
      owners.get({ folder, directory, name })?.id
  }
}
