// Learning as the engine offers it to the process that holds it: asked of the writer.
import type { Client } from '../wire/channel.ts'
import type { WriterContract } from '../wire/writer-contract.ts'
import type { EngineLearner } from './api.ts'

/** Learning at the far end of the line. */
export function learnerLine(writer: Client<WriterContract>): EngineLearner {
  return {
    snapshot: () => writer.call('learning', {}),
    on: (listener) => writer.on('learning', listener),
    learn: (options) => writer.call('learnToItsEnd', options),
    cancel: async () => void (await writer.call('cancelLearning', {})),
    pause: async () => void (await writer.call('pauseLearning', {})),
    resume: async () => void (await writer.call('resumeLearning', {})),
    power: async (onBattery) => void (await writer.call('power', { onBattery })),
    rollback: async (model) => void (await writer.call('rollback', { model })),
    arithmetic: () => writer.call('arithmetic', {}),
    describeAnew: async (arithmetic) => void (await writer.call('describeAnew', { arithmetic })),
    compare: (photos, top) => writer.call('compareModels', { photos, top }),
    devices: () => writer.call('devices', {}),
    measureDevices: () => writer.call('measureDevices', {})
  }
}
