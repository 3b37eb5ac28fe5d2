// The trainings in the setting that was chosen: the blind model, without the witnesses, and what
// serves in the end, on all photos; whether they average (METHOD.md 4.7, 4.9). Runs in compute.
import { PROJECTED } from '../../quant/projection.ts'
import { scoreOfEvidence } from '../judge/evidence.ts'
import { judge, losesThings } from '../judge/gate.ts'
import { averagedQuantizer } from './averaged.ts'
import { combinedSeed } from './batches.ts'
import type { LearnHeadOptions, Setting } from './head-contract.ts'
import type { HeadAndCodebooks } from './head-graph.ts'
import { AVERAGED_BOOKS } from './head-run.ts'
import type { HeadRun, Split } from './head-run.ts'
import { pickRows } from './neighbour-graph.ts'
import { notKinAmong } from './not-kin.ts'
import { quality } from './trial-settings.ts'

/** A model, averaging if that is worth it. */
export type Refitted =
  | HeadAndCodebooks
  | Awaited<ReturnType<typeof averagedQuantizer<HeadAndCodebooks>>>

/**
 * Trained once more as the blind model was, now on all photos (METHOD.md 4.7). Should that go
 * wrong, so that photos of which both have learned find less, the blind one serves.
 */
export async function onAllPhotos(
  run: HeadRun,
  options: LearnHeadOptions,
  blind: Refitted,
  setting: Setting,
  start: HeadAndCodebooks,
  all: Split
): Promise<Refitted> {
  const refitted = await run.refit('whole', setting, start, all)
  if (!refitted) return blind
  const { seed, witness } = options
  const model =
    'averages' in blind ? await averaging(options, refitted) : refitted
  const queries = run.checked(all.photos.rows.filter((row) => !witness[row]))
  const asked = [{ ...all, scorer: { ...all.scorer, queries } }]
  const groups = Int32Array.from(queries, (row) => all.scorer.classes.fine[row]!)
  const [before, after] = [await run.ask(blind, asked), await run.ask(model, asked)]
  const { passes } = judge(before, after, { groups, seed, isOpponentTrained: true })
  return passes ? model : blind
}

/**
 * The model, averaging or not (METHOD.md 4.9): it must be of higher quality by photos that it was
 * trained on, and may not lose things.
 */
export async function averagedOrNot(
  run: HeadRun,
  options: LearnHeadOptions,
  model: HeadAndCodebooks,
  { photos: { rows }, ...split }: Split
): Promise<Refitted> {
  const averaged = await averaging(options, model, rows) // no witness
  const queries = run.checked(rows)
  const asked = [{ ...split, photos: { rows }, scorer: { ...split.scorer, queries } }]
  const [before, after] = [await run.ask(model, asked), await run.ask(averaged, asked)]
  const groups = Int32Array.from(queries, (row) => split.scorer.classes.fine[row]!)
  const isBetter = quality(scoreOfEvidence(after)) > quality(scoreOfEvidence(before))
  const { seed } = options
  return isBetter && !losesThings(before, after, { groups, seed }) ? averaged : model
}

/** The model, averaging, with codebooks for these photos; left out: for all. */
function averaging(
  { data, start, multiply, seed, notKin: pairs }: LearnHeadOptions,
  model: HeadAndCodebooks,
  rows: Uint32Array = Uint32Array.from({ length: data.n }, (_, row) => row)
): Promise<Refitted> {
  const projected = pickRows(data.projected, PROJECTED, rows)
  return averagedQuantizer(model, start.projection, projected, {
    multiply,
    notKin: notKinAmong(pairs, rows),
    seed: combinedSeed(seed, AVERAGED_BOOKS)
  })
}
