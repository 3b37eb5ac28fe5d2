// Features: what a backbone described a photo as. A photo has one of each backbone that described
// its content. vector-table.ts puts them together with the encodings.
import * as v from 'valibot'
import type { Database } from './database.ts'
import { Halves, blobOf } from './halves.ts'
import { firstNumber } from './list-values.ts'

const Id = v.object({ id: v.number() })
const FeatureRow = v.object({ id: v.number(), feature: Halves })
const Backbone = v.object({ backbone: v.string() })
const Value = v.object({ value: v.number() })

const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`

/**
 * Where indexed photos with a feature of $backbone are selected from, in order of id. The index is
 * named since it is enough: reading the row itself would read the feature's pages.
 */
export const DESCRIBED_PHOTOS = `FROM photos
   CROSS JOIN features INDEXED BY features_by_backbone ON features.photo = photos.id
   WHERE status = 'indexed' AND backbone = $backbone`

/** The statements of features. */
export function featureStatements(database: Database) {
  const putFeature = database.command(
    `INSERT OR REPLACE INTO features (photo, backbone, feature, made_at)
     VALUES ($photo, $backbone, $feature,
       coalesce((SELECT min(made_at) FROM features WHERE photo = $photo), ${NOW}))`
  )
  const copyFeature = database.command(
    `INSERT OR REPLACE INTO features (photo, backbone, feature, made_at)
     SELECT $to, backbone, feature, made_at FROM features WHERE photo = $from`
  )
  const dropFeatures = database.command('DELETE FROM features WHERE photo = $photo')
  const feature = database.query(
    'SELECT photo AS id, feature FROM features WHERE photo = $photo AND backbone = $backbone',
    FeatureRow
  )
  const indexedFeature = database.query(
    `SELECT photo AS id, feature FROM features JOIN photos ON photos.id = features.photo
     WHERE photo = $photo AND backbone = $backbone AND status = 'indexed'`,
    FeatureRow
  )
  const anyBackbone = database.query('SELECT backbone FROM features LIMIT 1', Backbone)
  const featureBytes = database.query(
    'SELECT length(feature) AS bytes FROM features LIMIT 1',
    v.object({ bytes: v.number() })
  )
  const featureIds = database.columns(`SELECT photos.id ${DESCRIBED_PHOTOS} ORDER BY photos.id`)
  // The last digits: others of the hash say which photos are witnesses.
  const contentIds = database.columns(
    `SELECT photos.id ${DESCRIBED_PHOTOS} AND NOT EXISTS (
       SELECT 1 FROM photos AS copy JOIN features AS other ON other.photo = copy.id
       WHERE copy.hash = photos.hash AND copy.id < photos.id AND copy.status = 'indexed'
         AND other.backbone = $backbone)
     ORDER BY substr(hash, 49), photos.id`
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
    Backbone
  )
  const dropOfBackbone = database.command(
    `DELETE FROM features WHERE rowid IN (
       SELECT rowid FROM features WHERE backbone = $backbone LIMIT $limit)`
  )
  const madeSince = database.query(
    `SELECT count(*) AS value FROM photos WHERE status = 'indexed'
       AND id IN (SELECT photo FROM features WHERE made_at > $since)`,
    Value
  )
  const madeAt = database.query(
    'SELECT made_at AS value FROM features WHERE photo = $photo LIMIT 1',
    Value
  )
  const requeue = `UPDATE photos
     SET status = 'pending', attempts = 0, retry_at = NULL, suspect = 0, solo_kills = 0
     WHERE status = 'indexed'`
  const requeueOne = database.command(`${requeue} AND id = $photo`)
  const requeueUndescribed = database.command(`${requeue} AND ${lacksFeature}`)

  return {
    /** Keeps the feature of the same content by another backbone, beside what there is. */
    addFeature: (photo: number, backbone: string, values: Uint16Array) =>
      void putFeature.run({ photo, backbone, feature: blobOf(values) }),
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
    /**
     * Of these the first of each content, in an order that follows from the contents alone: so any
     * first part is a fair sample, and most of it stays when the library grows.
     */
    contentIds: (backbone: string) => Uint32Array.from(contentIds({ backbone }), firstNumber),
    /** When the content of a photo was described, ms since 1970. */
    madeAt: (photo: number) => madeAt.get({ photo })?.value,
    /** Indexed photos whose content was described after a time, ms since 1970. */
    madeSince: (since: number) => madeSince.get({ since })?.value ?? 0,
    /** Puts an indexed photo back to pending: it is to be described again. */
    requeue: (photo: number) => requeueOne.run({ photo }).changes === 1,
    /** Puts photos back to pending that this backbone has not described; how many. */
    requeueUndescribed: (backbone: string) => requeueUndescribed.run({ backbone }).changes,
    /** Forgets all features of a photo. */
    dropFeatures: (photo: number) => void dropFeatures.run({ photo }),
    /** Photo `to` gets the features of photo `from`, which has the same content. */
    copyFeatures: (from: number, to: number) => void copyFeature.run({ from, to })
  }
}
