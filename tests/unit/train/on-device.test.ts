// Every training step runs on WebGPU as a whole: what ONNX Runtime cannot run there it would give
// to the processor in each step, without a word. Skipped without an adapter.
import test from 'node:test'
import { seededRandom } from '../../../model/quant/random.ts'
import { openSession, runsHere } from '../../../model/runtime/session.ts'
import { deepStep } from '../../../model/train/deep/deep-step.ts'
import { readBackbone } from '../../../model/train/deep/deep-backbone.ts'
import type { LossName, Setting } from '../../../model/train/head/head-contract.ts'
import { headStep } from '../../../model/train/head/head-graph.ts'
import { trainingStep } from '../../../model/train/reproduce/networks.ts'
import type { TrainingStep } from '../../../model/train/step.ts'
import { shippedBackbone } from '../../bench/train/cases.ts'
import { useSoftwareDriver } from '../../support/webgpu.ts'

useSoftwareDriver()

const [M, L, PAIRS] = [4, 8, 16]
const LOSSES: readonly LossName[] = ['spq', 'sscq']

function settingOf(loss: LossName): Setting {
  const rest = { temperature: 0.2, neighbourShare: 0.5, similarityRatio: 0.9, steps: 1 }
  return { loss, pairs: 'neighbours', ...rest }
}

function deep(loss: LossName): TrainingStep {
  const { card, bytes } = shippedBackbone()
  const random = seededRandom(1)
  const numbers = (length: number): Float32Array => Float32Array.from({ length }, random)
  const { size: D } = card.output
  const rows = 2 * PAIRS
  return deepStep({
    backbone: readBackbone(bytes, card, 10, rows),
    card,
    quantizer: {
      backbone: card.sha256,
      projection: { mean: numbers(D), matrix: numbers(D * 256) },
      head: { kind: 'linear', weight: numbers(256 * M * L), bias: numbers(M * L) },
      codebooks: { M, L, values: numbers(M * 16 * L) },
      fittedOn: rows
    },
    setting: settingOf(loss),
    rows,
    canvas: { width: 256, height: 256 },
    backboneShare: 1e-2
  })
}

const STEPS: Record<string, (loss: LossName) => TrainingStep> = {
  head: (loss) => headStep(settingOf(loss), PAIRS, M, L),
  deep,
  reproduce: (loss) => trainingStep(loss, 16, PAIRS, 8).step
}

for (const [name, stepOf] of Object.entries(STEPS))
  for (const loss of LOSSES)
    test(`the ${name} step by ${loss} needs no processor`, async (t) => {
      const runs = await runsHere('webgpu')
      if (runs !== true) return t.skip(runs.message)
      const { model, carry } = stepOf(loss)
      const session = await openSession(model, { provider: 'webgpu', carry, cpuFallback: false })
      await session.dispose()
    })
