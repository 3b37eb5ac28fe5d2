// Deep training as compute does it (method.md 6.2), between all other calls: pictures through the
// decoder, steps, the tuned backbone into the library's folder; and the proof. Compute's main
// thread; holds nothing that a checkpoint does not bring back.
import { setMaxListeners } from 'node:events'
import { holdOut, proveDeep, trainDeep, type DeepProof } from '../../model/learning.ts'
import { project, serialiseQuantizer, type Multiply, type Photo } from '../../model/retrieval.ts'
import type { LearnDeepRequest, LearntDeep, ProveDeepRequest } from '../wire/compute-contract.ts'
import { isFault } from '../wire/fault.ts'
import { sha256Of } from './backbone.ts'
import type { Backbones } from './backbones.ts'
import { TELL_EVERY, type LearnParts } from './learn.ts'
import { multiplyInRuntime } from './multiply.ts'
import type { Pipeline } from './pipeline.ts'
import { keepTuned } from './tuned.ts'

/**
 * Pairs of a step, unless the request says otherwise. A step holds this thread, and a query by a
 * picture from outside waits that long at most: on two cores that others keep busy 16 pairs took
 * 1.7 to 2.5 s, 32 pairs 3.4 to 4.1 s; on free ones it is about a third of that.
 */
const BATCH = 16
/** How often each photo is the first of a pair. */
const EPOCHS = 3
/** Photos that may take the place of one that cannot be read. */
const STAND_INS = 8

export interface DeepParts extends LearnParts {
  backbones: Backbones
  pipeline: Pipeline
}

/** Makes the handlers of `learnDeep` and `proveDeep`. */
export function createDeepLearning(parts: DeepParts) {
  const { oneRun, courtesy, emit, quantizerOf, backbones, pipeline } = parts

  async function train(request: LearnDeepRequest, signal: AbortSignal): Promise<LearntDeep> {
    const { run, n, photos, features, places, sampled, seed, provider, resume } = request
    setMaxListeners(0, signal) // every photo on its way listens
    const backbone = await backbones.get(request.start.backbone)
    const start = quantizerOf(request.start)
    const held = heldRows(places, sampled, seed)
    const batch = request.batch ?? BATCH
    const steps = request.steps ?? stepsFor(sampled, seed, batch)
    const { loss, temperature, q, r, pairs } = request
    let told = -Infinity
    const result = await trainDeep({
      backbone: await backbone.read(),
      card: backbone.card,
      quantizer: start,
      n,
      projected: await project(start.projection, features, givingWay(signal)),
      held,
      picture: (photo) => pictureOf(photos, standInsOf(photo, n, held), signal),
      setting: { loss, pairs, temperature, q, r, steps },
      batch,
      seed,
      provider,
      sha256: sha256Of,
      ...(resume && { resume }),
      onProgress({ step, loss }) {
        const now = performance.now()
        if (now - told < TELL_EVERY && step < steps) return
        told = now
        const of = { done: step, total: steps, trial: 0, trials: 1, step }
        emit('learning', { run, phase: 'training', ...of, loss })
      },
      onCheckpoint: (state) => emit('checkpoint', { run, state }),
      breathe: () => courtesy.giveWay(signal),
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
      const { path, thumbnail } = photos[row]!
      try {
        // What is seen of it is no larger than its thumbnail, which is read many times as fast.
        return await pipeline.picture([thumbnail, path], signal)
      } catch (error) {
        if (!isFault(error) || signal.aborted || place === rows.length - 1) throw error
      }
    }
    throw new RangeError('rows: expected one or more, got none')
  }

  async function prove(request: ProveDeepRequest, signal: AbortSignal): Promise<DeepProof> {
    const described = async ({ quantizer: record, features }: ProveDeepRequest['before']) => {
      const quantizer = quantizerOf(record)
      return {
        quantizer,
        projected: await project(quantizer.projection, features, givingWay(signal))
      }
    }
    return proveDeep({
      before: await described(request.before),
      after: await described(request.after),
      held: heldRows(request.places, request.sampled, request.seed),
      seed: request.seed,
      multiply: givingWay(signal),
      breathe: () => courtesy.giveWay(signal)
    })
  }

  function givingWay(signal: AbortSignal): Multiply {
    return async (...product) => {
      await courtesy.giveWay(signal)
      return multiplyInRuntime(...product)
    }
  }

  return {
    learnDeep: (request: LearnDeepRequest, signal: AbortSignal): Promise<LearntDeep> =>
      oneRun(request.provider, signal, () => train(request, signal)),
    proveDeep: (request: ProveDeepRequest, signal: AbortSignal): Promise<DeepProof> =>
      oneRun('cpu', signal, () => prove(request, signal))
  }
}

/**
 * Steps that see each photo of the sample, without those held out, three times: the same whichever
 * of them are there, so that a run that was cut goes on as the same run. Pure.
 */
export function stepsFor(sampled: number, seed: number, batch: number): number {
  const trained = sampled - holdOut(sampled, seed).length
  return Math.max(1, Math.floor((trained * EPOCHS) / batch))
}

/**
 * The row of a photo, then those whose photos may take its place: the next ones, but none that is
 * held out. Pure.
 * @param n rows
 */
export function standInsOf(row: number, n: number, held: Uint32Array): number[] {
  const rows = [row]
  for (let next = 1; next < n && rows.length <= STAND_INS; next++)
    if (!held.includes((row + next) % n)) rows.push((row + next) % n)
  return rows
}

/**
 * Rows of the photos held out: the same photos, whichever of the sample are there.
 * @param places of the rows in the sample
 */
function heldRows(places: Uint32Array, sampled: number, seed: number): Uint32Array {
  const held = new Set(holdOut(sampled, seed))
  return Uint32Array.from(places.keys()).filter((row) => held.has(places[row]!))
}
