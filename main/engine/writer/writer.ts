// The writer: folders, indexing and learning, put together over the one connection that writes.
// Runs in a thread of its own (writer-thread.ts) and never answers the page: after each commit it
// tells the reader what changed. Parts tell each other what happened through `events`;
// writer-events.ts says who hears what.
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Client } from '../../wire/channel.ts'
import { isFault } from '../../wire/fault.ts'
import type { LearnOptions } from '../../wire/learning-contract.ts'
import { KEPT_PICTURES } from '../../wire/thumbnail.ts'
import { StepAside } from '../../wire/step-aside.ts'
import type { Patience } from '../../wire/disk/volume-calls.ts'
import type { ReaderContract } from '../../wire/writer-contract.ts'
import { createComputeLink } from '../lines/compute-link.ts'
import type { Session } from '../lines/compute-session.ts'
import type { Context, Tell } from '../context.ts'
import { SPACING } from '../faults/decision.ts'
import type { Spacings } from '../faults/decision.ts'
import { closeDisks, unansweredCalls } from '../faults/disk.ts'
import { farReader } from './far-reader.ts'
import { decideEdits } from '../folders/edits.ts'
import { renewFileDates } from '../folders/file-dates.ts'
import { leaveOutSmall } from '../folders/omissions.ts'
import { createScanner } from '../folders/scanner.ts'
import { createWatching } from '../folders/watching.ts'
import { createComparer } from '../indexing/compare-photos.ts'
import { createDater } from '../indexing/date-photos.ts'
import { createJudge } from '../indexing/judge-photos.ts'
import { createIndexer } from '../indexing/indexer.ts'
import { createPlanner } from '../indexing/planner.ts'
import { createProgressMeter } from '../indexing/progress-meter.ts'
import { createThumbnailMaker } from '../indexing/remake-thumbnails.ts'
import { sweepDaily } from '../indexing/sweep-thumbnails.ts'
import { createTileRoom } from '../indexing/tile-room.ts'
import { createFitter } from '../models/fitter.ts'
import { holdsModels } from '../models/held-models.ts'
import { createLearner } from '../learning/learner.ts'
import { createModelSwap } from '../models/model-swap.ts'
import { tellServing } from '../models/tell-serving.ts'
import { createTidying } from '../models/tidying.ts'
import { createReaderLine } from '../lines/reader-line.ts'
import { createStopper } from '../faults/stop.ts'
import { servingAtStart } from '../models/stored-serving.ts'
import { waitsOf } from '../faults/waits.ts'
import { connectParts } from './writer-events.ts'
import type { Events } from './writer-events.ts'
import type { WriterParts } from './writer-handlers.ts'

export interface WriterOptions {
  /** Folder of the catalogue and the thumbnails, as its real path. */
  library: string
  watch: boolean
  /** A file that changed less than this long ago may still be growing, ms. */
  settle: number
  /** Learn by itself, so, when it is due. */
  learns?: LearnOptions | undefined
  /** How long is waited between attempts. */
  spacing?: Spacings | undefined
  /** How long volumes are waited for that do not answer. */
  patience?: Patience | undefined
  /** See LinkOptions. */
  computeRestsAfter?: number | undefined
}

/** Long work looks so often whether indexing is done, ms. */
const GIVES_WAY_FOR = 200

