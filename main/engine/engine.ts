// The engine of a library that this process holds: the reader in this thread, which has the ports
// of page, app and compute (they cannot be handed to another), and the writer in a thread of its
// own. Runs in a utility process, or inside the command line and tests, in the same way. Never
// loads ONNX Runtime, never imports compute.
//
// [Note: reader and writer] The writer scans, indexes, learns and alone writes; the reader answers
// the page and never waits for it. A thread and not a process: a process would take 30 to 50 MB
// more. They talk by messages alone (main/wire/writer-contract.ts): after each commit the writer
// names the photos that changed, and the reader reads them from the catalogue.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { connectCatalogue, holdLibrary } from '../catalogue/catalogue.ts'
import { connect, serve } from '../wire/channel.ts'
import type { Handlers, Server } from '../wire/channel.ts'
import { engineContract, engineControlContract } from '../wire/engine-contract.ts'
import type { EngineContract, EngineControlContract } from '../wire/engine-contract.ts'
import type { Progress } from '../wire/engine-records.ts'
import { Fault, cancelled } from '../wire/fault.ts'
import type { Learning } from '../wire/learning-contract.ts'
import { lanesOf } from '../wire/port.ts'
import { rebuiltSentence } from '../wire/rebuilt.ts'
import { LANES, readerContract, writerContract } from '../wire/writer-contract.ts'
import type { ReaderContract } from '../wire/writer-contract.ts'
import type { Closed, Engine, EngineOptions } from './api.ts'
import { kinOfEach } from './answering/kin-of-each.ts'
import { createReader } from './answering/reader.ts'
import type { Reader } from './answering/reader.ts'
import { warmUp } from './answering/warm-up.ts'
import { describerAt } from './lines/describer.ts'
import { unansweredCalls } from './faults/disk.ts'
import { createDuplicateFinder } from './duplicates/duplicate-finder.ts'
import { controlHandlers, pageHandlers } from './handlers.ts'
import type { HandlerParts } from './handlers.ts'
import { learnerLine } from './learner-line.ts'
import { createMapMaker } from './mapping/map-maker.ts'
import { createShownMap } from './mapping/shown-map.ts'
import { startWriter } from './writer/start-writer.ts'
import type { WriterThread } from './writer/start-writer.ts'
import { folderAt, subfolderAt } from './answering/at-path.ts'
import { answersOf } from './library-answers.ts'
import { waitsOf } from './faults/waits.ts'

const SETTLE = 2000 // ms

/**
 * Takes the library for this process, and starts looking through its folders. Indexing waits for a
 * compute. Throws a Fault about the library, or version-mismatch.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const lock = holdLibrary(resolve(options.library))
  if (lock.rebuilt) console.error(`kindred: ${rebuiltSentence(lock.rebuilt)}`)
  let thread: WriterThread | undefined
  let isDamaged = false
  const onDamage = (fault: Fault): void => {
    if (isDamaged) return
    isDamaged = true
    const tell = options.onDamage ?? endOf
    tell(fault, thread?.end() ?? Promise.resolve())
  }
  try {
    const library = realpathSync(options.library) // folders are real paths, too
    thread = startWriter({
      library,
      watch: options.watch ?? true,
      settle: options.settle ?? SETTLE,
      learns: options.learns,
      spacing: options.spacing,
      patience: options.patience,
      computeRestsAfter: options.computeRest?.after
    })
    const pages = new Pages()
    const reader = await createReader(connectCatalogue(library, 'read', onDamage), (revision) =>
      pages.emit('changed', { revision })
    )
    const release = (): void => lock.release()
    const onComputeNeed = options.computeRest?.onNeed
    return assemble({ library, thread, reader, pages, onDamage, onComputeNeed, release })
  } catch (error) {
    await thread?.end()
    lock.release()
    throw error
  }
}

interface Assembled {
  library: string // its folder
  thread: WriterThread
  reader: Reader
  pages: Pages
  onDamage(fault: Fault): void
  onComputeNeed: ((isNeeded: boolean) => void) | undefined
  release(): void
}

/** Nobody can go on: it ends the process, which app starts anew. */
function endOf(fault: Fault, ended: Promise<void>): void {
  void ended.then(() => {
    throw fault
  })
}

/** The page that is served now. */
class Pages {
  #page: Server<EngineContract> | undefined

  emit: Server<EngineContract>['emit'] = (event, value) => this.#page?.emit(event, value)

  serve(...given: Parameters<typeof serve<EngineContract>>): void {
    this.#page?.close()
    this.#page = serve(...given)
  }

  close(): void {
    this.#page?.close()
  }
}

