// Models (quantizers): one serves, one may be a candidate, others are kept to go back to.
import * as v from 'valibot'
import type { QuantizerRecord } from '../wire/compute-contract.ts'
import { Bug } from '../wire/fault.ts'
import type { Database } from './database.ts'

const ModelRow = v.object({
  id: v.number(),
  kind: v.picklist(['first', 'learned']),
  state: v.picklist(['candidate', 'serving', 'retired']),
  createdAt: v.number(),
  version: v.number(),
  backbone: v.string(),
  M: v.number(),
  K: v.number(),
  L: v.number(),
  fittedOn: v.number()
})
/** A model without its weights. */
export type ModelRow = v.InferOutput<typeof ModelRow>

const Weights = v.object({ weights: v.instance(Uint8Array) })

const COLUMNS = `id, kind, state, created_at AS createdAt, version, backbone, books AS M,
  codewords AS K, part AS L, fitted_on AS fittedOn`

export type ModelTable = ReturnType<typeof modelTable>

/** The statements of models. */
export function modelTable(database: Database) {
  const serving = database.query(`SELECT ${COLUMNS} FROM models WHERE state = 'serving'`, ModelRow)
  const byId = database.query(`SELECT ${COLUMNS} FROM models WHERE id = $id`, ModelRow)
  const list = database.query(`SELECT ${COLUMNS} FROM models ORDER BY id`, ModelRow)
  const weights = database.query('SELECT weights FROM models WHERE id = $id', Weights)
  const add = database.command(
    `INSERT INTO models
       (kind, state, version, backbone, books, codewords, part, fitted_on, created_at, weights)
     VALUES ($kind, 'candidate', $version, $backbone, $M, $K, $L, $fittedOn, $now, $weights)`
  )
  const retire = database.command(`UPDATE models SET state = 'retired' WHERE state = 'serving'`)
  const serve = database.command(`UPDATE models SET state = 'serving' WHERE id = $id`)
  const missing = database.query(
    `SELECT count(*) AS value FROM photos
     JOIN features INDEXED BY features_by_backbone ON features.photo = photos.id
     WHERE status = 'indexed' AND backbone = $backbone AND NOT EXISTS (
       SELECT 1 FROM encodings WHERE encodings.photo = photos.id AND model = $id)`,
    v.object({ value: v.number() })
  )
  const erase = database.command('DELETE FROM models WHERE id = $id')

  return {
    list: () => list.all(),
    get: (id: number) => byId.get({ id }),
    serving: () => serving.get(),
    /** The model as compute takes it. */
    record(id: number): QuantizerRecord {
      const row = byId.get({ id })
      const blob = weights.get({ id })
      if (!row || !blob) throw new Bug(`model ${id} is not in the catalogue`)
      const { version, backbone, M, K, L, fittedOn } = row
      return { version, backbone, M, K, L, fittedOn, weights: blob.weights }
    },
    /** Keeps a new model as candidate; its id. */
    add: (kind: ModelRow['kind'], record: QuantizerRecord, now: number): number =>
      add.run({ kind, ...record, now }).id,
    /**
     * Lets a model serve in one transaction, if every indexed photo has its encoding; else nothing
     * changes and false comes back. The former one is retired.
     */
    swap(id: number): boolean {
      return database.transaction(() => {
        const row = byId.get({ id })
        if (!row) throw new Bug(`model ${id} is not in the catalogue`)
        if ((missing.get({ id, backbone: row.backbone })?.value ?? 0) > 0) return false
        retire.run()
        serve.run({ id })
        return true
      })
    },
    /** Lets no model serve (the backbone was replaced). */
    retire: () => void retire.run(),
    /** Forgets a model; its encodings must be gone already, or this takes long. */
    erase: (id: number) => void erase.run({ id })
  }
}
