// The learning of a head and its codebooks on the user's photos: trials, choice, proof, refit
// (method.md 4). Runs in compute and the command line; no files, no database.
import { fitLinearHead } from '../../quant/fit.ts'
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { seededRandom } from '../../quant/random.ts'
import { mixed } from './batches.ts'
import type { Pool } from './batches.ts'
import { fingerprintOf, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { HeadProgress, LearnHeadOptions, LearnHeadResult, Score, Setting } from './contract.ts'
import { headOf, tensorsOf } from './head-graph.ts'
import type { HeadAndBooks } from './head-graph.ts'
import { NEAREST, frozenRows, mutualGraph, nearestRows, pickRows } from './neighbour-graph.ts'
import type { Nearest } from './neighbour-graph.ts'
import { pseudoClasses, scoreOf } from './score.ts'
import type { Scorer } from './score.ts'
import { choose, holdOut, settingsFor, shuffled } from './settings.ts'
import { runTrial } from './trial.ts'

/** Between checkpoints of a trial under way, ms. */
const CHECKPOINT_EVERY = 5000
/** Photos that query all others in the check of a model trained on all of them. */
const MOST_CHECKED = 2000
/** Fewer photos give no batch to learn from. */
const FEWEST = 32
/** Seeds of a run: 0 hold-out, 1 communities, 2 check, 3 start; trials from here on. */
const FIRST_TRIAL = 16
/** Of a trial whose loss became no number: worse than any. */
const FAILED: Score = { score: 0, comm1: 0, comm4: 0, tight: 0 }

/**
 * Trains candidates with a tenth of the photos held out, chooses one by the score without labels,
 * and trains it again on all photos. What is not better than `serving` and the start is dropped.
 * @throws RangeError when data and quantizers do not fit each other
 * @throws what `breathe` rejects with, or the signal's reason
 */
export async function learnHead(options: LearnHeadOptions): Promise<LearnHeadResult> {
  check(options)
  const { data, serving, seed } = options
  const settings = options.settings ?? settingsFor(data.n, options)
  const run = new Run(options, settings)
  const start = await run.start()
  const held = holdOut(data.n, mixed(seed, 0), options.fresh)
  const { all, training } = await run.nearest(held)
  const classes = pseudoClasses(all.nearest, mixed(seed, 1))
  const onHeld: Scorer = {
    queries: held,
    projected: data.projected,
    classes,
    multiply: options.multiply,
    breathe: () => run.pause()
  }
  const before = await run.score(serving, onHeld)
  const toBeat = [before, serving === start ? before : await run.score(start, onHeld)]

  for (const setting of settings.slice(run.kept.ended.length))
    await run.trial(setting, start, training, onHeld)

  const { ended, models } = run.kept
  const chosen = choose(ended, toBeat)
  const best = Math.max(...ended.map(({ score }) => score))
  const candidate = chosen === undefined ? undefined : models[chosen]
  const setting = chosen === undefined ? undefined : ended[chosen]?.setting
  let quantizer: Quantizer | null = null
  if (candidate && setting && chosen !== undefined) {
    const refitted = await run.train(setting, chosen, start, all)
    const sample = shuffled(data.n, seededRandom(mixed(seed, 2))).subarray(0, MOST_CHECKED)
    const onAll = { ...onHeld, queries: sample }
    const holds =
      refitted !== undefined &&
      (await run.score(refitted, onAll)).score >= (await run.score(start, onAll)).score
    const model = holds ? refitted : headOf(candidate, start.codebooks.L)
    quantizer = { ...options.start, fittedOn: data.n, ...model }
  }
  return {
    kept: quantizer !== null,
    quantizer,
    scoreBefore: before.score,
    scoreAfter: chosen === undefined ? best : (ended[chosen]?.score ?? best),
    steps: run.kept.steps,
    stepMilliseconds: run.kept.milliseconds / Math.max(run.kept.steps, 1),
    setting: setting ?? null,
    trials: ended
  }
}

/** What a trial draws from, but for the graph of its setting. */
type Photos = Omit<Pool, 'graph'>

/** The parts of a run, with what they keep for a checkpoint and tell of their progress. */
class Run {
  readonly kept: Checkpoint
  readonly #options: LearnHeadOptions
  readonly #settings: readonly Setting[]
  #saved = performance.now()

  constructor(options: LearnHeadOptions, settings: readonly Setting[]) {
    this.#options = options
    this.#settings = settings
    const fingerprint = fingerprintOfRun(options, settings)
    const resumed = options.resume && readCheckpoint(options.resume, fingerprint)
    this.kept = resumed ?? { fingerprint, ended: [], models: [], steps: 0, milliseconds: 0 }
  }

  /** Lets others have their turn, and stops when asked to. */
  async pause(): Promise<void> {
    await this.#options.breathe()
    this.#options.signal?.throwIfAborted()
  }

  /** The start of the bits that are wanted. */
  async start(): Promise<HeadAndBooks> {
    const { start, bits, data, multiply, seed } = this.#options
    const M = bits / 4
    if (start.codebooks.M === M) return start
    const projected = fromHalves(data.projected)
    const random = seededRandom(mixed(seed, 3))
    return fitLinearHead(projected, M, random, multiply, () => this.pause())
  }

  /** The nearest of each photo, among all photos, and among those that are not held out. */
  async nearest(held: Uint32Array): Promise<{ all: Photos; training: Photos }> {
    const { data, start } = this.#options
    const k = Math.max(NEAREST, ...this.#settings.map(({ local }) => local?.near ?? 0))
    const rows = frozenRows(data.projected, start.projection)
    const everyone = Uint32Array.from({ length: data.n }, (_, row) => row)
    const left = new Set(held)
    const trained = everyone.filter((row) => !left.has(row))
    const total = data.n + trained.length
    const find = (of: Float32Array, before: number): Promise<Nearest> =>
      nearestRows(of, PROJECTED, k, async (done) => {
        this.#tell({ phase: 'graph', done: before + done, total })
        await this.pause()
      })
    return {
      all: { data, rows: everyone, nearest: await find(rows, 0) },
      training: {
        data,
        rows: trained,
        nearest: await find(pickRows(rows, PROJECTED, trained), data.n)
      }
    }
  }

  score(model: HeadAndBooks, scorer: Scorer): Promise<Score> {
    this.#tell({ phase: 'proof', done: this.kept.ended.length, total: this.#settings.length })
    return scoreOf(model, scorer)
  }

  /** Trains the next setting and keeps its score. */
  async trial(setting: Setting, start: HeadAndBooks, photos: Photos, scorer: Scorer): Promise<void> {
    const began = performance.now()
    const model = await this.train(setting, this.kept.ended.length, start, photos)
    const score = model ? await this.score(model, scorer) : FAILED
    const seconds = (performance.now() - began) / 1000
    this.kept.ended.push({ setting, seconds, ...score })
    this.kept.models.push(model ? tensorsOf(model) : null)
    this.#save()
  }

  /** Trains a setting, from where it was cut if it was; undefined when its loss is no number. */
  async train(
    setting: Setting,
    place: number,
    start: HeadAndBooks,
    photos: Photos
  ): Promise<HeadAndBooks | undefined> {
    const { kept } = this
    const { seed, provider } = this.#options
    const before = kept.ended.reduce((sum, ended) => sum + ended.setting.steps, 0)
    const total = this.#settings.reduce((sum, { steps }) => sum + steps, setting.steps)
    const model = await runTrial({
      pool: { ...photos, graph: mutualGraph(photos.nearest, setting.r) },
      setting,
      start,
      seed: mixed(seed, FIRST_TRIAL + place),
      provider,
      ...(kept.state && { from: kept.state }),
      onStep: async ({ step, loss, milliseconds, read }) => {
        kept.steps++
        kept.milliseconds += milliseconds
        this.#tell({ phase: 'training', done: before + step, total, step, loss })
        if (performance.now() - this.#saved > CHECKPOINT_EVERY) {
          kept.state = await read()
          this.#save()
        }
        await this.pause()
      }
    })
    delete kept.state
    return model
  }

  #save(): void {
    this.#options.onCheckpoint?.(writeCheckpoint(this.kept))
    this.#saved = performance.now()
  }

  #tell(progress: Omit<HeadProgress, 'trial' | 'trials' | 'step'> & { step?: number }): void {
    const trial = this.kept.ended.length
    const trials = this.#settings.length + 1
    this.#options.onProgress?.({ trial, trials, step: 0, ...progress })
  }
}

