// One run of learning, from the choice of its photos to the swap. Runs in the writer; compute does
// the arithmetic. Every step leaves in the catalogue what the next needs, so that a run that was
// killed anywhere goes on from there.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { RunRow } from '../../catalogue/run-table.ts'
import type { Learnt } from '../../wire/compute-learning.ts'
import type { LearnResult } from '../../wire/learning-contract.ts'
import type { Session, UsedModel } from '../lines/compute-session.ts'
import { hasOutgrown } from '../models/fit-due.ts'
import type { Following } from '../models/model-swap.ts'
import { gatherEnough } from './run-data.ts'
import type { RunData } from './run-data.ts'
import { trainDeeply } from './deep-run.ts'
import { followed, persistently } from './persist-run.ts'
import { SEED, isProven } from './run-parts.ts'
import type { Proven, RunParts, Sample, Trained } from './run-parts.ts'
import { VIEWS, makeSampleViews } from './photo-views.ts'
import { chooseSample } from '../models/sample.ts'
import { isTrainedOnAll, largerShare, witnessShare } from './witnesses.ts'
import { droppedReason, keptReason } from './outcome-words.ts'

const BITS = 64
/** Views that are removed at once: between them photos go on being indexed. */
const VIEWS_AT_ONCE = 5000

/**
 * Carries a run out, or what is left of it. Rejects when the signal aborts (the run can go on), or
 * with the Fault that keeps it from going on.
 */
export async function carryOut(
  parts: RunParts,
  run: RunRow,
  signal: AbortSignal
): Promise<LearnResult> {
  const { context, tidying, meter } = parts
  const { catalogue } = context
  const isLost = isProven(run.outcome) && isGone(catalogue, run, run.outcome)
  const training = run.options.depth === 'deep' ? trainDeeply : train
  const { outcome, model } =
    isProven(run.outcome) && !isLost
      ? { outcome: run.outcome, model: run.model }
      : await training(parts, run, signal)
  if (model !== null) await putToUse(parts, model, signal)
  else await tidying.tidy() // of what was not kept
  const { scoreBefore, scoreAfter, steps, stepMilliseconds, verdict } = outcome
  const ended = { ...outcome, depth: run.options.depth }
  meter.rest()
  return {
    kept: model !== null,
    reason: model === null ? droppedReason(ended) : keptReason(ended),
    steps,
    seconds: parts.seconds(),
    stepMilliseconds,
    scoreBefore,
    scoreAfter,
    model: context.reader.serving()?.id ?? null,
    verdict
  }
}

/** Whether training ended with a model that the catalogue has lost since (it is null then). */
function isGone({ models }: Catalogue, { model }: RunRow, { kept }: Proven): boolean {
  return kept && (model === null || !models.get(model))
}

async function train(parts: RunParts, run: RunRow, signal: AbortSignal): Promise<Trained> {
  const { catalogue, link } = parts.context
  await link.session(signal) // the backbone is known then
  const base = await baseOf(parts, run, signal)
  const { sample, share: first } = await sampleOf(parts, run, base)
  await makeSampleViews(parts, base, sample, signal)

  let share = first
  let learnt = await learn(parts, run, base, sample, share, signal)
  while (learnt.verdict.reason === 'too-few-queries') {
    const serving = parts.context.reader.serving()?.row
    const larger = largerShare(share, learnt.verdict.gain.queries, serving)
    if (larger === undefined) break
    share = larger
    catalogue.runs.setSample(run.id, sample, share)
    learnt = await learn(parts, run, base, sample, share, signal)
  }
  const { quantizer, blind, setting, provider: device, ...figures } = learnt
  const { scoreBefore, scoreAfter, steps } = figures
  const outcome = { kept: quantizer !== null, setting, device, ...figures }
  const model = catalogue.transaction(() => {
    const id =
      quantizer &&
      catalogue.models.addLearned(
        quantizer,
        Date.now(),
        {
          base: base.id,
          depth: run.options.depth,
          device,
          seconds: parts.seconds(),
          steps,
          scoreBefore,
          scoreAfter,
          witnessShare: share
        },
        blind
      )
    catalogue.runs.setOutcome(run.id, outcome, id)
    return id
  })
  return { outcome, model }
}

/**
 * The first quantizer to grow from: that of the serving model, so that views and projected features
 * stay as they are, unless the library has outgrown it.
 */
