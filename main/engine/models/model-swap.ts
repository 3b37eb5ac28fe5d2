// How another model comes to serve: photos that its backbone has not described are described, those
// that lack its code are encoded, then one transaction swaps it with the former one, which answers
// until then. Runs in the writer; compute does the arithmetic. Safe to stop and repeat.
import { Fault, isFault } from '../../wire/fault.ts'
import { QuantizerError } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { AVERAGED_AT_ONCE, averageAll } from '../indexing/average-photos.ts'
import { encodeAll } from '../indexing/encode-photos.ts'
import type { KnownModel } from '../lines/reader-line.ts'
import { renewAll } from './renew-features.ts'
import { tellServing } from './tell-serving.ts'
import type { Tidying } from './tidying.ts'

/** What is told of a phase counts no further. */
const MOST_COUNTED = 1_000_000

/** How a model comes to serve, and who follows it. */
export interface Following {
  /** Photos are described only while nothing is indexed. */
  givesWay: boolean
  /** A phase begins, with so many photos to do. */
  onPhase(phase: 'renewal' | 'encoding', left: number): void
  onDone(photos: number): void
}

const NOBODY: Following = {
  givesWay: false,
  onPhase: () => undefined,
  onDone: () => undefined
}

export interface ModelSwap {
  /** A model is on its way to serve, or waits for the one before it. */
  isUnderWay(): boolean
  /**
   * Lets a kept model serve, and drops what is not wanted any more. Rejects with Fault bad-model
   * where its backbone is gone.
   */
  serve(id: number, signal: AbortSignal, following?: Following): Promise<void>
  /** The same for a model that is chosen when the swaps before it are done. */
  serveChosen(choose: () => Promise<number>, signal: AbortSignal): Promise<void>
}

/** Makes the swap of a library's models: one after the other, the last that was asked for stays. */
export function createModelSwap(context: Context, tidying: Tidying): ModelSwap {
  const { catalogue, link, reader } = context
  let asked = 0
  let last: Promise<unknown> = Promise.resolve()

  function inTurn(
    choose: () => Promise<number>,
    signal: AbortSignal,
    following: Following
  ): Promise<void> {
    asked++
    const mine = last
      .then(async () => serve(await choose(), signal, following))
      .finally(() => asked--)
    last = mine.catch(() => undefined)
    return mine
  }

  async function serve(id: number, signal: AbortSignal, following: Following): Promise<void> {
    const model = await load(id)
    try {
      await prepare(model, signal, following)
      await reader.serve(id)
    } finally {
      tidying.expect(undefined)
      reader.letGo(id)
    }
    await tellCompute()
    await tidying.tidy()
  }

  /** A candidate that fails its checks is forgotten: it would stand in the way of a new fit. */
  async function load(id: number): Promise<KnownModel> {
    try {
      return await reader.load(id)
    } catch (error) {
      const isCandidate = catalogue.models.get(id)?.state === 'candidate'
      if (error instanceof QuantizerError && isCandidate) await tidying.erase(id)
      throw error
    }
  }

  /** Gives every photo what the model needs of it, and swaps. */
  async function prepare(
    model: KnownModel,
    signal: AbortSignal,
    { givesWay, onPhase, onDone }: Following
  ): Promise<void> {
    const { vectors, models } = catalogue
    const { backbone } = model.record
    tidying.expect(backbone)
    if (backbone !== reader.backbone()) await checkBackbone(backbone, signal)
    const describing = givesWay ? context : { ...context, giveWay: () => Promise.resolve() }
    for (;;) {
      onPhase('renewal', vectors.undescribed(backbone, 0, MOST_COUNTED).length)
      await renewAll(describing, backbone, onDone, signal)
      onPhase('encoding', vectors.unencoded(model.id, backbone, 0, MOST_COUNTED).length)
      await encodeAll(context, model, signal, onDone)
      // What is more than can be done at once is averaged while the model serves already.
      if (vectors.unaveragedCount(model.id) <= AVERAGED_AT_ONCE)
        await averageAll(context, model, signal)
      if (models.swap(model.id)) return
      // Photos were added on the way. Unless the next round has something to do, it is the last.
      if (vectors.undescribed(backbone, 0, 1).length > 0) continue
      if (!vectors.anyUnencoded(model.id, backbone)) throw nothingKnown(models.lacking(model.id))
    }
  }

  /** Tells compute; a death on the way is no matter, the next life is told when it starts. */
  async function tellCompute(): Promise<void> {
    const session = link.current()
    if (!session) return
    await tellServing(context, session).catch((error: unknown) => {
      if (!isFault(error, 'process-lost')) throw error
    })
  }

  /** Throws Fault bad-model for a backbone that is gone, or is not what its card says. */
  async function checkBackbone(backbone: string, signal: AbortSignal): Promise<void> {
    const session = await link.session(signal)
    await session.call('renew', { photos: [], backbone }, signal)
  }

  return {
    isUnderWay: () => asked > 0,
    serve: (id, signal, following = NOBODY) =>
      inTurn(() => Promise.resolve(id), signal, following),
    serveChosen: (choose, signal) => inTurn(choose, signal, NOBODY)
  }
}

/** A photo that has neither a feature nor a file to make one of. */
function nothingKnown(photo: number | undefined): Fault {
  return new Fault({
    kind: 'not-found',
    passes: false,
    subject: `photo ${photo ?? ''}`,
    expected: 'a feature, to make its code of (a library that was made up keeps its model)',
    received: 'none'
  })
}