function assemble(assembled: Assembled): Engine {
  const { library, thread, reader, pages, onDamage, onComputeNeed, release } = assembled
  const stop = new AbortController()
  const { catalogue, search, revision } = reader
  const lanes = lanesOf(thread.line, LANES)
  const writer = connect(lanes.writer, writerContract)
  const describer = describerAt(writer)
  let progress = progressAtStart(catalogue)
  let learning: Learning['state'] = 'off'
  let isOnBattery = false
  let watched: readonly number[] = []
  let control: Server<EngineControlContract> | undefined
  let warming: Promise<unknown> | undefined
  let closing: Promise<Closed> | undefined

  const duplicates = createDuplicateFinder({
    library,
    serving: search,
    revision: () => revision.value,
    tell: (told) => pages.emit('duplicates', told),
    onDamage
  })

  const map = createShownMap(catalogue)
  const maker = createMapMaker({
    library,
    catalogue,
    writer,
    aside: reader.aside,
    by: () => ({ model: search.serving()?.id ?? null, backbone: search.backbone() }),
    isIdle: () =>
      progress.state === 'idle' && !isOnBattery && !['running', 'returning'].includes(learning),
    tell: (state) => pages.emit('map', state),
    onKept: () => map.changed(),
    onDamage
  })
  /** Only a window shows a map. */
  function mapChanged(): void {
    if (warming && !stop.signal.aborted) maker.changed()
  }

  function report(error: unknown): void {
    if (!stop.signal.aborted) console.error(error)
  }

  writer.on('progress', (told) => {
    if (told.state !== progress.state) mapChanged()
    progress = told
    pages.emit('progress', told)
  })
  writer.on('learning', (told) => {
    if (told.state !== learning) mapChanged()
    learning = told.state
    pages.emit('learning', told)
  })
  writer.on('thumbnails', (hope) => pages.emit('thumbnails', hope))
  writer.on('changed', ({ what }) => revision.raise(what))
  writer.on('watched', ({ folders }) => {
    watched = folders
    revision.raise('rest')
  })
  writer.on('backbone', ({ sha256 }) => search.useBackbone(sha256))
  writer.on('damaged', ({ fault }) => onDamage(new Fault(fault)))
  writer.on('computeNeed', ({ isNeeded }) => onComputeNeed?.(isNeeded))
  writer.on('letGo', ({ model }) => search.letGo(model))
  writer.on('photos', ({ ids, model }) => {
    mapChanged()
    if (!stop.signal.aborted) search.changed([...ids], model).catch(report)
  })
  serve(lanes.reader, readerContract, readerHandlers(reader, stop.signal))

  async function shutDown(): Promise<Closed> {
    stop.abort()
    pages.close()
    await warming
    await duplicates.close()
    await maker.close()
    reader.close() // first: the connection that is closed last empties the WAL, if it may write
    const { unanswered } = await writer.call('close', {})
    if (unanswered === 0) await thread.end()
    else thread.leave()
    release()
    return { unanswered: unanswered + (await unansweredCalls()) } // the reader has its own
  }

  const engine: Engine = {
    ...answersOf(reader, describer, stop.signal),
    models: async () => (await writer.call('models', {})).models,
    attachCompute: (port) => thread.attachCompute(port),
    servePage(port) {
      warming ??= warmUp(catalogue, search, stop.signal).catch(report)
      mapChanged()
      pages.serve(port, engineContract, pageHandlers(parts))
    },
    serveControl(port) {
      control?.close()
      control = serve(port, engineControlContract, controlHandlers(parts, () => engine.close()))
    },
    addFolder: async (path) => {
      const { id, partOf } = await writer.call('addFolder', { path })
      return { id, ...(partOf !== undefined && { partOf }) }
    },
    async locateFolder(former, path) {
      await writer.call('locateFolder', { id: folderAt(catalogue, former).id, path })
    },
    leaveOut: async (path) =>
      void (await writer.call('leaveOut', await subfolderAt(catalogue, path))),
    takeBack: async (path) =>
      void (await writer.call('takeBack', await subfolderAt(catalogue, path))),
    async setLeastPixels(path, pixels) {
      await writer.call('setLeastPixels', { folder: folderAt(catalogue, path).id, pixels })
    },
    async setNotKin(ids, others, isKin) {
      await writer.call('setNotKin', { ids: [...ids], others: [...others], isKin })
    },
    removeAlbum: async (id) => void (await writer.call('removeAlbum', { id })),
    putAlbumBack: async (id) => void (await writer.call('putAlbumBack', { id })),
    rescan: async () => void (await writer.call('rescan', {})),
    idle: () => writer.call('idle', {}),
    tryNow: async () => void (await writer.call('tryNow', {})),
    pause: async () => void (await writer.call('pause', {})),
    resume: async () => void (await writer.call('resume', {})),
    progress: () => progress,
    onProgress: (listener) => writer.on('progress', listener),
    learner: learnerLine(writer),
    close: () => (closing ??= shutDown())
  }
  const parts: HandlerParts = {
    ...reader,
    describer,
    writer,
    duplicates,
    map,
    maker,
    onPower(onBattery) {
      isOnBattery = onBattery
      if (!onBattery) mapChanged()
    },
    progress: () => progress,
    isWatched: (folder) => watched.includes(folder)
  }
  return engine
}

/** What the writer asks of the reader. */
function readerHandlers({ search }: Reader, stop: AbortSignal): Handlers<ReaderContract> {
  return {
    async load({ model }) {
      if (stop.aborted) throw cancelled('load')
      await search.load(model)
      return {}
    },
    async serve({ model }) {
      if (stop.aborted) throw cancelled('serve')
      search.serve(model === null ? undefined : await search.load(model))
      if (model !== null) search.calibration() // now, rather than at the next click
      return {}
    },
    async kin({ ids, count }) {
      return { kin: await kinOfEach(search, ids, count, stop) }
    }
  }
}

/** Until the writer tells of it. */
function progressAtStart(catalogue: Catalogue): Progress {
  const { settings, work } = catalogue
  return {
    state: settings.paused() ? 'paused' : 'idle',
    done: 0,
    total: work.doable(),
    failed: 0,
    photosPerSecond: 0,
    secondsLeft: null,
    currentFile: null,
    restarting: null,
    waits: waitsOf(catalogue, settings.stop())
  }
}
