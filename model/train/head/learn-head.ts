// The learning of a head and its codebooks on the user's photos: trials, choice, validation, refit
// (METHOD.md 4). Runs in compute and the command line; no files, no database.
import { PROJECTED } from '../../quant/projection.ts'
import { combinedSeed } from './batches.ts'
import type { EndedTrial } from './checkpoint.ts'
import type { LearnHeadOptions, LearnHeadResult, Trial } from './head-contract.ts'
import { FIRST_SPLIT, HeadRun } from './head-run.ts'
import type { Split } from './head-run.ts'
import { choose, holdOut, meanScore, repeatsFor, settingsFor } from './trial-settings.ts'

/** Fewer photos give no batch to learn from. */
const FEWEST = 32

/**
 * Trains candidates with a tenth of the photos held out, chooses one by the score without labels,
 * and trains it again on all photos. What is not better than `serving` and the start is dropped.
 * @throws RangeError when data and quantizers do not fit each other
 * @throws what `giveWay` rejects with, or the signal's reason
 */
export async function learnHead(options: LearnHeadOptions): Promise<LearnHeadResult> {
  check(options)
  const { data, serving, seed } = options
  const settings = options.settings ?? settingsFor(data.n, options)
  const repeats = options.repeats ?? repeatsFor(settings)
  const run = new HeadRun(options, settings, repeats)
  const start = await run.start()
  const all = await run.allPhotos()
  const splits: Split[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const heldOut = holdOut(data.n, combinedSeed(seed, FIRST_SPLIT + repeat), options.fresh)
    splits.push(await run.split(heldOut, all))
  }
  const before = await run.scoreOnSplits(serving, splits, options.servingProjected)
  const ofStart = serving === start ? before : await run.scoreOnSplits(start, splits)

  const trials: Trial[] = []
  for (const setting of settings) {
    const scores: EndedTrial[] = []
    for (const split of splits) scores.push(await run.trial(setting, start, split))
    const seconds = scores.reduce((sum, ended) => sum + ended.seconds, 0)
    trials.push({ setting, ...meanScore(scores), seconds })
  }
  const chosen = trials[choose(trials, [before, ofStart]) ?? -1]
  const model = chosen && (await run.refit(chosen.setting, start, all))
  const best = Math.max(...trials.map(({ score }) => score))
  return {
    kept: model !== undefined,
    quantizer: model ? { ...options.start, fittedOn: data.n, ...model } : null,
    scoreBefore: before.score,
    scoreAfter: chosen?.score ?? best,
    steps: run.checkpoint.steps,
    stepMilliseconds: run.checkpoint.milliseconds / Math.max(run.checkpoint.steps, 1),
    setting: model ? chosen.setting : null,
    trials
  }
}

/** Throws RangeError when data and quantizers do not fit each other. */
export function check(options: LearnHeadOptions): void {
  const { data, start, serving, servingProjected, bits, settings, fresh } = options
  const { n, projected, views, V } = data
  expectLength('projected', projected, n * PROJECTED)
  expectLength('views', views, n * V * PROJECTED)
  if (fresh) expectLength('fresh', fresh, n)
  if (n < FEWEST) throw new RangeError(`data: expected ${FEWEST} photos or more, got ${n}`)
  if (![16, 32, 64, 128].includes(bits))
    throw new RangeError(`bits: expected 16, 32, 64 or 128, got ${bits}`)
  if (settings?.length === 0) throw new RangeError('settings: expected one or more, got none')
  const { matrix } = serving.projection
  if (servingProjected) expectLength('servingProjected', servingProjected, n * PROJECTED)
  else if (!start.projection.matrix.every((value, at) => value === matrix[at]))
    throw new RangeError("serving: expected a quantizer of start's projection, got another one")
}

function expectLength(subject: string, array: ArrayLike<number>, length: number): void {
  if (array.length !== length)
    throw new RangeError(`${subject}: expected ${length} numbers, got ${array.length}`)
}
