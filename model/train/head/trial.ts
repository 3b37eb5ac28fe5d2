// One training of a head: the step's session, its schedule, its state. Runs in compute; the thread
// has its turn between steps.
import { PROJECTED } from '../../quant/projection.ts'
import { openSession } from '../../runtime/session.ts'
import type { Provider } from '../../runtime/onnxruntime.ts'
import { floats } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { rateAt } from '../schedule.ts'
import { startOf } from '../step.ts'
import { createBatches } from './batches.ts'
import type { Pool } from './batches.ts'
import type { Setting } from './head-contract.ts'
import { BATCH_INPUT, PAIR_BIAS_INPUT, headOf, headStep, parametersOf } from './head-graph.ts'
import type { HeadAndCodebooks } from './head-graph.ts'

const RATE = 3e-3
const WARM_UP = 30

/** Parameters and the optimiser's state after a number of steps. */
export interface TrialState {
  step: number
  tensors: Readonly<Record<string, Tensor<'f32'>>>
}

export interface TrialOptions {
  pool: Pool
  setting: Setting
  start: HeadAndCodebooks
  seed: number
  provider: Provider
  /** Goes on from there. */
  from?: TrialState
  /** After each step. Rejects to stop. */
  onStep: (made: StepMade) => Promise<void>
}

export interface StepMade {
  step: number
  loss: number
  milliseconds: number
  /** Copies the state, which takes a while. */
  read(): Promise<TrialState>
}

/** Trains one setting; undefined when its loss is no number any more. */
export async function runTrial(options: TrialOptions): Promise<HeadAndCodebooks | undefined> {
  const { pool, setting, start, seed, provider, from, onStep } = options
  const { M, L } = start.codebooks
  const batches = createBatches(pool, setting, seed)
  const step = headStep(setting, batches.B, M, L)
  const session = await openSession(step.model, { provider, carry: step.carry, spin: false })
  try {
    session.write(from?.tensors ?? startOf(step, parametersOf(start, seed)))
    const read = async (number: number): Promise<TrialState> => {
      const tensors: Record<string, Tensor<'f32'>> = {}
      for (const [name, tensor] of Object.entries(await session.read()))
        if (tensor.type === 'f32') tensors[name] = tensor
      return { step: number, tensors }
    }
    const first = from?.step ?? 0
    const rows = 2 * batches.B
    for (let number = first + 1; number <= setting.steps; number++) {
      const began = performance.now()
      const { inputs, pairBias } = batches.at(number)
      const rate = rateAt(number, { rate: RATE, steps: setting.steps, warmUp: WARM_UP })
      const { firstCorrection = 1, secondCorrection = 1 } = step.optimiser.scalars(number)
      const { loss } = await session.run({
        [BATCH_INPUT]: floats([rows, PROJECTED], inputs),
        [PAIR_BIAS_INPUT]: floats([rows, rows], pairBias),
        learningRate: floats([], [rate]),
        firstCorrection: floats([], [firstCorrection]),
        secondCorrection: floats([], [secondCorrection])
      })
      const milliseconds = performance.now() - began
      const value = loss?.type === 'f32' ? (loss.data[0] ?? NaN) : NaN
      if (!Number.isFinite(value)) return undefined
      await onStep({ step: number, loss: value, milliseconds, read: () => read(number) })
    }
    return headOf((await read(setting.steps)).tensors, L)
  } finally {
    await session.dispose()
  }
}