async function baseOf(
  { context, fitter }: RunParts,
  run: RunRow,
  signal: AbortSignal
): Promise<UsedModel> {
  const { catalogue, reader } = context
  const sha256 = reader.backbone()
  const indexed = catalogue.vectors.featureIds(sha256).length
  const fits = (id: number | null | undefined): id is number => {
    const row = id === null || id === undefined ? undefined : catalogue.models.get(id)
    return row?.backbone === sha256 && !hasOutgrown(indexed, row.fittedOn, false)
  }
  const serving = reader.serving()?.row
  const known = [run.base, serving?.kind === 'first' ? serving.id : serving?.base].find(fits)
  const id = known ?? (await fitter.fitBase(signal))
  if (id !== run.base) catalogue.runs.setBase(run.id, id)
  return { id, record: catalogue.models.record(id) }
}

/** The photos of the run: chosen once, while its base stays the same. */
async function sampleOf(
  { context }: RunParts,
  run: RunRow,
  base: UsedModel
): Promise<Sample> {
  const { catalogue, reader } = context
  const chosen = run.base === base.id ? catalogue.runs.sample(run.id) : undefined
  const sample = chosen ?? (await chooseSample(context, base.record.backbone))
  const keptShare = chosen ? run.witnessShare : null
  const share = keptShare ?? witnessShare(sample.length, reader.serving()?.row)
  if (keptShare === null) catalogue.runs.setSample(run.id, sample, share)
  return { sample, share }
}

function learn(
  parts: RunParts,
  run: RunRow,
  base: UsedModel,
  sample: Uint32Array,
  share: number,
  signal: AbortSignal
): Promise<Learnt> {
  const { context, devices } = parts
  return persistently(
    context,
    devices,
    run.options,
    async (onFurther) => {
      const data = gatherEnough(context.catalogue, sample, share, base)
      const session = await context.link.session(signal)
      return ask(parts, run, base, data, session, onFurther, signal)
    },
    signal
  )
}

/** One call of compute, its checkpoints kept as they come. */
async function ask(
  parts: RunParts,
  run: RunRow,
  base: UsedModel,
  rows: RunData,
  session: Session,
  onCheckpoint: () => void,
  signal: AbortSignal
): Promise<Learnt> {
  const { context, devices } = parts
  const { catalogue, reader } = context
  const { bits = catalogue.settings.bits() ?? BITS, loss = 'spq', pairs = 'automatic', seed = SEED } = run.options
  const { temperature, steps } = run.options
  const serving = reader.serving()
  return followed(parts, run, session, rows.n, onCheckpoint, signal, () =>
    session.call(
      'learnHead',
      {
        run: run.id,
        start: base.record,
        serving: serving ? catalogue.models.blind(serving.id) : base.record,
        isServingTrainedOnAll: isTrainedOnAll(serving?.row),
        ...rows,
        V: VIEWS,
        bits,
        loss,
        pairs,
        seed,
        ...(temperature !== undefined && { temperature }),
        ...(steps !== undefined && { steps }),
        provider: devices.providerFor(run.options),
        resume: catalogue.runs.checkpoint(run.id) ?? null
      },
      signal
    )
  )
}

/**
 * Lets a kept model serve, through deaths of compute; the meter is told.
 * @param givesWay whether indexing goes first
 */
export function serveKept(
  { context, swap, meter, devices }: Pick<RunParts, 'context' | 'swap' | 'meter' | 'devices'>,
  model: number,
  givesWay: boolean,
  signal: AbortSignal
): Promise<void> {
  const { indexed } = context.catalogue.work.counts()
  const following: Following = {
    givesWay,
    onPhase: (phase, left) => meter.begin(phase, indexed - left, indexed, indexed),
    onDone: (photos) => meter.add(photos)
  }
  const ahead = givesWay ? context : { giveWay: () => Promise.resolve() }
  return persistently(
    ahead,
    devices,
    { depth: 'head' },
    (onFurther) => {
      const onDone = (photos: number): void => (onFurther(), following.onDone(photos))
      return swap.serve(model, signal, { ...following, onDone })
    },
    signal
  )
}

/** Every photo gets its feature and its code of the model; then it serves. */
async function putToUse(parts: RunParts, model: number, signal: AbortSignal): Promise<void> {
  const { catalogue } = parts.context
  await serveKept(parts, model, true, signal)
  // Views of a base that the library has outgrown, or of another backbone, serve nobody any more.
  const base = catalogue.models.get(model)?.base ?? model
  while (catalogue.views.dropOthers(base, VIEWS_AT_ONCE) > 0) await new Promise(setImmediate)
}
