// What compute offers (computeContract), put together. Compute's main thread; knows no process and
// no port, so that tests and the command line can hold it as app does.
import type { Provider } from '../../model/learning.ts'
import type { Quantizer } from '../../model/retrieval.ts'
import type { Decoder } from '../decode/decoder.ts'
import type { Handlers, Server } from '../wire/channel.ts'
import type { ComputeContract } from '../wire/compute-contract.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import type { Patience } from '../wire/disk/volume-calls.ts'
import type { Backbone } from './backbone.ts'
import { floatCard } from './backbone-folder.ts'
import { Backbones } from './backbones.ts'
import { checkedQuantizer } from './checked-quantizer.ts'
import { StepAside } from '../wire/step-aside.ts'
import { LargePictures } from './large-pictures.ts'
import { identityOfMachine } from './machine-identity.ts'
import { measureDevices } from './measure-devices.ts'
import { openEncoding } from './encoding.ts'
import { oneTrainingAtATime } from './one-training.ts'
import { photoHandlers } from './photo-handlers.ts'
import { Pipeline } from './pipeline.ts'
import { Priority } from './priority.ts'
import { Stopwatch } from './stopwatch.ts'
import { trainingHandlers } from './training-handlers.ts'

export interface ComputeService {
  readonly handlers: Handlers<ComputeContract>
  /** Reads no more: calls that no disk answers. With any, only a signal ends the process. */
  closeDisks(): Promise<number>
  /** Ends the threads and frees the backbone. */
  end(): Promise<void>
}

/**
 * Opens the backbones of a folder and serves them. `emit` tells every engine, `aside` says when
 * background work may begin. Throws a Fault `bad-model` or `device`.
 */
export async function createComputeService(
  folder: string,
  decoder: Decoder,
  emit: Server<ComputeContract>['emit'],
  aside = new StepAside(),
  patience?: Patience
): Promise<ComputeService> {
  const stopwatch = new Stopwatch()
  // Its threads come up while this one stands still over the backbones.
  const pipeline = new Pipeline(await floatCard(folder), decoder.decode, stopwatch, aside, patience)
  const opening = Backbones.open(folder, (provider, reason) =>
    emit('deviceLost', { provider, reason })
  )
  const [backbones, encoding] = await opened(pipeline, opening)
  const { float } = backbones
  const large = new LargePictures(pipeline.reader, decoder)
  const priority = new Priority(aside)
  const quantizerOf = (record: QuantizerRecord): Quantizer =>
    checkedQuantizer(record, float.card.output.size)
  const parts = { backbones, pipeline, large, encoding, priority, aside, emit, quantizerOf }
  const oneTraining = oneTrainingAtATime()

  const handlers: Handlers<ComputeContract> = {
    async openBackbones({ tuned }) {
      backbones.folder = tuned
      const { shipped, preferred } = backbones
      const { name, sha256, output } = preferred.card
      const machine = await identityOfMachine()
      const { provider } = float
      return { backbone: name, sha256, featureSize: output.size, shipped, provider, machine }
    },
    ...photoHandlers(parts),
    ...trainingHandlers({ ...parts, oneTraining, stopwatch }),
    async useProvider({ provider }) {
      await backbones.move(provider)
      return { provider: float.provider }
    },
    async measure(_nothing, signal) {
      const open = (provider: Provider): Promise<Backbone> => float.on(provider)
      return { devices: await measureDevices({ open, giveWay: () => priority.giveWay(signal) }) }
    },
    stepAside: () => (aside.begin(), {}),
    usage: () => stopwatch.lap()
  }

  return {
    handlers,
    closeDisks: () => pipeline.reader.volumes.close(),
    async end() {
      await pipeline.end()
      await backbones.dispose()
    }
  }
}

/** Waits until all of it is up. Where one part cannot be had, the other is ended. */
async function opened(
  pipeline: Pipeline,
  opening: Promise<Backbones>
): Promise<[Backbones, Awaited<ReturnType<typeof openEncoding>>]> {
  try {
    const [backbones, encoding] = await Promise.all([opening, openEncoding(), pipeline.warmUp()])
    return [backbones, encoding]
  } catch (error) {
    await pipeline.end()
    // Backbones that come later are closed; why they do not come, another wait has heard.
    void opening.then((backbones) => backbones.dispose(), () => undefined)
    throw error
  }
}
