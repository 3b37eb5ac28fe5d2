// The middle of a run of deep training: a backbone is tuned, photos of the sample are described by
// it, and the validation decides. Runs in the writer; compute does the arithmetic. Each step leaves
// in the catalogue what the next needs: the checkpoint, the candidate, the features.
import type { Outcome, RunRow } from '../../catalogue/run-table.ts'
import type { LearntDeep } from '../../wire/compute-learning.ts'
import { Fault } from '../../wire/fault.ts'
import type { LearnOptions, Setting, Verdict } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import { joinedHalves } from '../joined.ts'
import { knownPhoto } from '../photo-paths.ts'
import { EPOCHS } from './estimate.ts'
import { tooFewSeen } from './learning-faults.ts'
import { notKinPairs } from './not-kin-pairs.ts'
import { followed, persistently } from './persist-run.ts'
import { renewFeatures } from '../models/renew-features.ts'
import { SEED } from './run-parts.ts'
import type { RunParts, Sample, Trained } from './run-parts.ts'
import { outsideLabels } from './circumstances.ts'
import { chooseSample } from '../models/sample.ts'
import { isWitness, witnessShare } from './witnesses.ts'
import { isBaseline, settingOf, baselineFor } from './baseline.ts'

/** Where it is not known how the model that serves was trained: good in most libraries. */
const SETTING = {
  loss: 'spq',
  pairs: 'neighbours',
  temperature: 0.2,
  neighbourShare: 0.5,
  similarityRatio: 0.92
} as const

/** Tunes the backbone, or goes on with a candidate, and validates it. Rejects as `carryOut`. */
export async function trainDeeply(
  parts: RunParts,
  run: RunRow,
  signal: AbortSignal
): Promise<Trained> {
  const { context, meter } = parts
  const { catalogue, link } = context
  await link.session(signal) // which backbones there are is known then
  const { start, ...chosen } = await begin(parts, run, signal)
  const { sample } = chosen
  const fromBaseline = isBaseline(catalogue.models.get(start.id))
  const candidate = isTrained(parts, run)
    ? { outcome: run.outcome, model: run.model }
    : await tune(parts, run, start, chosen, signal)
  const after = modelOf(parts, candidate.model)

  const isMissing = (id: number): boolean =>
    catalogue.vectors.indexedFeature(id, after.record.backbone) === undefined
  const missing = [...sample].filter(isMissing)
  meter.begin('features', sample.length - missing.length, sample.length, sample.length)
  const onDone = (photos: number): void => meter.add(photos)
  await renewFeatures(context, after.record.backbone, missing, onDone, signal)

  meter.begin('validation', 0, 1, sample.length)
  const validation = await validate(parts, run, start, after, fromBaseline, chosen, signal)
  const { kept, scoreBefore, scoreAfter } = validation
  const outcome = { ...candidate.outcome, ...validation }
  catalogue.transaction(() => {
    catalogue.runs.setOutcome(run.id, outcome, kept ? after.id : null)
    if (kept) catalogue.models.setScores(after.id, scoreBefore, scoreAfter)
    else catalogue.models.erase(after.id) // it has no codes yet
    if (fromBaseline) catalogue.models.erase(start.id)
  })
  return { outcome, model: kept ? after.id : null }
}

/**
 * What the run begins with, and its photos. A run that was cut goes on with what it had. If photos
 * are described by another backbone since, it begins anew with what serves now, unless it has come
 * as far as its validation. Throws Fault not-found.
 */
async function begin(
  parts: RunParts,
  run: RunRow,
  signal: AbortSignal
): Promise<Sample & { start: UsedModel }> {
  const { catalogue, reader } = parts.context
  const known = run.base === null ? undefined : catalogue.models.get(run.base)
  const stands = known?.backbone === reader.backbone() || isTrained(parts, run)
  const start = known && stands ? blindOf(parts, known.id) : undefined
  const serving = start ?? reader.serving()
  if (!serving)
    throw new Fault({
      kind: 'not-found',
      subject: 'deep training',
      expected: 'a model to begin with',
      received: 'none'
    })
  const kept = run.base === null || stands ? catalogue.runs.sample(run.id) : undefined
  const sample = kept ?? (await chooseSample(parts.context, serving.record.backbone))
  const keptShare = kept ? run.witnessShare : null
  const share = keptShare ?? witnessShare(sample.length, catalogue.models.get(serving.id))
  // The checkpoint of another sample is not used.
  if (keptShare === null) catalogue.runs.setSample(run.id, sample, share)
  const chosen = { sample, share }
  return { start: start ?? (await baselineFor(parts, run, serving, chosen, signal)), ...chosen }
}

/** The model as it was judged: what it learned without the witnesses. */
function blindOf({ context: { catalogue } }: RunParts, id: number): UsedModel {
  return { id, record: catalogue.models.blind(id) }
}

function modelOf({ context: { catalogue } }: RunParts, id: number): UsedModel {
  return { id, record: catalogue.models.record(id) }
}

type TrainedRun = RunRow & { outcome: Outcome; model: number }

function isTrained({ context: { catalogue } }: RunParts, run: RunRow): run is TrainedRun {
  return run.outcome !== null && run.model !== null && !!catalogue.models.get(run.model)
}

interface Rows {
  n: number
  ids: number[]
  features: Uint16Array<ArrayBuffer>[] // by each of the backbones, f16 [n, D]
  witness: Uint8Array<ArrayBuffer> // 1 for witnesses, [n]
  notKin: Uint32Array<ArrayBuffer> // pairs of rows that are no kin, [p, 2]
}