function fingerprintOfRun(options: LearnHeadOptions, settings: readonly Setting[]): string {
  const { data, start, serving, bits, seed, fresh } = options
  const text = JSON.stringify([settings, bits, seed, data.n, data.V])
  const arrays = [data.projected, data.views, start.projection.matrix]
  for (const { head, codebooks } of [start, serving])
    arrays.push(head.weight, head.bias, codebooks.values)
  if (fresh) arrays.push(Uint16Array.from(fresh))
  return fingerprintOf(text, arrays)
}

function check({ data, start, serving, bits, settings, fresh }: LearnHeadOptions): void {
  const { n, projected, views, V } = data
  expectLength('projected', projected, n * PROJECTED)
  expectLength('views', views, n * V * PROJECTED)
  if (fresh) expectLength('fresh', fresh, n)
  if (n < FEWEST) throw new RangeError(`data: expected ${FEWEST} photos or more, got ${n}`)
  if (![16, 32, 64, 128].includes(bits))
    throw new RangeError(`bits: expected 16, 32, 64 or 128, got ${bits}`)
  if (settings?.length === 0) throw new RangeError('settings: expected one or more, got none')
  const { matrix } = serving.projection
  if (!start.projection.matrix.every((value, at) => value === matrix[at]))
    throw new RangeError("serving: expected a quantizer of start's projection, got another one")
}

function expectLength(subject: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length)
    throw new RangeError(`${subject}: expected ${length} numbers, got ${array.length}`)
}
