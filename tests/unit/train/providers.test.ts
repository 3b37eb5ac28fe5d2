// A whole training step of a head on each provider: Adam's state is carried, the losses and the
// parameters follow the cpu's.
import assert from 'node:assert/strict'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { floats, floatsIn } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import {
  BATCH_INPUT,
  PAIR_BIAS_INPUT,
  headStep,
  parametersOf
} from '../../../model/train/head/head-graph.ts'
import { MASKED_LOGIT } from '../../../model/train/pairs.ts'
import { startOf } from '../../../model/train/step.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { noiseHead, viewsSetting } from '../../support/head-setting.ts'
import { noiseNumbers } from '../../support/noise.ts'
import { testOnProviders } from '../../support/providers.ts'

const [B, M, L] = [8, 4, 8]
const STEPS = 4
const setting = viewsSetting(STEPS)

interface Trained {
  losses: number[]
  state: Readonly<Record<string, Tensor>>
}

async function train(provider: Provider): Promise<Trained> {
  const step = headStep(setting, B, M, L)
  // On a device every op runs there.
  const options = { provider, carry: step.carry, cpuFallback: provider === 'cpu' }
  const session = await openSession(step.model, options)
  session.write(startOf(step, parametersOf(noiseHead(M, L), 3)))
  const bias = new Float32Array(4 * B * B).fill(-1 / setting.temperature)
  for (let row = 0; row < 2 * B; row++) bias[row * 2 * B + row] = MASKED_LOGIT
  const images = noiseNumbers(2 * B * 256, 4)
  const losses: number[] = []
  for (let number = 1; number <= STEPS; number++) {
    const scalars = { learningRate: 3e-3, ...step.optimiser.scalars(number) }
    const { loss } = await session.run({
      [BATCH_INPUT]: floats([2 * B, 256], images),
      [PAIR_BIAS_INPUT]: floats([2 * B, 2 * B], bias),
      ...Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, floats([], [x])]))
    })
    losses.push(floatsIn(loss, 'loss')[0] ?? NaN)
  }
  const state = await session.read()
  await session.dispose()
  return { losses, state }
}

testOnProviders('steps of a head carry their state and follow the cpu', async (provider) => {
  const [cpu, here] = [await train('cpu'), await train(provider)]
  assert.ok(cpu.losses[STEPS - 1]! < cpu.losses[0]! - 0.5, `it learns: ${cpu.losses}`)
  assertClose(here.losses, cpu.losses, 1e-4, 'losses')
  assert.deepEqual(Object.keys(here.state).sort(), Object.keys(cpu.state).sort())
  for (const [name, tensor] of Object.entries(cpu.state))
    assertClose(floatsIn(here.state[name], name), floatsIn(tensor, name), 1e-3, name)
})
