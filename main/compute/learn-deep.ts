// Deep training as compute does it (METHOD.md 6.2), between all other calls: pictures through the
// decoder, steps, the tuned backbone into the library's folder; and the validation. Compute's main
// thread; holds nothing that a checkpoint does not bring back.
import { setMaxListeners } from 'node:events'
import {
  DEEP_BATCH,
  trainBaseline,
  validateDeep,
  trainDeep,
  type DeepValidation
} from '../../model/learning.ts'
import { project, serialiseQuantizer, type Photo } from '../../model/retrieval.ts'
import type {
  LearnDeepRequest,
  TrainBaselineRequest,
  LearntDeep,
  ValidateDeepRequest
} from '../wire/compute-learning.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import { isFault } from '../wire/fault.ts'
import { sha256Of } from './backbone.ts'
import type { Backbones } from './backbones.ts'
import { givingWay, sparingly, type LearnParts } from './learn-head.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'
import type { Pipeline } from './pipeline.ts'
import { keepTuned } from './tuned.ts'

/** Photos that may take the place of one that cannot be read. */
const STAND_INS = 8

export interface DeepParts extends LearnParts {
  backbones: Backbones
  pipeline: Pipeline
}

/** Makes the handlers of `trainBaseline`, `learnDeep` and `validateDeep`. */
export function createDeepLearning(parts: DeepParts) {
  const { oneTraining, priority, emit, quantizerOf, backbones, pipeline } = parts

  async function trainStart(
    request: TrainBaselineRequest,
    signal: AbortSignal
  ): Promise<{ quantizer: QuantizerRecord }> {
    const { run, n, V, views, features, witness, resume, ...rest } = request
    const start = quantizerOf(request.start)
    const projected = await project(start.projection, features, givingWay(priority, signal))
    const isTimeToTell = sparingly()
    const { quantizer } = await trainBaseline({
      ...rest,
      start,
      data: { n, projected, views, V },
      heldOut: witnessRows(witness),
      multiply: multiplyInRuntime,
      ...(resume && { resume }),
      onProgress({ phase, done, total, step, loss = null }) {
        if (phase === 'training' && isTimeToTell(done === total))
          emit('learning', { run, phase: 'start', done, total, trial: 0, trials: 1, step, loss })
      },
      onCheckpoint: (state) => emit('checkpoint', { run, state }),
      giveWay: () => priority.giveWay(signal),
      signal
    })
    return { quantizer: serialiseQuantizer(quantizer) }
  }

  async function train(request: LearnDeepRequest, signal: AbortSignal): Promise<LearntDeep> {
    const { run, n, photos, features, seed, provider, resume } = request
    setMaxListeners(0, signal) // every photo on its way listens
    const backbone = await backbones.trainable(request.start.backbone)
    // Grown from 8 bits, it becomes a float backbone: gradients are not of whole numbers.
    const start = { ...quantizerOf(request.start), backbone: backbone.card.sha256 }
    const heldOut = witnessRows(request.witness)
    const batch = request.batch ?? DEEP_BATCH
    const steps = request.steps ?? stepsFor(request.trained, batch, request.epochs)
    const { loss, temperature, neighbourShare, similarityRatio, pairs } = request
    const isTimeToTell = sparingly()
    const result = await trainDeep({
      backbone: await backbone.read(),
      card: backbone.card,
      quantizer: start,
      n,
      projected: await project(start.projection, features, givingWay(priority, signal)),
      heldOut,
      notKin: request.notKin,
      picture: (photo) => pictureOf(photos, standInsOf(photo, n, heldOut), signal),
      setting: { loss, pairs, temperature, neighbourShare, similarityRatio, steps },
      batch,
      seed,
      provider,
      sha256: sha256Of,
      ...(resume && { resume }),
      onProgress({ step, loss }) {
        if (!isTimeToTell(step === steps)) return
        const of = { done: step, total: steps, trial: 0, trials: 1, step }
        emit('learning', { run, phase: 'training', ...of, loss })
      },
      onCheckpoint: (state) => emit('checkpoint', { run, state }),
      giveWay: () => priority.giveWay(signal),
      signal
    })
    await keepTuned(backbones.folder, result.card, result.backbone)
    const quantizer = serialiseQuantizer(result.quantizer)
    return { quantizer, steps, stepMilliseconds: result.stepMilliseconds, provider }
  }

  /** Pixels of the first of these rows that can be read. */
  async function pictureOf(
    photos: LearnDeepRequest['photos'],
    rows: readonly number[],
    signal: AbortSignal
  ): Promise<Photo> {
    for (const [place, row] of rows.entries()) {
      try {
        return await pipeline.picture(photos[row]!, signal)
      } catch (error) {
        if (!isFault(error) || signal.aborted || place === rows.length - 1) throw error
      }
    }
    throw new RangeError('rows: expected one or more, got none')
  }

  async function validate(
    request: ValidateDeepRequest,
    signal: AbortSignal
  ): Promise<DeepValidation> {
    const { before, after, serving } = request
    const described = async ({ quantizer: record, features }: ValidateDeepRequest['before']) => {
      const quantizer = quantizerOf(record)
      return {
        quantizer,
        projected: await project(quantizer.projection, features, givingWay(priority, signal))
      }
    }
    return validateDeep({
      before: await described(before),
      after: await described(after),
      ...(serving && { serving: await described({ ...before, quantizer: serving }) }),
      heldOut: witnessRows(request.witness),
      outside: request.outside,
      notKin: request.notKin,
      seed: request.seed,
      multiply: givingWay(priority, signal),
      giveWay: () => priority.giveWay(signal)
    })
  }

  return {
    trainBaseline: (request: TrainBaselineRequest, signal: AbortSignal) =>
      oneTraining(request.provider, signal, () => trainStart(request, signal)),
    learnDeep: (request: LearnDeepRequest, signal: AbortSignal): Promise<LearntDeep> =>
      oneTraining(request.provider, signal, () => train(request, signal)),
    validateDeep: (request: ValidateDeepRequest, signal: AbortSignal): Promise<DeepValidation> =>
      oneTraining('cpu', signal, () => validate(request, signal))
  }
}

/** Steps that see so many photos `epochs` times. Pure. */
export function stepsFor(trained: number, batch: number, epochs: number): number {
  return Math.max(1, Math.floor((trained * epochs) / batch))
}

/**
 * The row of a photo, then those whose photos may take its place: the next ones, but none that is
 * held out. Pure.
 * @param n rows
 */
export function standInsOf(row: number, n: number, heldOut: Uint32Array): number[] {
  const rows = [row]
  for (let next = 1; next < n && rows.length <= STAND_INS; next++)
    if (!heldOut.includes((row + next) % n)) rows.push((row + next) % n)
  return rows
}

/** The rows of the witnesses. Pure. */
export function witnessRows(witness: Uint8Array): Uint32Array {
  return Uint32Array.from(witness.keys()).filter((row) => witness[row] !== 0)
}