/** Those of the sample that all of these backbones have described. */
function gather(
  { context: { catalogue } }: RunParts,
  { sample, share }: Sample,
  backbones: readonly string[]
): Rows {
  const ids: number[] = []
  const rows: Uint16Array[][] = backbones.map(() => [])
  for (const id of sample) {
    const features = backbones.flatMap(
      (backbone) => catalogue.vectors.indexedFeature(id, backbone) ?? []
    )
    if (features.length < backbones.length) continue
    ids.push(id)
    features.forEach((feature, i) => rows[i]!.push(feature))
  }
  if (ids.length < FEWEST_TO_FIT) throw tooFewSeen(ids.length)
  return {
    n: ids.length,
    ids,
    features: rows.map((each) => joinedHalves(each)),
    witness: Uint8Array.from(ids, (id) =>
      Number(isWitness(catalogue.photos.place(id)?.hash ?? '', share))
    ),
    notKin: notKinPairs(catalogue, ids)
  }
}

async function tune(
  parts: RunParts,
  run: RunRow,
  start: UsedModel,
  chosen: Sample,
  signal: AbortSignal
): Promise<{ outcome: Outcome; model: number }> {
  const { context, devices, meter } = parts
  const { catalogue } = context
  const setting = settingFor(parts, run.options)
  meter.begin('training', 0, run.options.steps ?? 0, chosen.sample.length)
  const learnt = await persistently(
    context,
    devices,
    run.options,
    (onFurther) => askToLearn(parts, run, start, setting, chosen, onFurther, signal),
    signal
  )
  const { quantizer, steps, stepMilliseconds, provider: device } = learnt
  const none = { scoreBefore: null, scoreAfter: null }
  const figures = { steps, stepMilliseconds, device, setting: { ...setting, steps } }
  const opponent = 'serving' as const
  const outcome = { kept: false, ...none, ...figures, verdict: null, opponent, prices: [] }
  const model = catalogue.transaction(() => {
    const seconds = parts.seconds()
    const id = catalogue.models.addLearned(quantizer, Date.now(), {
      base: null,
      depth: 'deep',
      device,
      seconds,
      steps,
      ...none,
      witnessShare: chosen.share
    })
    catalogue.runs.setOutcome(run.id, outcome, id)
    return id
  })
  return { outcome, model }
}

/** As the head that serves was trained, but for what is wanted otherwise. */
function settingFor(parts: RunParts, wanted: LearnOptions): Omit<Setting, 'steps'> {
  const serving = parts.context.reader.serving()
  const own = serving && settingOf(parts, serving.id)
  const like = own && own.pairs === (wanted.pairs ?? own.pairs) ? own : SETTING
  const { loss = like.loss, pairs = like.pairs, temperature = like.temperature } = wanted
  const { neighbourShare, similarityRatio } = like
  return { loss, pairs, temperature, neighbourShare, similarityRatio }
}

/** One call of compute, its checkpoints kept as they come. */
async function askToLearn(
  parts: RunParts,
  run: RunRow,
  start: UsedModel,
  setting: Omit<Setting, 'steps'>,
  chosen: Sample,
  onFurther: () => void,
  signal: AbortSignal
): Promise<LearntDeep> {
  const { context, devices } = parts
  const { catalogue, link } = context
  const { ids, features, ...rows } = gather(parts, chosen, [start.record.backbone])
  const { seed = SEED, steps, batch } = run.options
  const session = await link.session(signal)
  return followed(parts, run, session, rows.n, onFurther, signal, () =>
    session.call(
      'learnDeep',
      {
        run: run.id,
        start: start.record,
        ...rows,
        features: features[0]!,
        photos: ids.flatMap((id) => knownPhoto(context, id) ?? []),
        trained: Math.round(chosen.sample.length * (1 - chosen.share)),
        epochs: EPOCHS,
        ...setting,
        seed,
        ...(steps !== undefined && { steps }),
        ...(batch !== undefined && { batch }),
        provider: devices.providerFor(run.options),
        resume: catalogue.runs.checkpoint(run.id) ?? null
      },
      signal
    )
  )
}

/** How the candidate did. */
interface Validation {
  kept: boolean
  scoreBefore: number
  scoreAfter: number
  verdict: Verdict
}

/**
 * Scores the candidate on the witnesses. It is compared with what it began with, which has not
 * learned from them, and where other weights serve, with these on all other photos.
 */
async function validate(
  parts: RunParts,
  run: RunRow,
  start: UsedModel,
  after: UsedModel,
  fromBaseline: boolean,
  chosen: Sample,
  signal: AbortSignal
): Promise<Validation> {
  const { context, devices } = parts
  const serving = context.reader.serving() ?? start
  const before = fromBaseline ? start : blindOf(parts, serving.id)
  const isBlind = Buffer.compare(before.record.weights, serving.record.weights) === 0
  const backbones = [before.record.backbone, after.record.backbone]
  const { n, ids, features, witness, notKin } = gather(parts, chosen, backbones)
  const outside = outsideLabels(ids.map((id) => context.catalogue.dates.circumstances(id)))
  const argument = {
    before: { quantizer: before.record, features: features[0]! },
    after: { quantizer: after.record, features: features[1]! },
    serving: !isBlind && serving.record.backbone === backbones[0] ? serving.record : null,
    outside,
    n,
    witness,
    notKin,
    seed: run.options.seed ?? SEED
  }
  return persistently(
    context,
    devices,
    run.options,
    async () => (await context.link.session(signal)).call('validateDeep', argument, signal),
    signal
  )
}
