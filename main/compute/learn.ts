// Learning as compute does it: one run at a time on the main thread, between all other calls.
// Compute's main thread; holds nothing that a checkpoint does not bring back.
import {
  ProviderError,
  learnHead,
  type HeadProgress,
  type LearnHeadResult
} from '../../model/learning.ts'
import {
  project,
  serialiseQuantizer,
  type Multiply,
  type Quantizer
} from '../../model/retrieval.ts'
import type { Server } from '../wire/channel.ts'
import type {
  ComputeContract,
  LearnHeadRequest,
  Learnt,
  QuantizerRecord
} from '../wire/compute-contract.ts'
import { Fault, isFault } from '../wire/fault.ts'
import type { Courtesy } from './courtesy.ts'
import { multiplyInRuntime } from './multiply.ts'

/** Told at most this often, ms. */
const TELL_EVERY = 150

export interface LearnParts {
  courtesy: Courtesy
  emit: Server<ComputeContract>['emit']
  quantizerOf(record: QuantizerRecord): Quantizer
}

/** Makes the handler of `learnHead`. */
export function createHeadLearning({ courtesy, emit, quantizerOf }: LearnParts) {
  let last: Promise<unknown> = Promise.resolve()

  return function learn(request: LearnHeadRequest, signal: AbortSignal): Promise<Learnt> {
    // One that was given up ends at its next step.
    const learning = last
      .then(() => run(request, signal))
      .catch((error: unknown) => {
        if (!isOfDevice(error, request.provider, signal)) throw error
        throw lostDevice(request.provider, error)
      })
    last = learning.catch(() => undefined)
    return learning
  }

  async function run(request: LearnHeadRequest, signal: AbortSignal): Promise<Learnt> {
    const { start: startRecord, serving: servingRecord, ...rest } = request
    const { features, n, V, views, resume, ...options } = rest
    const start = quantizerOf(startRecord)
    const serving = isSame(servingRecord, startRecord) ? start : quantizerOf(servingRecord)
    const multiply: Multiply = async (...product) => {
      await courtesy.giveWay(signal)
      return multiplyInRuntime(...product)
    }
    const projected = await project(start.projection, features, multiply)
    const isOther = !isSameProjection(serving, start)
    const servingProjected = isOther && (await project(serving.projection, features, multiply))
    let told = -Infinity
    const result = await learnHead({
      data: { n, projected, views, V },
      start,
      serving,
      ...(servingProjected && { servingProjected }),
      ...options,
      multiply: multiplyInRuntime,
      ...(resume && { resume }),
      onProgress(progress) {
        const now = performance.now()
        if (now - told < TELL_EVERY && progress.done < progress.total) return
        told = now
        emit('learning', { run: request.run, ...stepOf(progress) })
      },
      onCheckpoint: (state) => emit('checkpoint', { run: request.run, state }),
      breathe: () => courtesy.giveWay(signal),
      signal
    })
    return learntOf(result, request.provider)
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
  { kept, quantizer, scoreBefore, scoreAfter, steps, stepMilliseconds }: LearnHeadResult,
  provider: string
): Learnt {
  return {
    quantizer: kept && quantizer ? serialiseQuantizer(quantizer) : null,
    scoreBefore,
    scoreAfter,
    steps,
    stepMilliseconds,
    provider
  }
}

/** On the processor errors are ours; elsewhere the device may be gone, at any step. */
function isOfDevice(error: unknown, provider: string, signal: AbortSignal): error is Error {
  if (error instanceof ProviderError) return true
  const isOurs = error instanceof RangeError || isFault(error) || signal.aborted
  return provider !== 'cpu' && !isOurs && error instanceof Error
}

function lostDevice(provider: string, { message }: Error): Fault {
  return new Fault({
    kind: 'device',
    subject: provider,
    expected: 'a device that goes on',
    received: message,
    remedy: 'The processor takes over.'
  })
}
