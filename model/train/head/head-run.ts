// One run of learning: its graphs, trials and scores, what a checkpoint keeps of them, and what is
// told of its progress. learn-head.ts says in which order. Runs in compute.
import { fitLinearHead } from '../../quant/fit.ts'
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import type { Averaging } from './averaged.ts'
import { combinedSeed } from './batches.ts'
import type { Pool } from './batches.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { Checkpoint, EndedTrial } from './checkpoint.ts'
import { joinedEvidence, scoreOfEvidence } from '../judge/evidence.ts'
import type { Evidence } from '../judge/evidence.ts'
import type { HeadProgress, LearnHeadOptions, Setting } from './head-contract.ts'
import { headOf, tensorsOf } from './head-graph.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { NEAREST, frozenRows, mutualGraph, nearestRows, pickRows } from './neighbour-graph.ts'
import { notKinAmong, notKinOf } from './not-kin.ts'
import { membersOf, ofPhotos } from './near-duplicates.ts'
import type { NearDuplicates } from './near-duplicates.ts'
import { evidenceOf, pseudoClasses } from './score.ts'
import type { Scorer } from './score.ts'
import { quality, shuffled, stepsOfTrainings } from './trial-settings.ts'
import { digestOfRun } from './run-digest.ts'
import { runTrial } from './trial.ts'

/** Between checkpoints of a trial under way, ms. */
const CHECKPOINT_EVERY = 5000
/** Photos that query all others in the check of a model trained on all of them. */
const MOST_CHECKED = 2000
/** Seeds of a run: 1 communities, 2 check, 3 start, 4 codebooks; those held out; trials. */
export const FIRST_SPLIT = 8
const FIRST_TRIAL = 16
export const AVERAGED_BOOKS = 4
/** Which of the trainings in the chosen setting: without the witnesses, or on all photos. */
const REFITS = ['blind', 'whole'] as const
/** Photos to train on, and those that are asked then. */
export interface Split {
  photos: Omit<Pool, 'graph'>
  scorer: Scorer
  /** The community of each query. */
  groups: Int32Array
}

/** The parts of a run, with what they keep for a checkpoint and tell of their progress. */
export class HeadRun {
  readonly checkpoint: Checkpoint
  readonly #options: LearnHeadOptions
  readonly #groups: NearDuplicates
  readonly #membersOf: (row: number) => Uint32Array
  readonly #settings: readonly Setting[]
  readonly #repeats: number
  readonly #planned: readonly number[]
  /** Trials asked for so far. */
  #place = 0
  #saved = performance.now()

