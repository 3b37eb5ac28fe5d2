// One run of learning, from the choice of its photos to the swap. Runs in the engine; compute does
// the arithmetic. Every step leaves in the catalogue what the next needs, so that a run that was
// killed anywhere goes on from there.
import type { Outcome, RunRow } from '../../catalogue/runs.ts'
import type { Learnt } from '../../wire/compute-contract.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import type { LearnResult } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { Session, UsedModel } from '../compute-link.ts'
import type { Context } from '../context.ts'
import { hasOutgrown } from '../fit.ts'
import type { Fitter } from '../fit.ts'
import { chooseSample, gather } from './data.ts'
import type { RunData } from './data.ts'
import type { DeviceChoice } from './devices.ts'
import type { LearningMeter } from './meter.ts'
import { VIEWS, makeViews } from './views.ts'
import { droppedReason, keptReason } from './words.ts'

const BITS = 64
const SEED = 1
/** Views that are removed at once. */
const VIEWS_AT_ONCE = 500
/** Deaths of compute in training without a new checkpoint, until the run gives up. */
const BARREN_DEATHS = 24

export interface RunParts {
  context: Context
  fitter: Fitter
  meter: LearningMeter
  devices: DeviceChoice
  /** That the run has taken so far, over all its lives. */
  seconds(): number
  /** Waits while others need compute more. */
  giveWay(signal: AbortSignal): Promise<void>
}

/**
 * Carries a run out, or what is left of it. Rejects when the signal aborts (the run can go on), or
 * with the Fault that keeps it from going on.
 */
export async function carryOut(
  parts: RunParts,
  run: RunRow,
  signal: AbortSignal
): Promise<LearnResult> {
  const { context, meter } = parts
  const { catalogue } = context
  let { outcome, model } = run
  if (!outcome || (model !== null && !catalogue.models.get(model)))
    ({ outcome, model } = await train(parts, run, signal))
  if (model !== null) await putToUse(parts, model, signal)
  const { scoreBefore, scoreAfter, steps, stepMilliseconds } = outcome
  meter.rest()
  return {
    kept: model !== null,
    reason: model === null ? droppedReason(outcome) : keptReason(outcome),
    steps,
    seconds: parts.seconds(),
    stepMilliseconds,
    scoreBefore,
    scoreAfter,
    model: context.search.serving()?.id ?? null
  }
}

interface Trained {
  outcome: Outcome
  /** What is to serve; null: nothing is better than what there is. */
  model: number | null
}

