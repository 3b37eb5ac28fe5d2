// What photos were described as: features (of a backbone) and encodings (of a model). An encoding
// is derived from its feature, so models can be changed without decoding a photo again.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import type { Database } from './database.ts'
import { bytesOf, numbersOf } from './lists.ts'

const bytes = v.instance(Uint8Array)

/** f16 bit patterns of a blob, as they travel. */
export function halvesOf(blob: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  if (blob.byteOffset % 2 === 0)
    return new Uint16Array(blob.buffer, blob.byteOffset, blob.byteLength >> 1)
  return new Uint16Array(new Uint8Array(blob).buffer)
}

/** The bytes of f16 bit patterns, for a blob (little-endian, as on every machine we run on). */
export function blobOf(halves: Uint16Array): Uint8Array {
  return new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength)
}

const halves = v.pipe(bytes, v.transform(halvesOf))

const FeatureRow = v.object({ id: v.number(), feature: halves })
export type FeatureRow = v.InferOutput<typeof FeatureRow>

const EncodingRow = v.object({
  id: v.number(),
  projected: halves,
  descriptor: halves,
  code: bytes
})
export type EncodingRow = v.InferOutput<typeof EncodingRow>

/** An encoding to be kept. */
export interface Encoding {
  projected: Uint16Array // f16 [256]
  descriptor: Uint16Array // f16 [M*L]
  code: Uint8Array // [M/2]
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

const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`

const Id = v.object({ id: v.number() })
const CodesRow = v.object({ ids: v.string(), codes: v.nullable(v.string()) })
const Twin = v.object({
  id: v.number(),
  hash: v.string(),
  width: v.number(),
  height: v.number(),
  capturedAt: v.nullable(v.number())
})
export type Twin = v.InferOutput<typeof Twin>

export type VectorTable = ReturnType<typeof vectorTable>

/** The statements of features and encodings. */
export function vectorTable(database: Database) {
  const putFeature = database.command(
    `INSERT OR REPLACE INTO features (photo, backbone, feature, made_at)
     VALUES ($photo, $backbone, $feature,
       coalesce((SELECT min(made_at) FROM features WHERE photo = $photo), ${NOW}))`
  )
  const dropViews = database.command('DELETE FROM views WHERE photo = $photo')
  const dropEncodings = database.command('DELETE FROM encodings WHERE photo = $photo')
  const dropFeatures = database.command('DELETE FROM features WHERE photo = $photo')
  const putEncoding = database.command(
    `INSERT OR REPLACE INTO encodings (photo, model, projected, descriptor, code)
     VALUES ($photo, $model, $projected, $descriptor, $code)`
  )
  const copyFeature = database.command(
    `INSERT OR REPLACE INTO features (photo, backbone, feature, made_at)
     SELECT $to, backbone, feature, made_at FROM features WHERE photo = $from`
  )
  const copyEncodings = database.command(
    `INSERT OR REPLACE INTO encodings (photo, model, projected, descriptor, code)
     SELECT $to, model, projected, descriptor, code FROM encodings WHERE photo = $from`
  )
  const sameSize = database.query(
    `SELECT id FROM photos WHERE size = $size AND id <> $id AND hash IS NOT NULL LIMIT 1`,
    Id
  )
  const ownHash = database.query('SELECT id FROM photos WHERE id = $id AND hash IS NOT NULL', Id)
  const twin = database.query(
    `SELECT id, hash, width, height, captured_at AS capturedAt FROM photos
     JOIN features ON features.photo = photos.id
     WHERE hash = $hash AND backbone = $backbone LIMIT 1`,
    Twin
  )
  const feature = database.query(
    'SELECT photo AS id, feature FROM features WHERE photo = $photo AND backbone = $backbone',
    FeatureRow
  )
  const anyBackbone = database.query(
    'SELECT backbone FROM features LIMIT 1',
    v.object({ backbone: v.string() })
  )
  const indexedFeature = database.query(
    `SELECT photo AS id, feature FROM features JOIN photos ON photos.id = features.photo
     WHERE photo = $photo AND backbone = $backbone AND status = 'indexed'`,
    FeatureRow
  )
  // By the index, since a look at the row itself reads a page of the blob's; photos first, in order
  // of id.
  const described = `FROM photos
     CROSS JOIN features INDEXED BY features_by_backbone ON features.photo = photos.id
     WHERE status = 'indexed' AND backbone = $backbone`
  const featureBytes = database.query(
    'SELECT length(feature) AS bytes FROM features LIMIT 1',
    v.object({ bytes: v.number() })
  )
  const featureIds = database.columns(`SELECT photos.id ${described} ORDER BY photos.id`)
  const sampleIds = database.columns(
    `SELECT photos.id ${described}
     ORDER BY folder, directory, coalesce(captured_at, modified_at), photos.id`
  )
  const unencoded = database.query(
    `SELECT photos.id ${described} AND photos.id > $after AND NOT EXISTS (
       SELECT 1 FROM encodings WHERE encodings.photo = photos.id AND model = $model)
     ORDER BY photos.id LIMIT $limit`,
    Id
  )
  // Still to be described by a backbone. Photos that were made up (bench simulate) have the code of
  // the model that serves, and no feature at all: nothing more can be made of them.
  const lacksFeature = `NOT EXISTS (
       SELECT 1 FROM features WHERE photo = photos.id AND backbone = $backbone)
     AND (EXISTS (SELECT 1 FROM features WHERE photo = photos.id) OR NOT EXISTS (
       SELECT 1 FROM encodings WHERE photo = photos.id
         AND model = (SELECT id FROM models WHERE state = 'serving')))`
  const undescribed = database.query(
    `SELECT id FROM photos WHERE status = 'indexed' AND id > $after AND ${lacksFeature}
     ORDER BY id LIMIT $limit`,
    Id
  )
  // One seek each: there are few backbones and many rows.
  const nextBackbone = database.query(
    'SELECT backbone FROM features WHERE backbone > $after ORDER BY backbone LIMIT 1',
    v.object({ backbone: v.string() })
  )
  const dropOfBackbone = database.command(
    `DELETE FROM features WHERE rowid IN (
       SELECT rowid FROM features WHERE backbone = $backbone LIMIT $limit)`
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
  const descriptor = database.query(
    'SELECT descriptor FROM encodings WHERE photo = $photo AND model = $model',
    v.object({ descriptor: halves })
  )
  const codes = database.query(
    `SELECT json_group_array(photo) AS ids, group_concat(hex(code), '') AS codes FROM (
       SELECT photo, code FROM encodings WHERE model = $model AND photo > $after
       ORDER BY photo LIMIT $limit)`,
    CodesRow
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
  const madeSince = database.query(
    `SELECT count(*) AS value FROM photos WHERE status = 'indexed'
       AND id IN (SELECT photo FROM features WHERE made_at > $since)`,
    v.object({ value: v.number() })
  )
  const madeAt = database.query(
    'SELECT made_at AS value FROM features WHERE photo = $photo LIMIT 1',
    v.object({ value: v.number() })
  )
  const requeue = `UPDATE photos
     SET status = 'pending', attempts = 0, retry_at = NULL, suspect = 0, solo_kills = 0
     WHERE status = 'indexed'`
  const requeueOne = database.command(`${requeue} AND id = $photo`)
  const requeueUndescribed = database.command(`${requeue} AND ${lacksFeature}`)

  function drop(photo: number): void {
    dropEncodings.run({ photo })
    dropViews.run({ photo })
    dropFeatures.run({ photo })
  }

  return {
    /**
     * Keeps the feature of a photo's new content; all that its former content was described as
     * goes. Inside a transaction.
     */
    putFeature(photo: number, backbone: string, values: Uint16Array): void {
      drop(photo)
      putFeature.run({ photo, backbone, feature: blobOf(values) })
    },
    /** Keeps the feature of the same content by another backbone, beside what there is. */
    addFeature: (photo: number, backbone: string, values: Uint16Array) =>
      void putFeature.run({ photo, backbone, feature: blobOf(values) }),
    putEncoding(photo: number, model: number, encoding: Encoding): void {
      putEncoding.run({
        photo,
        model,
        projected: blobOf(encoding.projected),
        descriptor: blobOf(encoding.descriptor),
        code: encoding.code
      })
    },
    /** Forgets what a photo was described as. */
    drop,
    /** Photo `to` has the content of photo `from`: it gets the same vectors. */
    copy(from: number, to: number): void {
      if (from === to) return
      drop(to)
      copyFeature.run({ from, to })
      copyEncodings.run({ from, to })
    },
    /** True when a described photo may have the same content, so that hashing is worth while. */
    maybeTwin: (id: number, size: number) =>
      sameSize.get({ id, size }) !== undefined || ownHash.get({ id }) !== undefined,
    /** A photo of this content that was described with this backbone (it may be gone). */
    twin: (hash: string, backbone: string) => twin.get({ hash, backbone }),
    feature: (photo: number, backbone: string) => feature.get({ photo, backbone })?.feature,
    /** The feature of a photo that is to be found. */
    indexedFeature: (photo: number, backbone: string) =>
      indexedFeature.get({ photo, backbone })?.feature,
    /** Ids of indexed photos that this backbone has not described, ascending. */
    undescribed: (backbone: string, after: number, limit: number) =>
      undescribed.all({ backbone, after, limit }).map((row) => row.id),
    /** The backbones that have described any photo. */
    backbones(): string[] {
      const all: string[] = []
      for (let row = nextBackbone.get({ after: '' }); row;) {
        all.push(row.backbone)
        row = nextBackbone.get({ after: row.backbone })
      }
      return all
    },
    /** Removes up to `limit` features of a backbone; how many there were. */
    dropOfBackbone: (backbone: string, limit: number) =>
      dropOfBackbone.run({ backbone, limit }).changes,
    /** One of the backbones of the features; '' while there are none. */
    anyBackbone: () => anyBackbone.get()?.backbone ?? '',
    /** Bytes of a feature; 0 while there is none. */
    featureBytes: () => featureBytes.get()?.bytes ?? 0,
    /** Ids of the indexed photos with a feature of this backbone, ascending. */
    featureIds: (backbone: string) => Uint32Array.from(featureIds({ backbone }), firstNumber),
    /** The same ids by folder, directory and time: evenly spaced ones stand for the library. */
    sampleIds: (backbone: string) => Uint32Array.from(sampleIds({ backbone }), firstNumber),
    /** When the content of a photo was described, ms since 1970. */
    madeAt: (photo: number) => madeAt.get({ photo })?.value,
    /** Ids of those without an encoding of this model. */
    unencoded: (model: number, backbone: string, after: number, limit: number) =>
      unencoded.all({ model, backbone, after, limit }).map((row) => row.id),
    anyUnencoded: (model: number, backbone: string) =>
      unencoded.get({ model, backbone, after: 0, limit: 1 }) !== undefined,
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
    /** Indexed photos whose content was described after a time, ms since 1970. */
    madeSince: (since: number) => madeSince.get({ since })?.value ?? 0,
    /** Puts an indexed photo back to pending: it is to be described again. */
    requeue: (photo: number) => requeueOne.run({ photo }).changes === 1,
    /** Puts photos back to pending that this backbone has not described; how many. */
    requeueUndescribed: (backbone: string) => requeueUndescribed.run({ backbone }).changes
  }
}

function codesIn(row: v.InferOutput<typeof CodesRow> | undefined): Codes {
  if (!row) throw new Bug('an aggregate gives a row')
  return { ids: Uint32Array.from(numbersOf(row.ids)), codes: bytesOf(row.codes) }
}

function isBlob(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}

function firstNumber(row: readonly unknown[]): number {
  if (typeof row[0] !== 'number') throw new Bug('an id is a number')
  return row[0]
}