  /**
   * `groups`: the photos that count as one, of `options.data`.
   * `planned`: the steps of each training to come; left out: the trials, and the winner twice.
   * `heldOut`: photos that are held out, where they do not follow from the options.
   */
  constructor(
    options: LearnHeadOptions,
    settings: readonly Setting[],
    repeats: number,
    groups: NearDuplicates,
    {
      planned = stepsOfTrainings(settings, repeats, REFITS.length, options.rungs),
      heldOut
    }: { planned?: readonly number[]; heldOut?: Uint32Array } = {}
  ) {
    this.#options = options
    this.#groups = groups
    this.#membersOf = membersOf(groups, options.witness)
    this.#settings = settings
    this.#repeats = repeats
    this.#planned = planned
    const digest = digestOfRun(options, settings, heldOut)
    const resumed = options.resume && readCheckpoint(options.resume, digest)
    this.checkpoint = resumed ?? { digest, ended: [], best: [], steps: 0, milliseconds: 0 }
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

  /** How models are asked: the pseudo-classes of all photos, and what else is known of them. */
  async scorer(): Promise<Omit<Scorer, 'queries'>> {
    const { data, seed, multiply, outside } = this.#options
    const { nearest } = await this.photosOf(this.#groups.firsts)
    const { coarse, fine, nearDuplicates } = pseudoClasses(nearest, combinedSeed(seed, 1))
    const spread = (labels: Int32Array): Int32Array => ofPhotos(labels, this.#groups)
    const classes = {
      coarse: spread(coarse),
      fine: spread(fine),
      nearDuplicates: spread(nearDuplicates)
    }
    return {
      projected: data.projected,
      classes,
      ...(outside && { outside }),
      notKin: notKinOf(this.#options.notKin),
      multiply,
      giveWay: () => this.#pause()
    }
  }

  /** Photos `rows` to train on, and others that are asked then. */
  async split(
    rows: Uint32Array,
    queries: Uint32Array,
    scorer: Omit<Scorer, 'queries'>
  ): Promise<Split> {
    const photos = await this.photosOf(rows)
    const groups = Int32Array.from(queries, (row) => scorer.classes.fine[row]!)
    return { photos, scorer: { ...scorer, queries }, groups }
  }

  /** All photos but the groups of these, with the graph of them alone. */
  photosWithout(heldOut: Uint32Array): Promise<Split['photos']> {
    const { firsts, groupOf } = this.#groups
    const left = new Set<number>(Uint32Array.from(heldOut, (row) => groupOf[row]!))
    return this.photosOf(firsts.filter((_, group) => !left.has(group)))
  }

  /** Photos `rows` to train on, with the graph of them alone. */
  async photosOf(rows: Uint32Array): Promise<Split['photos']> {
    const { data, start } = this.#options
    const { firsts, groupOf, nearest: known } = this.#groups
    const k = Math.max(NEAREST, ...this.#settings.map(({ local }) => local?.near ?? 0))
    const isWhole = rows === firsts
    const rest = { data, rows, membersOf: isWhole ? membersOf(this.#groups) : this.#membersOf }
    const notKin = notKinAmong(this.#options.notKin, rows, (row) => firsts[groupOf[row]!]!)
    if (isWhole && known.k === Math.min(k, rows.length - 1))
      return { ...rest, nearest: { ...known, notKin } }
    const some = pickRows(data.projected, PROJECTED, rows)
    const frozen = frozenRows(some, start.projection)
    const nearest = await nearestRows(frozen, PROJECTED, k, async (done) => {
      this.#tell({ phase: 'graph', done, total: rows.length })
      await this.#pause()
    })
    return { ...rest, nearest: { ...nearest, notKin } }
  }

  /** What the queries of these splits find by a model, one split after the other. */
  async ask(
    model: Averaging,
    splits: readonly Pick<Split, 'scorer'>[],
    projected?: Uint16Array
  ): Promise<Evidence> {
    const rounds: Evidence[] = []
    for (const { scorer } of splits)
      rounds.push(await this.#ask(model, projected ? { ...scorer, projected } : scorer))
    return joinedEvidence(rounds)
  }

  #ask(model: Averaging, scorer: Scorer): Promise<Evidence> {
    this.#tell({ phase: 'validation', done: this.#place, total: this.#planned.length })
    return evidenceOf(model, scorer)
  }

  /** Trains a setting on a split and asks it. What a checkpoint has is not done again. */
  async trial(setting: Setting, start: HeadAndCodebooks, split: Split): Promise<EndedTrial> {
    const place = this.#place++
    const done = this.checkpoint.ended[place]
    if (done) return done
    const began = performance.now()
    const model = await this.#train(setting, place, start, split.photos)
    const evidence = model && (await this.#ask(model, split.scorer))
    return this.#end({
      seconds: (performance.now() - began) / 1000,
      ...(evidence && { evidence })
    })
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
   * Trains the winner on the photos of the split: all but the witnesses, or all. Of several such
   * trainings the one of the highest quality is kept, by photos that it was trained on: the
   * witnesses are not to choose.
   */
  async refit(
    refit: (typeof REFITS)[number],
    setting: Setting,
    start: HeadAndCodebooks,
    { photos, scorer }: Split
  ): Promise<HeadAndCodebooks | undefined> {
    const { best } = this.checkpoint
    const own = REFITS.indexOf(refit)
    const queries = this.checked(photos.rows)
    for (let repeat = 0; repeat < this.#repeats; repeat++) {
      const place = this.#place++
      if (place < this.checkpoint.ended.length) continue
      const began = performance.now()
      const model = await this.#train(setting, place, start, photos)
      if (model) {
        const isOnly = this.#repeats === 1
        const asked = isOnly ? undefined : await this.#ask(model, { ...scorer, queries })
        const worth = asked ? quality(scoreOfEvidence(asked)) : 0
        if (worth > (best[own]?.quality ?? -1))
          best[own] = { quality: worth, parameters: tensorsOf(model) }
      }
      this.#end({ seconds: (performance.now() - began) / 1000 })
    }
    return best[own] && headOf(best[own].parameters, start.codebooks.L)
  }

  /** Some of the photos `rows` that a model was trained on: these may choose, witnesses not. */
  checked(rows: Uint32Array): Uint32Array {
    const order = shuffled(rows.length, seededRandom(combinedSeed(this.#options.seed, 2)))
    return order.subarray(0, MOST_CHECKED).map((place) => rows[place]!)
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
    const before = sum(this.#planned.slice(0, place))
    const total = sum(this.#planned)
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
        this.#tell({ phase: 'training', done: before + step, total, step, loss })
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
    this.#options.onProgress?.({ trial, trials: this.#planned.length, step: 0, ...progress })
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
