// What is computed from vectors, not from photos: fitting, encoding, training, validation. Runs in
// compute's main thread. Here the sizes of what came are checked; the work is done by others.
import { PROJECTED, fitFirstQuantizer, serialiseQuantizer } from '../../model/retrieval.ts'
import type { Handlers } from '../wire/channel.ts'
import type { ComputeContract } from '../wire/compute-contract.ts'
import type { StepAside } from '../wire/step-aside.ts'
import type { Encoding } from './encoding.ts'
import { createDeepLearning, type DeepParts } from './learn-deep.ts'
import { createHeadLearning } from './learn-head.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'
import type { Stopwatch } from './stopwatch.ts'

export interface TrainingParts extends DeepParts {
  encoding: Encoding
  aside: StepAside
  stopwatch: Stopwatch
}

type Methods =
  | 'fit'
  | 'encode'
  | 'encodeProjected'
  | 'learnHead'
  | 'trainBaseline'
  | 'learnDeep'
  | 'validateDeep'

/** Makes the handlers that take vectors. */
export function trainingHandlers(
  parts: TrainingParts
): Pick<Handlers<ComputeContract>, Methods> {
  const { backbones, encoding, priority, aside, stopwatch, quantizerOf } = parts
  const { sha256, output } = backbones.preferred.card
  const D = output.size
  const learnHead = createHeadLearning(parts)
  const deep = createDeepLearning(parts)

  return {
    fit({ backbone = sha256, features, n, bits, seed }, signal) {
      return priority.first(async () => {
        const fitted = await fitFirstQuantizer({
          features,
          n,
          D,
          bits,
          seed,
          backbone,
          multiply: (...product) => stopwatch.time(() => multiplyInRuntime(...product)),
          giveWay: () => aside.over(signal),
          signal
        })
        return { quantizer: serialiseQuantizer(fitted) }
      })
    },

    encode({ quantizer: record, features, n }) {
      return priority.first(() => {
        checkRows('features', features, n, D)
        return encoding(quantizerOf(record), features)
      })
    },

    encodeProjected({ quantizer: record, projected, n }) {
      return priority.first(() => {
        checkRows('projected', projected, n, PROJECTED)
        return encoding.ofProjected(quantizerOf(record), projected)
      })
    },

    async learnHead(request, signal) {
      checkRows('features', request.features, request.n, D)
      checkRows('views', request.views, request.n * request.V, PROJECTED)
      return learnHead(request, signal)
    },

    async trainBaseline(request, signal) {
      checkRows('features', request.features, request.n, D)
      checkRows('views', request.views, request.n * request.V, PROJECTED)
      return deep.trainBaseline(request, signal)
    },

    async learnDeep(request, signal) {
      checkRows('features', request.features, request.n, D)
      return deep.learnDeep(request, signal)
    },

    async validateDeep(request, signal) {
      checkRows('features before', request.before.features, request.n, D)
      checkRows('features after', request.after.features, request.n, D)
      return deep.validateDeep(request, signal)
    }
  }
}

function checkRows(name: string, rows: Uint16Array, n: number, size: number): void {
  if (rows.length !== n * size)
    throw new RangeError(`${name}: expected ${n} rows of ${size}, got ${rows.length} numbers`)
}