async function train(parts: RunParts, run: RunRow, signal: AbortSignal): Promise<Trained> {
  const { context, meter } = parts
  const { catalogue, link } = context
  const session = await link.session(signal)
  const base = await baseOf(parts, run, session, signal)
  const sample = sampleOf(parts, run, base)
  const total = sample.length
  const seen = catalogue.views.photos(base.id)
  const missing = [...sample].filter((id) => !seen.has(id))
  meter.begin('views', total - missing.length, total, total)
  const { giveWay } = parts
  const seeing = { context, giveWay, onDone: (photos: number) => meter.add(photos) }
  await makeViews(seeing, base, missing, signal)

  const learnt = await learn(parts, run, base, sample, signal)
  const { quantizer, scoreBefore, scoreAfter, steps, stepMilliseconds, provider: device } = learnt
  const outcome = { scoreBefore, scoreAfter, steps, stepMilliseconds, device }
  const model = catalogue.transaction(() => {
    const id =
      quantizer &&
      catalogue.models.addLearned(quantizer, Date.now(), {
        base: base.id,
        depth: run.options.depth,
        device,
        seconds: parts.seconds(),
        steps,
        scoreBefore,
        scoreAfter
      })
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
  session: Session,
  signal: AbortSignal
): Promise<UsedModel> {
  const { catalogue, search } = context
  const { sha256 } = session.backbone
  const indexed = catalogue.vectors.featureIds(sha256).length
  const fits = (id: number | null | undefined): id is number => {
    const row = id === null || id === undefined ? undefined : catalogue.models.get(id)
    return row?.backbone === sha256 && !hasOutgrown(indexed, row.fittedOn, false)
  }
  const serving = search.serving()?.row
  const known = [run.base, serving?.kind === 'first' ? serving.id : serving?.base].find(fits)
  const id = known ?? (await fitter.fitBase(signal))
  if (id !== run.base) catalogue.runs.setBase(run.id, id)
  return { id, record: catalogue.models.record(id) }
}

/** The photos of the run: chosen once, while its base stays the same. */
function sampleOf({ context: { catalogue } }: RunParts, run: RunRow, base: UsedModel): Uint32Array {
  const chosen = run.base === base.id ? catalogue.runs.sample(run.id) : undefined
  const sample = chosen ?? chooseSample(catalogue, base.record.backbone)
  if (!chosen) catalogue.runs.setSample(run.id, sample)
  return sample
}

async function learn(
  parts: RunParts,
  run: RunRow,
  base: UsedModel,
  sample: Uint32Array,
  signal: AbortSignal
): Promise<Learnt> {
  const { context, devices } = parts
  const { catalogue, link } = context
  let barren = 0
  let progressed = false
  for (;;) {
    await parts.giveWay(signal)
    const data = await gather(catalogue, sample, base.id, signal)
    if (data.n < FEWEST_TO_FIT) throw tooFewSeen(data.n)
    const session = await link.session(signal)
    try {
      return await ask(parts, run, base, data, session, () => (progressed = true), signal)
    } catch (error) {
      if (signal.aborted) throw error
      if (isFault(error, 'device') && devices.lose(error)) continue // another one takes over
      if (!isFault(error, 'process-lost')) throw error
      barren = progressed ? 0 : barren + 1
      progressed = false
      if (barren >= BARREN_DEATHS) throw error
    }
  }
}

/** One call of compute, its checkpoints kept as they come. */
async function ask(
  { context, meter, devices }: RunParts,
  run: RunRow,
  base: UsedModel,
  data: RunData,
  session: Session,
  onCheckpoint: () => void,
  signal: AbortSignal
): Promise<Learnt> {
  const { catalogue, search } = context
  const { bits = BITS, loss = 'spq', pairs = 'automatic', seed = SEED } = run.options
  const { temperature, steps } = run.options
  const leave = [
    session.on('learning', (step) => {
      if (step.run === run.id) meter.step(step, data.n)
    }),
    session.on('checkpoint', (checkpoint) => {
      if (checkpoint.run !== run.id || signal.aborted) return
      catalogue.runs.setCheckpoint(run.id, checkpoint.state)
      onCheckpoint()
    })
  ]
  try {
    return await session.call(
      'learnHead',
      {
        run: run.id,
        start: base.record,
        serving: search.serving()?.record ?? base.record,
        ...data,
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
  } finally {
    for (const stop of leave) stop()
  }
}

/** Every photo gets its code of the model; then it serves. */
async function putToUse(
  { context, fitter, meter }: RunParts,
  model: number,
  signal: AbortSignal
): Promise<void> {
  const { catalogue, link } = context
  const { backbone } = catalogue.models.record(model)
  const total = catalogue.vectors.featureIds(backbone).length
  meter.begin('encoding', 0, total, total)
  for (;;) {
    try {
      await fitter.serve(model, signal, (photos) => meter.add(photos))
      break
    } catch (error) {
      if (!isFault(error, 'process-lost') || signal.aborted) throw error
      await link.session(signal)
    }
  }
  // Views of a base that the library has outgrown serve nobody any more.
  const base = catalogue.models.get(model)?.base ?? model
  while (catalogue.views.dropOthers(base, VIEWS_AT_ONCE) > 0) await new Promise(setImmediate)
}

function tooFewSeen(photos: number): Fault {
  return new Fault({
    kind: 'unreadable',
    subject: 'learning',
    expected: `at least ${FEWEST_TO_FIT} photos that can be read`,
    received: String(photos),
    remedy: 'If your photos are on a drive, connect it; it is tried again by itself.'
  })
}
