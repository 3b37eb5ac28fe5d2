// What the page may ask of learning, answered by the learner. Runs in the writer.
import type { Handlers } from '../../wire/channel.ts'
import type { EngineContract } from '../../wire/engine-contract.ts'
import { isFault } from '../../wire/fault.ts'
import type { Learner } from './learner-api.ts'

type Methods =
  | 'learning'
  | 'learn'
  | 'cancelLearning'
  | 'pauseLearning'
  | 'resumeLearning'
  | 'models'
  | 'rollback'
  | 'arithmetic'
  | 'describeAnew'
  | 'compareModels'
  | 'devices'
  | 'measureDevices'

/** The page's line, as far as it is about learning. */
export function learningHandlers(learner: Learner): Pick<Handlers<EngineContract>, Methods> {
  return {
    learning: () => learner.snapshot(),
    async learn(options) {
      const refused = await Promise.race([
        learner.learn(options).then(nothing, (error: unknown) => error),
        new Promise(setImmediate) // a run that began is told of by the event
      ])
      if (isFault(refused, 'too-few-photos', 'bad-argument')) throw refused
      return {}
    },
    cancelLearning: () => (learner.cancel(), {}),
    pauseLearning: () => (learner.pause(), {}),
    resumeLearning: () => (learner.resume(), {}),
    models: () => ({ models: learner.models() }),
    rollback: async ({ model }) => (await learner.rollback(model), {}),
    arithmetic: () => learner.arithmetic(),
    describeAnew: async ({ arithmetic }) => (await learner.describeAnew(arithmetic), {}),
    compareModels: ({ photos, top }) => learner.compare(photos, top),
    devices: () => learner.devices(),
    measureDevices: () => learner.measureDevices()
  }
}

function nothing(): void {}
