// Runs of learning: at most one is unfinished, and all that it needs to go on after a kill is in
// its row.
import * as v from 'valibot'
import { Bug } from '../wire/fault.ts'
import { LearnOptions, LearnResult, Price, StoredSetting, Verdict } from '../wire/learning-contract.ts'
import type { Database } from './database.ts'
import { storedJson, storedJsonOrNull } from './stored-json.ts'

const bytes = v.instance(Uint8Array)

/** What training ended with, before it was put to use; scores are null until it was validated. */
export const Outcome = v.object({
  kept: v.optional(v.boolean(), false), // as far as the scores say
  scoreBefore: v.nullable(v.number()),
  scoreAfter: v.nullable(v.number()),
  steps: v.number(),
  stepMilliseconds: v.number(),
  device: v.string(),
  setting: v.optional(v.nullable(StoredSetting), null), // of the head that was learned
  /** By what it was judged; null until it was, or by an older Kindred. */
  verdict: v.optional(v.nullable(Verdict), null),
  opponent: v.optional(v.picklist(['serving', 'start']), 'serving'),
  /** Of what serves and of the candidate, where these have other bits. */
  prices: v.optional(v.array(Price), [])
})
export type Outcome = v.InferOutput<typeof Outcome>

const RunRow = v.object({
  id: v.number(),
  options: storedJson(LearnOptions, v.parse(LearnOptions, {})),
  startedAt: v.number(),
  seconds: v.number(),
  base: v.nullable(v.number()),
  /** Of its photos that it leaves out as witnesses; null until they are chosen. */
  witnessShare: v.nullable(v.number()),
  outcome: storedJsonOrNull(Outcome),
  model: v.nullable(v.number()),
  endedAt: v.nullable(v.number()),
  result: storedJsonOrNull(LearnResult)
})
/** A run without its large parts. */
export type RunRow = v.InferOutput<typeof RunRow>

const COLUMNS = `id, options, started_at AS startedAt, seconds, base,
  witness_share AS witnessShare, outcome, model,
  ended_at AS endedAt, result`

export type RunTable = ReturnType<typeof runTable>

/** The statements of runs. */
export function runTable(database: Database) {
  const unfinished = database.query(`SELECT ${COLUMNS} FROM runs WHERE ended_at IS NULL`, RunRow)
  const lastEnded = database.query(
    `SELECT ${COLUMNS} FROM runs WHERE result IS NOT NULL ORDER BY id DESC LIMIT 1`,
    RunRow
  )
  const ofModel = database.query(
    `SELECT ${COLUMNS} FROM runs WHERE model = $model ORDER BY id DESC LIMIT 1`,
    RunRow
  )
  const start = database.command(
    'INSERT INTO runs (options, started_at) VALUES ($options, $now)'
  )
  const setBase = database.command('UPDATE runs SET base = $base WHERE id = $id')
  const setSample = database.command(
    'UPDATE runs SET sample = $sample, witness_share = $witnessShare WHERE id = $id'
  )
  const sample = database.query(
    'SELECT sample FROM runs WHERE id = $id AND sample IS NOT NULL',
    v.object({ sample: bytes })
  )
  const setCheckpoint = database.command('UPDATE runs SET checkpoint = $checkpoint WHERE id = $id')
  const checkpoint = database.query(
    'SELECT checkpoint FROM runs WHERE id = $id AND checkpoint IS NOT NULL',
    v.object({ checkpoint: bytes })
  )
  const addSeconds = database.command('UPDATE runs SET seconds = seconds + $seconds WHERE id = $id')
  const setOutcome = database.command(
    'UPDATE runs SET outcome = $outcome, model = $model, checkpoint = NULL WHERE id = $id'
  )
  const end = database.command(
    `UPDATE runs SET ended_at = $now, result = $result, checkpoint = NULL, sample = NULL
     WHERE id = $id`
  )

  return {
    /** The run that goes on at the next start. */
    unfinished: () => unfinished.get(),
    /** The last run that came to a result. */
    lastEnded: () => lastEnded.get(),
    /** The last run that learned this model. */
    ofModel: (model: number) => ofModel.get({ model }),
    /** Begins a run; there must be no unfinished one. */
    start(options: LearnOptions, now: number): RunRow {
      start.run({ options: JSON.stringify(options), now })
      const row = unfinished.get()
      if (!row) throw new Bug('a run that was begun is unfinished')
      return row
    },
    setBase: (id: number, base: number) => void setBase.run({ id, base }),
    /** Its photos, and the share of them that it leaves out as witnesses. */
    setSample(id: number, photos: Uint32Array, witnessShare: number): void {
      const blob = new Uint8Array(photos.buffer, photos.byteOffset, photos.byteLength)
      setSample.run({ id, sample: blob, witnessShare })
    },
    /** Ids of its photos; undefined until they are chosen. */
    sample(id: number): Uint32Array | undefined {
      const blob = sample.get({ id })?.sample
      return blob && new Uint32Array(new Uint8Array(blob).buffer)
    },
    setCheckpoint: (id: number, state: Uint8Array) =>
      void setCheckpoint.run({ id, checkpoint: state }),
    checkpoint: (id: number) => checkpoint.get({ id })?.checkpoint,
    addSeconds: (id: number, seconds: number) => void addSeconds.run({ id, seconds }),
    /** Training has ended: with a model that is to serve (or to be validated first), or without. */
    setOutcome: (id: number, outcome: Outcome, model: number | null) =>
      void setOutcome.run({ id, outcome: JSON.stringify(outcome), model }),
    /** The run has ended; `result` null: it was given up. */
    end: (id: number, result: LearnResult | null, now: number) =>
      void end.run({ id, result: result && JSON.stringify(result), now })
  }
}
