// Photos as they are shown: the grid, single photos, failures, and where a picture lies.
import * as v from 'valibot'
import { Bug, FAULT_KINDS } from '../wire/fault.ts'
import type { Database } from './database.ts'

const Shown = v.object({
  id: v.number(),
  directory: v.string(),
  name: v.string(),
  width: v.number(), // 0 while it is not known
  height: v.number(),
  fileSize: v.number(),
  capturedAt: v.nullable(v.number()),
  status: v.picklist(['pending', 'indexed', 'failed', 'gone']),
  favourite: v.pipe(
    v.number(),
    v.transform((flag) => flag === 1)
  )
})
export type Shown = v.InferOutput<typeof Shown>

const FailureRow = v.object({
  id: v.number(),
  root: v.string(),
  directory: v.string(),
  name: v.string(),
  kind: v.picklist(FAULT_KINDS),
  reason: v.string()
})
export type FailureRow = v.InferOutput<typeof FailureRow>

const Place = v.object({
  root: v.string(),
  directory: v.string(),
  name: v.string(),
  hash: v.nullable(v.string())
})
export type Place = v.InferOutput<typeof Place>

const PathRow = v.object({
  id: v.number(),
  root: v.string(),
  directory: v.string(),
  name: v.string()
})

export type PhotoTable = ReturnType<typeof photoTable>

/** The statements of photos as they are shown. */
export function photoTable(database: Database) {
  const grid = database.columns(
    `SELECT id, width, height FROM photos WHERE width IS NOT NULL AND status <> 'gone'
     ORDER BY coalesce(captured_at, modified_at) DESC, id`
  )
  const shown = database.query(
    `SELECT id, directory, name, coalesce(width, 0) AS width, coalesce(height, 0) AS height,
       size AS fileSize, captured_at AS capturedAt, status, favourite
     FROM photos WHERE id = $id AND status <> 'gone'`,
    Shown
  )
  const failures = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name, fault_kind AS kind,
       fault_reason AS reason
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE status = 'failed' ORDER BY photos.id LIMIT $count OFFSET $offset`,
    FailureRow
  )
  const place = database.query(
    `SELECT folders.path AS root, directory, photos.name, hash
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE photos.id = $id AND status <> 'gone'`,
    Place
  )
  const atPath = database.query(
    `SELECT id FROM photos
     WHERE folder = $folder AND directory = $directory AND name = $name AND status <> 'gone'`,
    v.object({ id: v.number() })
  )
  const paths = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name
     FROM photos JOIN folders ON folders.id = photos.folder
     WHERE status <> 'gone' AND photos.id > $after ORDER BY photos.id LIMIT $limit`,
    PathRow
  )
  const hashKnown = database.query(
    'SELECT 1 AS known FROM photos WHERE hash = $hash LIMIT 1',
    v.object({ known: v.number() })
  )

  const setFavourite = database.command(
    'UPDATE photos SET favourite = $favourite WHERE id = $id'
  )

  return {
    /**
     * The whole grid, newest first (capture date, else file date, then id): ids and width / height.
     */
    grid(): { ids: Uint32Array<ArrayBuffer>; aspects: Float32Array<ArrayBuffer> } {
      const rows = [...grid()]
      const ids = new Uint32Array(rows.length)
      const aspects = new Float32Array(rows.length)
      rows.forEach(([id, width, height], index) => {
        if (typeof id !== 'number' || typeof width !== 'number' || typeof height !== 'number')
          throw new Bug('the grid consists of numbers')
        ids[index] = id
        aspects[index] = width / height
      })
      return { ids, aspects }
    },
    /** One photo; undefined when it is not there or gone. */
    shown: (id: number) => shown.get({ id }),
    /** Marks photos as favourites, or as none. */
    setFavourite(ids: readonly number[], favourite: boolean): void {
      database.transaction(() => {
        for (const id of ids) setFavourite.run({ id, favourite: favourite ? 1 : 0 })
      })
    },
    failures: (offset: number, count: number) => failures.all({ offset, count }),
    place: (id: number) => place.get({ id }),
    atPath: (folder: number, directory: string, name: string) =>
      atPath.get({ folder, directory, name })?.id,
    /** Paths of the photos that are there, in order of id. */
    paths: (after: number, limit: number) => paths.all({ after, limit }),
    /** True while a row, also one that is gone, has this content. */
    hashKnown: (hash: string) => hashKnown.get({ hash }) !== undefined
  }
}
