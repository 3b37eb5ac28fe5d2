// All that is known of the photos at one moment, for whoever takes a library elsewhere: paths,
// marks, dates, and what the model that serves made of them. It has a connection of its own, in one
// transaction, so that what is written meanwhile is not seen. While it is open SQLite cannot empty
// its log of changes, so it is read to its end and closed.
import * as v from 'valibot'
import { DateSource } from '../wire/photo-date.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import { StoredNames } from './companion-table.ts'
import type { Database } from './database.ts'
import type { Encoding } from './encoding-table.ts'
import { Halves } from './halves.ts'
import { IN_GRID } from './grid.ts'
import { modelTable } from './model-table.ts'
import type { ModelRow } from './model-table.ts'

const flag = v.pipe(
  v.number(),
  v.transform((value) => value === 1)
)

const Row = v.object({
  id: v.number(),
  root: v.string(), // path of its folder
  directory: v.string(), // within that
  name: v.string(),
  hash: v.string(), // SHA-256 of the file
  width: v.number(),
  height: v.number(),
  fileSize: v.number(), // bytes
  capturedAt: v.nullable(v.number()), // ms since 1970, as a clock showed it
  capturedFrom: v.nullable(DateSource),
  fileTime: v.nullable(v.number()), // likewise
  favourite: flag,
  rating: v.number(), // 1 to 5, 0 for none
  companions: StoredNames,
  projected: v.nullable(Halves),
  descriptor: v.nullable(Halves),
  code: v.nullable(v.instance(Uint8Array))
})
const Count = v.object({ count: v.number() })
const Mark = v.object({ hash: v.string(), favourite: flag, rating: v.number() })

/** What a person said of a content, whether a photo has it now or not. */
export type Mark = v.InferOutput<typeof Mark>

/** A photo with its encoding of the model; null while no model serves. */
export type PhotoAtMoment = Omit<
  v.InferOutput<typeof Row>,
  'projected' | 'descriptor' | 'code'
> & { encoding: Encoding | null }

export interface Snapshot {
  /** The model that serves; undefined while there is none. */
  model: { row: ModelRow; record: QuantizerRecord } | undefined
  /** Of its photos: those that the model encoded, or without a model all that were described. */
  count: number
  /** Up to `limit` of them, in order of id, after the one with this id. */
  photos(after: number, limit: number): PhotoAtMoment[]
  /** Up to `limit` of all marks, in order of their hashes, after this one. */
  marks(after: string, limit: number): Mark[]
  /** Safe to call twice. */
  close(): void
}

/** No model has this id. */
const NO_MODEL = 0

/** The function that takes a snapshot, which is to be closed. */
export function snapshotOf(database: Database): () => Snapshot {
  return () => {
    const own = database.another()
    try {
      own.script('BEGIN')
      return taken(own)
    } catch (error) {
      own.close()
      throw error
    }
  }
}

function taken(database: Database): Snapshot {
  const models = modelTable(database)
  const serving = models.serving()
  const model = serving?.id ?? NO_MODEL
  const encoded = database.query(
    `SELECT count(*) AS count FROM encodings INDEXED BY encodings_codes
     CROSS JOIN photos ON photos.id = photo AND ${IN_GRID} WHERE model = $model`,
    Count
  )
  const described = database.query(`SELECT count(*) AS count FROM photos WHERE ${IN_GRID}`, Count)
  const photos = database.query(
    `SELECT photos.id, folders.path AS root, directory, photos.name, hash, width, height,
       size AS fileSize, captured_at AS capturedAt, captured_from AS capturedFrom,
       file_time AS fileTime, favourite, rating, companions, projected, descriptor, code
     FROM photos CROSS JOIN folders ON folders.id = photos.folder
     LEFT JOIN encodings ON photo = photos.id AND model = $model
     WHERE ${IN_GRID} AND photos.id > $after AND (code IS NOT NULL OR $model = ${NO_MODEL})
     ORDER BY photos.id LIMIT $limit`,
    Row
  )
  const marks = database.query(
    `SELECT marked.hash, favourites.hash IS NOT NULL AS favourite, coalesce(rating, 0) AS rating
     FROM (SELECT hash FROM favourites WHERE hash > $after
       UNION SELECT hash FROM ratings WHERE hash > $after ORDER BY hash LIMIT $limit) AS marked
     LEFT JOIN favourites ON favourites.hash = marked.hash
     LEFT JOIN ratings ON ratings.hash = marked.hash
     ORDER BY marked.hash`,
    Mark
  )
  let isOpen = true
  return {
    model: serving && { row: serving, record: models.record(serving.id) },
    count: (serving ? encoded.get({ model }) : described.get())?.count ?? 0,
    photos: (after, limit) => photos.all({ model, after, limit }).map(withEncoding),
    marks: (after, limit) => marks.all({ after, limit }),
    close() {
      if (isOpen) database.close()
      isOpen = false
    }
  }
}

function withEncoding(row: v.InferOutput<typeof Row>): PhotoAtMoment {
  const { projected, descriptor, code, ...photo } = row
  const encoding = projected && descriptor && code && { projected, descriptor, code }
  return { ...photo, encoding }
}