/** Starts looking through the folders of a library. Indexing waits for a compute. */
export function createWriter(
  { library, watch, settle, learns, spacing = SPACING, computeRestsAfter }: WriterOptions,
  catalogue: Catalogue,
  far: Client<ReaderContract>,
  tell: Tell
): WriterParts {
  const stop = new AbortController()
  const events = new EventEmitter<Events>()
  const aside = new StepAside()
  const preparations: ((session: Session) => Promise<void>)[] = []
  const busy: (() => boolean)[] = [] // who has photos to look for or to index
  const isIdle = (): boolean => !busy.some((isBusy) => isBusy())
  const thumbnails = join(library, KEPT_PICTURES.thumb.folder)
  const tiles = join(library, KEPT_PICTURES.tile.folder)
  const tuned = join(library, 'backbones')
  const isPaused = catalogue.settings.paused()

  function report(error: unknown): void {
    if (!stop.signal.aborted) console.error(error)
  }

  /** What was not looked through is, once work goes on. */
  function onScanFault(error: unknown): void {
    if (isFault(error) && error.record.about === 'library') stopper.stop(error.record)
    else report(error)
  }

  const stopper = createStopper({
    catalogue,
    folders: [library, thumbnails, tuned],
    spacing,
    onChange: (stopped) => events.emit('stop', stopped)
  })
  const meter = createProgressMeter({
    left: () => catalogue.work.doable(),
    waits: () => waitsOf(catalogue, stopper.told),
    onFault: (fault) => stopper.stop(fault.record)
  })
  meter.set({ paused: isPaused })

  const link = createComputeLink({
    tuned,
    async prepare(session) {
      for (const step of preparations) await step(session)
    },
    onBegan: (ids) => events.emit('begun', ids),
    onState: (state) => events.emit('compute', state),
    restsAfter: computeRestsAfter,
    onNeed: (isNeeded) => tell('computeNeed', { isNeeded })
  })
  const now = Date.now()
  catalogue.waits.bound({ photos: now + spacing.photo.most, folders: now + spacing.folder.most })
  catalogue.closed.bound(now + spacing.folder.most)
  catalogue.judgements.retryRefused()
  const reader = createReaderLine(catalogue, farReader(far, tell), servingAtStart(catalogue))
  const context: Context = {
    catalogue,
    link,
    reader,
    stopper,
    spacing,
    thumbnails,
    tuned,
    aside,
    async giveWay(signal) {
      while (!isIdle()) await sleep(GIVES_WAY_FOR, undefined, { signal })
      await aside.over(signal)
      signal.throwIfAborted()
    },
    onPending: () => events.emit('pending'),
    onKept: (kept) => events.emit('kept', kept),
    onMoved: (task) => events.emit('moved', task),
    onFitting: (isFitting) => events.emit('fitting', isFitting)
  }

  const making = { catalogue, link, signal: stop.signal, spacing }
  const thumbnailMaker = createThumbnailMaker({
    ...making,
    thumbnails,
    onHope: (names) => tell('thumbnails', { names })
  })
  const room = createTileRoom(tiles, report)
  const tileMaker = createThumbnailMaker({
    ...making,
    thumbnails: tiles,
    shortSide: KEPT_PICTURES.tile.shortSide,
    onMade: (hash) => room.grew(hash)
  })
  const planner = createPlanner(context, stop.signal)
  const scanner = createScanner(catalogue, {
    except: library,
    settle,
    spacing,
    aside,
    onRows: () => events.emit('rows'),
    async onFindings(findings) {
      planner.scanned()
      const paired = decideEdits(catalogue, Date.now())
      const small = findings.changed ? leaveOutSmall(catalogue, Date.now()) : []
      reader.changed([...findings.left, ...findings.returned, ...paired, ...small])
      // A folder may have been away for less than a scan.
      for (const maker of [thumbnailMaker, tileMaker]) maker.tryAgain()
      if (findings.changed || paired.length > 0) tell('changed', { what: 'photos' })
      else if (findings.told.size > 0) tell('changed', { what: 'rest' })
      watching?.renew(findings.opened)
    },
    onPresence: () => events.emit('presence'),
    onFault: onScanFault,
    onBusy: (isScanning) => events.emit('scanning', isScanning)
  })
  busy.push(() => scanner.busy)
  const watching = watch
    ? createWatching(catalogue, scanner, library, (folders) => tell('watched', { folders }))
    : undefined

  const tidying = createTidying(context)
  const swap = createModelSwap(context, tidying)
  const fitter = createFitter(context, swap, (indexed) => holdsModels(context, indexed))
  const indexer = createIndexer(
    {
      context,
      planner,
      dater: createDater(context),
      judge: createJudge(context, tiles),
      comparer: createComparer(context),
      fitter,
      meter,
      scanning: () => scanner.busy,
      onRest: () => events.emit('rest')
    },
    isPaused
  )
  busy.push(() => indexer.running)
  const learner = createLearner({
    context,
    fitter,
    swap,
    tidying,
    isIdle,
    ...(learns && { learns }),
    onServing: () => events.emit('serving')
  })

  preparations.push(async (session) => {
    await tidying.useShipped(session.backbone.shipped)
    await learner.prepare(session)
    await tellServing(context, session)
    // Only now it is known which backbones there are.
    tidied = tidied.then(() => tidying.tidy()).catch(report)
  })
  const parts = {
    catalogue,
    meter,
    scanner,
    watching,
    indexer,
    learner,
    thumbnailMaker,
    tileMaker,
    stopper,
    tell
  }
  connectParts(events, parts)

  const sweep = (): Promise<void> => sweepDaily(catalogue, [thumbnails, tiles], stop.signal)
  let tidied = tidying.tidy().then(sweep).catch(report)
  scanner
    .exclusively(() => renewFileDates(catalogue, stop.signal))
    .then((isChanged) => isChanged && tell('changed', { what: 'photos' }))
    .catch(onScanFault)
  scanner.scan().catch(onScanFault)

  async function close(): Promise<number> {
    stop.abort()
    closeDisks()
    link.close()
    thumbnailMaker.close()
    tileMaker.close()
    const ends = [scanner.close(), indexer.close(), learner.close()]
    await Promise.all([watching?.close(), ...ends, tidied])
    stopper.close()
    meter.close()
    catalogue.close()
    return unansweredCalls()
  }

  const shared = { stop: stop.signal, library, thumbnails, link, reader, aside, isIdle }
  return { ...parts, ...shared, onScanFault, close }
}
