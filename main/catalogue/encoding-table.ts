// Encodings: what a model made of a feature, by which photos are compared. A photo has one of each
// model that encoded it. vector-table.ts puts them together with the features.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import type { Database } from './database.ts'
import { DESCRIBED_PHOTOS } from './feature-table.ts'
import { Halves, blobOf, halvesOf } from './halves.ts'
import { bytesOf, firstNumber, numbersOf } from './list-values.ts'

const Id = v.object({ id: v.number() })
const EncodingRow = v.object({
  id: v.number(),
  projected: Halves,
  descriptor: Halves,
  code: v.instance(Uint8Array)
})
const CodesRow = v.object({ ids: v.string(), codes: v.nullable(v.string()) })

/** An encoding to be kept. */
export interface Encoding {
  projected: Uint16Array // f16 [256]
  descriptor: Uint16Array // f16 [M*L]
  code: Uint8Array // [M/2]
}

/** Photos and their projected features. */
export interface ProjectedPhotos {
  ids: number[]
  projected: Uint16Array<ArrayBuffer> // f16 [n, 256]
}

/** What is made of them. */
export interface CodedPhotos {
  descriptors: Uint16Array // f16 [n, M*L]
  codes: Uint8Array // [n, M/2]
}

/** Codes [n, M/2] of photos [n]. */
export interface Codes {
  ids: Uint32Array
  codes: Uint8Array
}

/** What photos [n] are compared by. */
export interface Encodings {
  ids: Uint32Array
  projected: Uint16Array // f16 [n, 256]
  descriptors: Uint16Array // f16 [n, M*L]
}

