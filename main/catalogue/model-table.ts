// Models (quantizers): one serves, one may be a candidate, others are kept to go back to.
import * as v from 'valibot'
import type { QuantizerRecord } from '../wire/records.ts'
import { Bug, Fault } from '../wire/fault.ts'
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
  fittedOn: v.number(),
  /** The first quantizer whose projection it keeps; null for a first one. */
  base: v.nullable(v.number()),
  depth: v.picklist(['head', 'deep']),
  device: v.nullable(v.string()),
  seconds: v.nullable(v.number()),
  steps: v.nullable(v.number()),
  scoreBefore: v.nullable(v.number()),
  scoreAfter: v.nullable(v.number()),
  /** Of the photos that it was not trained on (witnesses.ts); null: trained on all, or not. */
  witnessShare: v.nullable(v.number()),
  /** When another one took over, ms since 1970; null while it serves or if it never did. */
  servedUntil: v.nullable(v.number())
})
/** A model without its weights. */
export type ModelRow = v.InferOutput<typeof ModelRow>

/** How a model was learned. */
export type Learned = Pick<
  ModelRow,
  | 'base'
  | 'depth'
  | 'device'
  | 'seconds'
  | 'steps'
  | 'scoreBefore'
  | 'scoreAfter'
  | 'witnessShare'
>
const NOT_LEARNED: Learned = {
  base: null,
  depth: 'head',
  device: null,
  seconds: null,
  steps: null,
  scoreBefore: null,
  scoreAfter: null,
  witnessShare: null
}

const Weights = v.object({
  weights: v.instance(Uint8Array),
  blind: v.nullable(v.instance(Uint8Array))
})

const COLUMNS = `id, kind, state, created_at AS createdAt, version, backbone, books AS M,
  codewords AS K, part AS L, fitted_on AS fittedOn, base, depth, device, seconds, steps,
  score_before AS scoreBefore, score_after AS scoreAfter, witness_share AS witnessShare,
  served_until AS servedUntil`

/** The statements of models. */
export function modelTable(database: Database) {
  const serving = database.query(`SELECT ${COLUMNS} FROM models WHERE state = 'serving'`, ModelRow)
  const byId = database.query(`SELECT ${COLUMNS} FROM models WHERE id = $id`, ModelRow)
  const list = database.query(`SELECT ${COLUMNS} FROM models ORDER BY id`, ModelRow)
  const ofSameProjection = database.query(
    `SELECT id FROM models WHERE id <> $id AND coalesce(base, id) = (
       SELECT coalesce(base, id) FROM models WHERE id = $id)
     ORDER BY id DESC`,
    v.object({ id: v.number() })
  )
  const weights = database.query('SELECT weights, blind FROM models WHERE id = $id', Weights)
  const add = database.command(
    `INSERT INTO models
       (kind, state, version, backbone, books, codewords, part, fitted_on, created_at, weights,
        base, depth, device, seconds, steps, score_before, score_after, witness_share, blind)
     VALUES ($kind, $state, $version, $backbone, $M, $K, $L, $fittedOn, $now, $weights,
        $base, $depth, $device, $seconds, $steps, $scoreBefore, $scoreAfter, $witnessShare,
        $blind)`
  )
  const retire = database.command(
    `UPDATE models SET state = 'retired', served_until = $now WHERE state = 'serving'`
  )
  const retireCandidate = database.command(
    `UPDATE models SET state = 'retired' WHERE state = 'candidate' AND id = $id`
  )
  const serve = database.command(
    `UPDATE models SET state = 'serving', served_until = NULL WHERE id = $id`
  )
  const missing = database.query(
    `SELECT id FROM photos WHERE status = 'indexed' AND NOT EXISTS (
       SELECT 1 FROM encodings WHERE encodings.photo = photos.id AND model = $id) LIMIT 1`,
    v.object({ id: v.number() })
  )
  const setScores = database.command(
    'UPDATE models SET score_before = $scoreBefore, score_after = $scoreAfter WHERE id = $id'
  )
  const erase = database.command('DELETE FROM models WHERE id = $id')
  const based = database.query(
    `SELECT id FROM models WHERE base = $id
     UNION ALL SELECT id FROM runs WHERE base = $id AND ended_at IS NULL LIMIT 1`,
    v.object({ id: v.number() })
  )

  function recordOf(id: number, of: (blobs: v.InferOutput<typeof Weights>) => Uint8Array) {
    const row = byId.get({ id })
    const blobs = weights.get({ id })
    if (!row || !blobs) throw new Bug(`model ${id} is not in the catalogue`)
    const { version, backbone, M, K, L, fittedOn } = row
    return { version, backbone, M, K, L, fittedOn, weights: of(blobs) }
  }

  return {
    list: () => list.all(),
    get: (id: number) => byId.get({ id }),
    serving: () => serving.get(),
    /** Ids of the others that project features as this one does, the newest first. */
    ofSameProjection: (id: number) => ofSameProjection.all({ id }).map((row) => row.id),
    /** The model as compute takes it. */
    record: (id: number): QuantizerRecord => recordOf(id, ({ weights }) => weights),
    /**
     * What stands for the model where others are compared with it: as it was judged, trained
     * without the witnesses. The model itself where that is all there is.
     */
    blind: (id: number): QuantizerRecord => recordOf(id, ({ weights, blind }) => blind ?? weights),
    /** Keeps a new first quantizer: to serve, or only for others to grow from; its id. */
    add: (
      kind: ModelRow['kind'],
      record: QuantizerRecord,
      now: number,
      state: 'candidate' | 'retired' = 'candidate'
    ): number => add.run({ kind, ...record, now, state, ...NOT_LEARNED, blind: null }).id,
    /** Keeps a learned model as candidate, with its blind one, if it has one; its id. */
    addLearned: (
      record: QuantizerRecord,
      now: number,
      learned: Learned,
      blind: QuantizerRecord | null = null
    ): number =>
      add.run({
        kind: 'learned',
        ...record,
        now,
        state: 'candidate',
        ...learned,
        blind: blind && blind.weights
      }).id,
    /** True while another model, or an unfinished run, has grown from this one. */
    isBase: (id: number) => based.get({ id }) !== undefined,
    setScores: (id: number, scoreBefore: number, scoreAfter: number) =>
      void setScores.run({ id, scoreBefore, scoreAfter }),
    /** A candidate is not wanted any more, but kept. */
    retireCandidate: (id: number) => void retireCandidate.run({ id }),
    /**
     * Lets a model serve in one transaction, if every indexed photo has its encoding; else nothing
     * changes and false comes back. The former one is retired.
     */
    swap(id: number, now = Date.now()): boolean {
      return database.transaction(() => {
        if (!byId.get({ id })) throw new Bug(`model ${id} is not in the catalogue`)
        if (missing.get({ id })) return false
        retire.run({ now })
        serve.run({ id })
        return true
      })
    },
    /** One of the indexed photos that have no encoding of this model, if any. */
    lacking: (id: number) => missing.get({ id })?.id,
    /** Lets no model serve (the backbone was replaced). */
    retire: (now = Date.now()) => void retire.run({ now }),
    /** Forgets a model; its encodings must be gone already, or this takes long. */
    erase: (id: number) => void erase.run({ id })
  }
}

/** No such model is kept. */
export function missingModel(id: number): Fault {
  return new Fault({
    kind: 'not-found',
    about: 'program',
    subject: `model ${id}`,
    expected: 'a model of this library',
    received: 'none'
  })
}
