// One run of learning: its graphs, trials and scores, what a checkpoint keeps of them, and what is
// told of its progress. learn-head.ts says in which order. Runs in compute.
import { fitLinearHead } from '../../quant/fit.ts'
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import { combinedSeed } from './batches.ts'
import type { Pool } from './batches.ts'
import { fingerprintOf, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { Checkpoint, EndedTrial } from './checkpoint.ts'
import type { HeadProgress, LearnHeadOptions, Score, Setting } from './head-contract.ts'
import { headOf, tensorsOf } from './head-graph.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { NEAREST, frozenRows, mutualGraph, nearestRows, pickRows } from './neighbour-graph.ts'
import { pseudoClasses, scoreOf } from './score.ts'
import type { Scorer } from './score.ts'
import { meanScore, quality, shuffled } from './trial-settings.ts'
import { storedSetting } from './stored-names.ts'
import { runTrial } from './trial.ts'

/** Between checkpoints of a trial under way, ms. */
const CHECKPOINT_EVERY = 5000
/** Photos that query all others in the check of a model trained on all of them. */
const MOST_CHECKED = 2000
/** Seeds of a run: 1 communities, 2 check, 3 start; then of those held out; then of trials. */
export const FIRST_SPLIT = 8
const FIRST_TRIAL = 16
/** Of a trial whose loss became no number: worse than any. */
const FAILED: Score = { score: 0, coarse: 0, fine: 0, nearDuplicates: 0 }

/** Photos to train on, and those that are scored then. */
export interface Split {
  photos: Omit<Pool, 'graph'>
  scorer: Scorer
}

/** The parts of a run, with what they keep for a checkpoint and tell of their progress. */
export class HeadRun {
  readonly checkpoint: Checkpoint
  readonly #options: LearnHeadOptions
  readonly #settings: readonly Setting[]
  readonly #repeats: number
  readonly #trials: number
  /** Trials asked for so far. */
  #place = 0
  #saved = performance.now()

  /**
   * `trials`: how many are going to be trained; each setting and the winner, when left out.
   * `heldOut`: photos that are held out, where they do not follow from the options.
   */
  constructor(
    options: LearnHeadOptions,
    settings: readonly Setting[],
    repeats: number,
    {
      trials = (settings.length + 1) * repeats,
      heldOut
    }: { trials?: number; heldOut?: Uint32Array } = {}
  ) {
    this.#options = options
    this.#settings = settings
    this.#repeats = repeats
    this.#trials = trials
    const fingerprint = fingerprintOfRun(options, settings, heldOut)
    const resumed = options.resume && readCheckpoint(options.resume, fingerprint)
    this.checkpoint = resumed ?? { fingerprint, ended: [], steps: 0, milliseconds: 0 }
  }

  /** Lets others have their turn, and stops when asked to. */
  async #pause(): Promise<void> {
    await this.#options.giveWay()
    this.#options.signal?.throwIfAborted()
  }

  /** The start of the bits that are wanted. */
  async start(): Promise<HeadAndCodebooks> {
    const { start, bits, data, multiply, seed } = this.#options
    const M = bits / 4
    if (start.codebooks.M === M) return start
    const projected = fromHalves(data.projected)
    const random = seededRandom(combinedSeed(seed, 3))
    return fitLinearHead(projected, M, random, multiply, () => this.#pause())
  }

  /** All photos, scored by a sample of them. */
  async allPhotos(): Promise<Split> {
    const { data, seed, multiply } = this.#options
    const rows = Uint32Array.from({ length: data.n }, (_, row) => row)
    const photos = await this.#photos(rows)
    const scorer = {
      queries: shuffled(data.n, seededRandom(combinedSeed(seed, 2))).subarray(0, MOST_CHECKED),
      projected: data.projected,
      classes: pseudoClasses(photos.nearest, combinedSeed(seed, 1)),
      multiply,
      giveWay: () => this.#pause()
    }
    return { photos, scorer }
  }

  /** All photos but those held out, scored by these. */
  async split(heldOut: Uint32Array, all: Split): Promise<Split> {
    return {
      photos: await this.photosWithout(heldOut),
      scorer: { ...all.scorer, queries: heldOut }
    }
  }

  /** All photos but these, with the graph of them alone. */
  photosWithout(heldOut: Uint32Array): Promise<Split['photos']> {
    const left = new Set(heldOut)
    const rows = Uint32Array.from({ length: this.#options.data.n }, (_, row) => row)
    return this.#photos(rows.filter((row) => !left.has(row)))
  }

  async #photos(rows: Uint32Array): Promise<Split['photos']> {
    const { data, start } = this.#options
    const k = Math.max(NEAREST, ...this.#settings.map(({ local }) => local?.near ?? 0))
    const some = pickRows(data.projected, PROJECTED, rows)
    const frozen = frozenRows(some, start.projection)
    const nearest = await nearestRows(frozen, PROJECTED, k, async (done) => {
      this.#tell({ phase: 'graph', done, total: rows.length })
      await this.#pause()
    })
    return { data, rows, nearest }
  }

  async scoreOnSplits(
    model: HeadAndCodebooks,
    splits: readonly Split[],
    projected?: Uint16Array
  ): Promise<Score> {
    const scores: Score[] = []
    for (const { scorer } of splits)
      scores.push(await this.#score(model, projected ? { ...scorer, projected } : scorer))
    return meanScore(scores)
  }

  #score(model: HeadAndCodebooks, scorer: Scorer): Promise<Score> {
    this.#tell({ phase: 'validation', done: this.#place, total: this.#trials })
    return scoreOf(model, scorer)
  }

  /** Trains a setting on a split and scores it. What a checkpoint has is not done again. */
  async trial(setting: Setting, start: HeadAndCodebooks, split: Split): Promise<EndedTrial> {
    const place = this.#place++
    const done = this.checkpoint.ended[place]
    if (done) return done
    const began = performance.now()
    const model = await this.#train(setting, place, start, split.photos)
    const score = model ? await this.#score(model, split.scorer) : FAILED
    return this.#end({ seconds: (performance.now() - began) / 1000, ...score })
  }

  /** Trains a setting, and that is all; undefined when its loss is no number. */
  trainOnly(
    setting: Setting,
    start: HeadAndCodebooks,
    photos: Split['photos']
  ): Promise<HeadAndCodebooks | undefined> {
    return this.#train(setting, this.#place++, start, photos)
  }

  /**
   * Trains the winner on all photos and checks that it is not worse there than the start and what
   * serves. Of several such trainings the one of the highest quality is kept.
   */
  async refit(
    setting: Setting,
    start: HeadAndCodebooks,
    all: Split
  ): Promise<HeadAndCodebooks | undefined> {
    const { checkpoint } = this
    for (let repeat = 0; repeat < this.#repeats; repeat++) {
      const place = this.#place++
      if (place < checkpoint.ended.length) continue
      const began = performance.now()
      const model = await this.#train(setting, place, start, all.photos)
      const score = model ? await this.#score(model, all.scorer) : FAILED
      if (model && (!checkpoint.best || quality(score) > quality(checkpoint.best.score)))
        checkpoint.best = { score, parameters: tensorsOf(model) }
      this.#end({ seconds: (performance.now() - began) / 1000, ...score })
    }
    const { serving, servingProjected: projected = all.scorer.projected } = this.#options
    const { score: ofStart } = await this.#score(start, all.scorer)
    const { score: ofServing } =
      serving === this.#options.start
        ? { score: ofStart }
        : await this.#score(serving, { ...all.scorer, projected })
    const least = Math.max(ofStart, ofServing)
    if (!checkpoint.best || checkpoint.best.score.score < least) return undefined
    return headOf(checkpoint.best.parameters, start.codebooks.L)
  }

  /** Trains a setting, from where it was cut if it was; undefined when its loss is no number. */
  async #train(
    setting: Setting,
    place: number,
    start: HeadAndCodebooks,
    photos: Split['photos']
  ): Promise<HeadAndCodebooks | undefined> {
    const { checkpoint } = this
    const { seed, provider } = this.#options
    const { steps } = setting
    const model = await runTrial({
      pool: { ...photos, graph: mutualGraph(photos.nearest, setting.similarityRatio) },
      setting,
      start,
      seed: combinedSeed(seed, FIRST_TRIAL + place),
      provider,
      ...(checkpoint.state && { from: checkpoint.state }),
      onStep: async ({ step, loss, milliseconds, read }) => {
        checkpoint.steps++
        checkpoint.milliseconds += milliseconds
        const done = place * steps + step
        this.#tell({ phase: 'training', done, total: this.#trials * steps, step, loss })
        if (performance.now() - this.#saved > CHECKPOINT_EVERY) {
          checkpoint.state = await read()
          this.#save()
        }
        await this.#pause()
      }
    })
    delete checkpoint.state
    return model
  }

  #end(ended: EndedTrial): EndedTrial {
    this.checkpoint.ended.push(ended)
    this.#save()
    return ended
  }

  #save(): void {
    this.#options.onCheckpoint?.(writeCheckpoint(this.checkpoint))
    this.#saved = performance.now()
  }

  #tell(progress: Omit<HeadProgress, 'trial' | 'trials' | 'step'> & { step?: number }): void {
    const trial = this.checkpoint.ended.length
    this.#options.onProgress?.({ trial, trials: this.#trials, step: 0, ...progress })
  }
}

function fingerprintOfRun(
  options: LearnHeadOptions,
  settings: readonly Setting[],
  heldOut: Uint32Array | undefined
): string {
  const { data, start, serving, bits, seed, fresh, repeats = 0 } = options
  const stored = settings.map(storedSetting)
  const text = JSON.stringify([stored, repeats, bits, seed, data.n, data.V, ...(heldOut ?? [])])
  const arrays = [data.projected, data.views, start.projection.matrix]
  if (options.servingProjected) arrays.push(options.servingProjected)
  for (const { head, codebooks } of [start, serving])
    arrays.push(head.weight, head.bias, codebooks.values)
  if (fresh) arrays.push(Uint16Array.from(fresh))
  return fingerprintOf(text, arrays)
}
