// Learning a head as compute does it, between all other calls. Compute's main thread; holds nothing
// that a checkpoint does not bring back.
import { learnHead, type HeadProgress, type LearnHeadResult } from '../../model/learning.ts'
import {
  project,
  serialiseQuantizer,
  type Multiply,
  type Quantizer
} from '../../model/retrieval.ts'
import type { Server } from '../wire/channel.ts'
import type { ComputeContract } from '../wire/compute-contract.ts'
import type { LearnHeadRequest, Learnt } from '../wire/compute-learning.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import type { Priority } from './priority.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'
import type { OneTraining } from './one-training.ts'

/** Told at most this often, ms. */
const TELL_EVERY = 150

export interface LearnParts {
  oneTraining: OneTraining
  priority: Priority
  emit: Server<ComputeContract>['emit']
  quantizerOf(record: QuantizerRecord): Quantizer
}

/** Makes the handler of `learnHead`. */
export function createHeadLearning({ oneTraining, priority, emit, quantizerOf }: LearnParts) {
  return (request: LearnHeadRequest, signal: AbortSignal): Promise<Learnt> =>
    oneTraining(request.provider, signal, () => run(request, signal))

  async function run(request: LearnHeadRequest, signal: AbortSignal): Promise<Learnt> {
    const { start: startRecord, serving: servingRecord, ...rest } = request
    const { features, n, V, views, resume, ...options } = rest
    const start = quantizerOf(startRecord)
    const serving = isSame(servingRecord, startRecord) ? start : quantizerOf(servingRecord)
    const multiply = givingWay(priority, signal)
    const projected = await project(start.projection, features, multiply)
    const isOther = !isSameProjection(serving, start)
    const servingProjected = isOther && (await project(serving.projection, features, multiply))
    const isTimeToTell = sparingly()
    const result = await learnHead({
      data: { n, projected, views, V },
      start,
      serving,
      ...(servingProjected && { servingProjected }),
      ...options,
      multiply: multiplyInRuntime,
      ...(resume && { resume }),
      onProgress(progress) {
        if (isTimeToTell(progress.done === progress.total))
          emit('learning', { run: request.run, ...stepOf(progress) })
      },
      onCheckpoint: (state) => emit('checkpoint', { run: request.run, state }),
      giveWay: () => priority.giveWay(signal),
      signal
    })
    return learntOf(result, request.provider)
  }
}

/** Multiplication that lets other calls go first. */
export function givingWay(priority: Priority, signal: AbortSignal): Multiply {
  return async (...product) => {
    await priority.giveWay(signal)
    return multiplyInRuntime(...product)
  }
}

/** Says when progress is to be told: not too often, but always at the end. */
export function sparingly(): (isEnd: boolean) => boolean {
  let told = -Infinity
  return (isEnd) => {
    const now = performance.now()
    if (now - told < TELL_EVERY && !isEnd) return false
    told = now
    return true
  }
}

function isSame(a: QuantizerRecord, b: QuantizerRecord): boolean {
  return Buffer.compare(a.weights, b.weights) === 0
}

function isSameProjection({ projection: a }: Quantizer, { projection: b }: Quantizer): boolean {
  return a.matrix.every((value, at) => value === b.matrix[at])
}

function stepOf({ loss, ...progress }: HeadProgress) {
  return { ...progress, loss: loss ?? null }
}

function learntOf(
  { kept, quantizer, blind, setting, trials: _, ...judged }: LearnHeadResult,
  provider: string
): Learnt {
  return {
    quantizer: kept && quantizer ? serialiseQuantizer(quantizer) : null,
    blind: kept && blind ? serialiseQuantizer(blind) : null,
    setting: kept ? setting : null,
    ...judged,
    provider
  }
}
