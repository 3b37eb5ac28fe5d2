// What photos were described as: features (of a backbone) and encodings (of a model). An encoding
// is made from its feature, so models can be changed without decoding a photo again. What concerns
// both is here; the rest is in feature-table.ts and encoding-table.ts.
import * as v from 'valibot'
import { DamageKind } from '../wire/decoder-contract.ts'
import { DateSource } from '../wire/photo-date.ts'
import { JUDGEMENT } from '../wire/judgement.ts'
import type { Database } from './database.ts'
import { StoredHeld } from './date-table.ts'
import { encodingStatements } from './encoding-table.ts'
import { featureStatements } from './feature-table.ts'

const Id = v.object({ id: v.number() })
const Twin = v.object({
  id: v.number(),
  hash: v.string(),
  width: v.number(),
  height: v.number(),
  capturedAt: v.nullable(v.number()),
  capturedFrom: v.nullable(DateSource),
  ahead: v.nullable(v.number()),
  holds: StoredHeld,
  dated: v.number(),
  sidecar: v.nullable(v.string()), // the XMP file beside it
  damage: v.nullable(DamageKind),
  format: v.nullable(v.string())
})
export type Twin = v.InferOutput<typeof Twin>

/** The statements of features and encodings. */
export function vectorTable(database: Database) {
  const { dropFeatures, copyFeatures, ...ofFeatures } = featureStatements(database)
  const { dropEncodings, copyEncodings, ...ofEncodings } = encodingStatements(database)
  const dropViews = database.command('DELETE FROM views WHERE photo = $photo')
  const dropPlace = database.command('DELETE FROM map_places WHERE photo = $photo')
  const sameSize = database.query(
    `SELECT id FROM photos WHERE size = $size AND id <> $id AND hash IS NOT NULL LIMIT 1`,
    Id
  )
  const ownHash = database.query('SELECT id FROM photos WHERE id = $id AND hash IS NOT NULL', Id)
  const twin = database.query(
    `SELECT id, hash, width, height, captured_at AS capturedAt,
       captured_from AS capturedFrom, ahead, holds, dated, sidecar, damage, format
     FROM photos
     JOIN features ON features.photo = photos.id
     WHERE hash = $hash AND backbone = $backbone AND judgement = ${JUDGEMENT} LIMIT 1`,
    Twin
  )

  function drop(photo: number): void {
    dropEncodings(photo)
    dropViews.run({ photo })
    dropPlace.run({ photo })
    dropFeatures(photo)
  }

  return {
    ...ofFeatures,
    ...ofEncodings,
    /**
     * Keeps the feature of a photo's new content; all that its former content was described as
     * goes. Inside a transaction.
     */
    putFeature(photo: number, backbone: string, values: Uint16Array): void {
      drop(photo)
      ofFeatures.addFeature(photo, backbone, values)
    },
    /** Forgets what a photo was described as. */
    drop,
    /** Photo `to` has the content of photo `from`: it gets the same vectors. */
    copy(from: number, to: number): void {
      if (from === to) return
      drop(to)
      copyFeatures(from, to)
      copyEncodings(from, to)
    },
    /** True when a described photo may have the same content, so that hashing is worth while. */
    maybeTwin: (id: number, size: number) =>
      sameSize.get({ id, size }) !== undefined || ownHash.get({ id }) !== undefined,
    /** One of this content that this backbone and today's judgement saw; it may be gone. */
    twin: (hash: string, backbone: string) => twin.get({ hash, backbone })
  }
}