/** The statements of encodings. */
export function encodingStatements(database: Database) {
  const putEncoding = database.command(
    `INSERT OR REPLACE INTO encodings (photo, model, projected, descriptor, code)
     VALUES ($photo, $model, $projected, $descriptor, $code)`
  )
  const copyEncodings = database.command(
    `INSERT OR REPLACE INTO encodings (photo, model, projected, descriptor, code)
     SELECT $to, model, projected, descriptor, code FROM encodings WHERE photo = $from`
  )
  const addUnaveraged = database.command(
    'INSERT OR IGNORE INTO unaveraged (model, photo) VALUES ($model, $photo)'
  )
  const dropUnaveraged = database.command(
    'DELETE FROM unaveraged WHERE model = $model AND photo = $photo'
  )
  const copyUnaveraged = database.command(
    `INSERT OR IGNORE INTO unaveraged (model, photo)
     SELECT model, $to FROM unaveraged WHERE photo = $from`
  )
  const unaveraged = database.query(
    `SELECT photo AS id FROM unaveraged WHERE model = $model AND photo > $after
     ORDER BY photo LIMIT $limit`,
    Id
  )
  const unaveragedCount = database.query(
    'SELECT count(*) AS id FROM unaveraged WHERE model = $model',
    Id
  )
  const dropEncodings = database.command('DELETE FROM encodings WHERE photo = $photo')
  const unencoded = database.columns(
    `SELECT photos.id ${DESCRIBED_PHOTOS} AND photos.id > $after AND NOT EXISTS (
       SELECT 1 FROM encodings WHERE encodings.photo = photos.id AND model = $model)
     ORDER BY photos.id LIMIT $limit`
  )
  const encoding = database.query(
    `SELECT photo AS id, projected, descriptor, code FROM encodings
     WHERE photo = $photo AND model = $model`,
    EncodingRow
  )
  // The list is walked and each of its photos looked up: CROSS keeps SQLite from walking all rows
  // of the model instead, which takes a hundred times as long.
  const encodings = database.columns(
    `SELECT photo, projected, descriptor FROM json_each($ids)
     CROSS JOIN encodings ON photo = value AND model = $model`
  )
  const projectedOf = database.columns(
    `SELECT photo, projected FROM json_each($ids)
     CROSS JOIN encodings ON photo = value AND model = $model`
  )
  // Of photos and what is made of them, one statement for all: a run for each took most of the time
  // of encoding a library. What is written is not read in the same statement, or SQLite would put
  // all of it aside first.
  const stillProjected = database.query(
    `SELECT json_group_array(key) AS places FROM json_each($ids)
     CROSS JOIN encodings ON photo = value AND model = $from
     CROSS JOIN photos ON photos.id = photo AND status = 'indexed'
     WHERE projected = substr($projected, 1 + key * $size, $size)`,
    v.object({ places: v.string() })
  )
  const putCoded = database.command(
    `INSERT OR REPLACE INTO encodings (photo, model, projected, descriptor, code)
     SELECT value ->> 0, $model, substr($projected, 1 + (value ->> 1) * $size, $size),
       substr($descriptors, 1 + (value ->> 1) * $descriptorSize, $descriptorSize),
       substr($codes, 1 + (value ->> 1) * $codeSize, $codeSize)
     FROM json_each($list)`
  )
  const addAllUnaveraged = database.command(
    `INSERT OR IGNORE INTO unaveraged (model, photo) SELECT $model, value FROM json_each($ids)`
  )
  const dropAllUnaveraged = database.command(
    `DELETE FROM unaveraged WHERE model = $model
       AND photo IN (SELECT value FROM json_each($ids))`
  )
  const descriptor = database.query(
    'SELECT descriptor FROM encodings WHERE photo = $photo AND model = $model',
    v.object({ descriptor: Halves })
  )
  const codes = database.query(
    `SELECT json_group_array(photo) AS ids, group_concat(hex(code), '') AS codes FROM (
       SELECT photo, code FROM encodings WHERE model = $model AND photo > $after
       ORDER BY photo LIMIT $limit)`,
    CodesRow
  )
  const newest = database.query(
    'SELECT max(photo) AS id FROM encodings WHERE model = $model',
    v.object({ id: v.nullable(v.number()) })
  )
  const next = database.query(
    `SELECT json_group_array(photo) AS ids FROM (
       SELECT (SELECT photo FROM encodings WHERE model = $model AND photo >= value
         ORDER BY photo LIMIT 1) AS photo FROM json_each($from))
     WHERE photo IS NOT NULL`,
    v.object({ ids: v.string() })
  )
  const codesOf = database.query(
    `SELECT json_group_array(photo) AS ids, group_concat(hex(code), '') AS codes
     FROM json_each($ids) CROSS JOIN photos ON photos.id = value AND status <> 'gone'
     CROSS JOIN encodings ON photo = value AND model = $model`,
    CodesRow
  )
  const dropOfModel = database.command(
    `DELETE FROM encodings WHERE model = $model AND photo IN (
       SELECT photo FROM encodings WHERE model = $model LIMIT $limit)`
  )

  return {
    /** `isAveraged`: false where its descriptor is still to be averaged with those of its kin. */
    putEncoding(photo: number, model: number, encoding: Encoding, isAveraged = true): void {
      putEncoding.run({
        photo,
        model,
        projected: blobOf(encoding.projected),
        descriptor: blobOf(encoding.descriptor),
        code: encoding.code
      })
      if (isAveraged) dropUnaveraged.run({ model, photo })
      else addUnaveraged.run({ model, photo })
    },
    /** Ids of those whose descriptors are still to be averaged, ascending. */
    unaveraged: (model: number, after: number, limit: number) =>
      unaveraged.all({ model, after, limit }).map((row) => row.id),
    unaveragedCount: (model: number) => unaveragedCount.get({ model })?.id ?? 0,
    /** A photo is not to be averaged after all: it has no encoding any more, say. */
    dropUnaveraged: (photo: number, model: number) => void dropUnaveraged.run({ model, photo }),
    /** Ids of those without an encoding of this model. */
    unencoded: (model: number, backbone: string, after: number, limit: number) =>
      [...unencoded({ model, backbone, after, limit })].map(firstNumber),
    anyUnencoded: (model: number, backbone: string) =>
      [...unencoded({ model, backbone, after: 0, limit: 1 })].length > 0,
    encoding: (photo: number, model: number) => encoding.get({ photo, model }),
    /** What photos are compared by, in the order given; those without an encoding are left out. */
    encodings(photos: readonly number[], model: number): Encodings {
      const ids: number[] = []
      const projected: Uint8Array[] = []
      const descriptors: Uint8Array[] = []
      for (const [id, ...blobs] of encodings({ ids: JSON.stringify(photos), model })) {
        const [first, second] = blobs
        if (typeof id !== 'number' || !isBlob(first) || !isBlob(second))
          throw new Bug('an encoding is an id and two blobs')
        ids.push(id)
        projected.push(first)
        descriptors.push(second)
      }
      return {
        ids: Uint32Array.from(ids),
        projected: halvesOf(Buffer.concat(projected)),
        descriptors: halvesOf(Buffer.concat(descriptors))
      }
    },
    /** About `count` photos that have an encoding of a model, spread evenly over all ids. */
    spread(model: number, count: number): number[] {
      const last = newest.get({ model })?.id ?? 0
      const from = Array.from({ length: count }, (_, i) => 1 + Math.floor((i * last) / count))
      return [...new Set(numbersOf(next.get({ model, from: JSON.stringify(from) })?.ids ?? '[]'))]
    },
    /** The projected features that a model has of these photos; some may have none. */
    projectedOf(photos: readonly number[], model: number): ProjectedPhotos {
      const ids: number[] = []
      const blobs: Uint8Array[] = []
      for (const [id, blob] of projectedOf({ ids: JSON.stringify(photos), model })) {
        if (typeof id !== 'number' || !isBlob(blob)) throw new Bug('a photo is an id and a blob')
        ids.push(id)
        blobs.push(blob)
      }
      return { ids, projected: halvesOf(Buffer.concat(blobs)) }
    },
    /**
     * Keeps what was made of the projected features that model `from` has of photos [n]. Gives the
     * ids of those that are kept: some may have others by now, or have left. `isAveraged` as for
     * `putEncoding`.
     */
    putCoded(
      from: number,
      model: number,
      { ids, projected }: ProjectedPhotos,
      { descriptors, codes }: CodedPhotos,
      isAveraged = true
    ): number[] {
      const n = ids.length
      const rows = { projected: blobOf(projected), size: (2 * projected.length) / n }
      const still = stillProjected.get({ ids: JSON.stringify(ids), from, ...rows })
      if (!still) throw new Bug('an aggregate gives a row')
      const kept = numbersOf(still.places).map((place) => ({ place, id: ids[place]! }))
      const list = JSON.stringify(kept.map(({ id, place }) => [id, place]))
      putCoded.run({
        list,
        model,
        ...rows,
        descriptors: blobOf(descriptors),
        descriptorSize: (2 * descriptors.length) / n,
        codes,
        codeSize: codes.length / n
      })
      const photos = kept.map(({ id }) => id)
      const all = { model, ids: JSON.stringify(photos) }
      if (isAveraged) dropAllUnaveraged.run(all)
      else addAllUnaveraged.run(all)
      return photos
    },
    /** f16 [M*L] of a photo; undefined while it has no encoding of this model. */
    descriptor: (photo: number, model: number) => descriptor.get({ photo, model })?.descriptor,
    /** Ids [n] and codes [n, M/2] of a model, in order of id. */
    codes: (model: number, after: number, limit: number) =>
      codesIn(codes.get({ model, after, limit })),
    /** The same of those of these photos that are not gone and have one. */
    codesOf: (photos: readonly number[], model: number) =>
      codesIn(codesOf.get({ ids: JSON.stringify(photos), model })),
    /** Removes up to `limit` encodings of a model; how many there were. */
    dropOfModel: (model: number, limit: number) => dropOfModel.run({ model, limit }).changes,
    /** Forgets all encodings of a photo. */
    dropEncodings: (photo: number) => void dropEncodings.run({ photo }),
    /** Photo `to` gets the encodings of photo `from`, which has the same content. */
    copyEncodings(from: number, to: number): void {
      copyEncodings.run({ from, to })
      copyUnaveraged.run({ from, to })
    }
  }
}

function codesIn(row: v.InferOutput<typeof CodesRow> | undefined): Codes {
  if (!row) throw new Bug('an aggregate gives a row')
  return { ids: Uint32Array.from(numbersOf(row.ids)), codes: bytesOf(row.codes) }
}

function isBlob(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array
}
