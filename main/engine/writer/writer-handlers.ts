// What the reader may ask of the writer, answered from its parts. Runs in the writer. Arguments and
// results were, and are, validated by the wire.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Handlers } from '../../wire/channel.ts'
import { Fault, cancelled } from '../../wire/fault.ts'
import type { StepAside } from '../../wire/step-aside.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'
import type { ComputeLink } from '../lines/compute-link.ts'
import type { Tell } from '../context.ts'
import { describerOf } from '../lines/describer.ts'
import { albumHandlers } from './album-handlers.ts'
import { folderHandlers } from './folder-handlers.ts'
import type { Scanner } from '../folders/scanner.ts'
import type { Watching } from '../folders/watching.ts'
import type { Indexer } from '../indexing/indexer.ts'
import type { ThumbnailMaker } from '../indexing/remake-thumbnails.ts'
import type { ProgressMeter } from '../indexing/progress-meter.ts'
import type { Learner } from '../learning/learner-api.ts'
import { learningHandlers } from '../learning/learning-handlers.ts'
import { movingHandlers } from '../moving/moving-handlers.ts'
import { ofFirstCopy } from './first-copy.ts'
import type { ReaderLine } from '../lines/reader-line.ts'
import type { Stopper } from '../faults/stop.ts'

export interface WriterParts {
  /** Aborted when the writer ends. */
  stop: AbortSignal
  catalogue: Catalogue
  /** Its folder. */
  library: string
  thumbnails: string
  thumbnailMaker: ThumbnailMaker
  tileMaker: ThumbnailMaker
  link: ComputeLink
  reader: ReaderLine
  aside: StepAside
  meter: ProgressMeter
  scanner: Scanner
  watching: Watching | undefined
  indexer: Indexer
  learner: Learner
  stopper: Stopper
  isIdle(): boolean
  tell: Tell
  /** A scan could not be done: it is, once work goes on. */
  onScanFault(error: unknown): void
  /** Ends all work and closes the catalogue; calls that no disk answers, see `unansweredCalls`. */
  close(): Promise<number>
}

/** `idle` looks so often whether it is, ms. */
const LOOK_EVERY = 20

/** The reader's line. */
export function writerHandlers(parts: WriterParts): Handlers<WriterContract> {
  const { catalogue, indexer, learner, link, meter, scanner, stop, stopper, tell } = parts
  const describer = describerOf(link, parts)

  function rest(resting: boolean): Record<string, never> {
    catalogue.settings.setPaused(resting)
    indexer.rest(resting)
    meter.flush()
    return {}
  }

  return {
    setFavourite({ ids, favourite }) {
      catalogue.favourites.set(ids, favourite)
      tell('changed', { what: 'marks' })
      return {}
    },
    setRating({ ids, rating }) {
      catalogue.ratings.set(ids, rating)
      tell('changed', { what: 'marks' })
      return {}
    },
    setNotKin({ ids, others, isKin }) {
      if (isKin) catalogue.notKin.drop(ids, others)
      else catalogue.notKin.add(ids, others, Date.now())
      tell('changed', { what: 'rest' })
      return {}
    },
    ...albumHandlers(catalogue),
    setNotDuplicates({ ids }) {
      const decision = catalogue.duplicateDecisions.add(ids, Date.now())
      tell('changed', { what: 'rest' })
      return { decision }
    },
    forgetDecision({ decision }) {
      catalogue.duplicateDecisions.forget(decision)
      tell('changed', { what: 'rest' })
      return {}
    },
    setKeptPlaces({ places }) {
      catalogue.duplicateDecisions.setPlaces(places)
      tell('changed', { what: 'rest' })
      return {}
    },
    keepMap({ map, ids, places }) {
      if ('layout' in map) catalogue.map.add(map.layout, { ids, places })
      else catalogue.map.put(map, { ids, places }, Date.now())
      return {}
    },
    retry({ ids }) {
      const pending = catalogue.work.retry(ids)
      tell('changed', { what: 'photos' })
      indexer.wake()
      // One that can be read now is the photo, and the file that stood for it its companion.
      if (pending > 0) scanner.scan().catch(parts.onScanFault)
      return { pending }
    },
    tryNow() {
      catalogue.waits.releaseAll()
      stopper.goOn()
      indexer.tryNow()
      scanner.tryNow()
      learner.goOn()
      return {}
    },
    pause: () => rest(true),
    resume: () => rest(false),
    ...folderHandlers(parts),
    stepAside() {
      parts.aside.begin()
      link.stepAside()
      return {}
    },
    hideRebuilt() {
      catalogue.settings.setRebuilt(undefined)
      tell('changed', { what: 'rest' })
      return {}
    },
    async rescan() {
      indexer.forgetReport() // where nothing is found to do, that is told
      await scanner.scan().catch(parts.onScanFault)
      return {}
    },
    async idle() {
      while (!stop.aborted && !parts.isIdle())
        await sleep(LOOK_EVERY, undefined, { signal: stop }).catch(() => undefined)
      if (stop.aborted) throw cancelled('indexing')
      const fault = stopper.current?.fault
      if (fault && !fault.passes) throw new Fault(fault)
      meter.flush()
      return indexer.report
    },
    large: ({ name, side }, signal) =>
      ofFirstCopy(catalogue, name, async (file) => {
        return (await link.session(signal)).call('large', { ...file, side }, signal)
      }),
    part: ({ name, ...place }, signal) =>
      ofFirstCopy(catalogue, name, async (file) => {
        return (await link.session(signal)).call('part', { ...file, ...place }, signal)
      }),
    draw: async (picture, signal) =>
      (await link.session(signal)).call('draw', picture, signal),
    async remakeThumbnail({ name, kind }) {
      const maker = kind === 'tile' ? parts.tileMaker : parts.thumbnailMaker
      return { made: await maker.remake(name) }
    },
    ...movingHandlers(parts),
    power: ({ onBattery }) => (learner.power(onBattery), {}),
    computeRefused: ({ fault }) => (link.refuse(new Fault(fault)), {}),
    ...learningHandlers(learner),
    learnToItsEnd: (options) => learner.learn(options),
    embed: ({ source, crop }, signal) => describer.embed(source, crop ?? null, signal),
    encode: ({ quantizer, features, n }, signal) =>
      describer.encode(quantizer, new Uint16Array(features), n, signal),
    async renew({ ids, backbone }, signal) {
      return { features: new Map(await describer.renew(ids, backbone, signal)) }
    },
    close: async () => ({ unanswered: await parts.close() })
  }
}
