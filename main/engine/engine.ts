// The engine: catalogue, folders, indexing and search put together. Runs in a utility process
// behind ports, or inside the command line. Never loads ONNX Runtime, never imports compute.
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CATALOGUE_FILE, openCatalogue } from '../catalogue/catalogue.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { missingModel } from '../catalogue/model-table.ts'
import { serve } from '../wire/channel.ts'
import type { Server } from '../wire/channel.ts'
import { engineContract, engineControlContract } from '../wire/engine-contract.ts'
import type { EngineContract, EngineControlContract } from '../wire/engine-contract.ts'
import { Fault, cancelled } from '../wire/fault.ts'
import { THUMBNAILS_FOLDER } from '../wire/thumbnail.ts'
import { QuantizerError } from '../../model/retrieval.ts'
import type { Scored } from '../../model/retrieval.ts'
import type { Engine, EngineOptions, FoundKin, Vectors } from './api.ts'
import { createComputeLink, pathOf } from './compute-link.ts'
import type { Session } from './compute-link.ts'
import type { Context } from './context.ts'
import { createFitter } from './learning/fitter.ts'
import { createModelSwap } from './learning/model-swap.ts'
import { createTidying } from './learning/tidying.ts'
import { createFilters } from './answering/filters.ts'
import { addFolder, filterOf, photoAt } from './folders/library-folders.ts'
import { controlHandlers, pageHandlers } from './handlers.ts'
import type { HandlerParts } from './handlers.ts'
import { createIndexer } from './indexing/indexer.ts'
import { createLearner } from './learning/learner.ts'
import { knownPhoto } from './learning/renew-features.ts'
import { createLayouts } from './answering/layout.ts'
import { allVectors, failedPhotos, statusOf } from './answering/overview.ts'
import { createPlanner } from './indexing/planner.ts'
import { createProgressMeter } from './indexing/progress-meter.ts'
import type { Findings } from './folders/reconcile.ts'
import { createRevision } from './answering/revision.ts'
import { createScanner } from './folders/scanner.ts'
import { createSearch } from './answering/search.ts'
import type { Search } from './answering/search.ts'
import { createReaderLine } from './reader-line.ts'
import type { FarReader } from './reader-line.ts'
import { createPictures } from './answering/looked-pictures.ts'
import { tellServing } from './learning/tell-serving.ts'
import { kinOf } from './answering/kin-question.ts'
import { createThumbnailMaker } from './indexing/remake-thumbnails.ts'
import { purge, sweep } from './indexing/thumbnails.ts'
import { warmUp } from './answering/warm-up.ts'
import { createWatching } from './folders/watching.ts'

const SETTLE = 2000 // ms
/** Unused thumbnails are looked for this often, ms. */
const SWEEP_EVERY = 24 * 3600_000
/** How often `idle` looks whether it is, ms. */
const LOOK_EVERY = 20
/** Long work looks so often whether indexing is done, ms. */
const GIVES_WAY_FOR = 200

/**
 * Opens the library and starts looking through its folders. Indexing waits for a compute.
 * Throws Fault library-in-use, library-damaged, version-mismatch or unreadable; not-found when it
 * is to be looked at only and is not there.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (options.readOnly && !existsSync(join(options.library, CATALOGUE_FILE)))
    throw noLibrary(options.library)
  const catalogue = openCatalogue(resolve(options.library))
  const library = realpathSync(options.library) // folders are real paths, too
  const thumbnails = join(library, THUMBNAILS_FOLDER)
  try {
    mkdirSync(thumbnails, { recursive: true })
    const search = createSearch(catalogue)
    const served = catalogue.models.serving()
    if (served) await serveStored(catalogue, search, served.id, options.readOnly)
    search.useBackbone(served?.backbone ?? catalogue.vectors.anyBackbone())
    return assemble({ ...options, library }, thumbnails, catalogue, search)
  } catch (error) {
    catalogue.close()
    throw error
  }
}

function noLibrary(folder: string): Fault {
  return new Fault({
    kind: 'not-found',
    subject: folder,
    expected: 'a library',
    received: 'none',
    remedy: 'Index a folder first.'
  })
}

/** Lets the stored model serve; one that fails its checks is retired: another is fitted then. */
async function serveStored(
  catalogue: Catalogue,
  search: Search,
  id: number,
  readOnly = false
): Promise<void> {
  try {
    search.serve(await search.load(id))
  } catch (error) {
    if (!(error instanceof QuantizerError)) throw error
    console.error(`kindred: model ${id} is damaged and not used. ${error.message}`)
    if (!readOnly) catalogue.models.retire()
  }
}

/** The reader in this very thread. */
function farReaderOf(search: Search, report: (error: unknown) => void): FarReader {
  return {
    useBackbone: (sha256) => search.useBackbone(sha256),
    load: async (id) => void (await search.load(id)),
    serve: async (id) => search.serve(id === undefined ? undefined : await search.load(id)),
    letGo: (id) => search.letGo(id),
    changed: (ids, model) => void search.changed(ids, model).catch(report)
  }
}

function assemble(
  options: EngineOptions,
  thumbnails: string,
  catalogue: Catalogue,
  search: Search
): Engine {
  const { library } = options
  const stop = new AbortController()
  const resting = options.readOnly === true || catalogue.settings.paused()
  let page: Server<EngineContract> | undefined
  let control: Server<EngineControlContract> | undefined
  let closing: Promise<void> | undefined
  let warming: Promise<unknown> | undefined

  const meter = createProgressMeter(() => catalogue.work.doable())
  meter.set({ paused: resting })
  meter.on((progress) => page?.emit('progress', progress))
  const revision = createRevision((value) => page?.emit('changed', { revision: value }))

  const filters = createFilters(catalogue, (filter) => revision.of(filter))

  const isIdle = (): boolean => !scanner.busy && !indexer.running
  const link = createComputeLink({
    tuned: join(library, 'backbones'),
    prepare,
    onBegan(ids) {
      const name = catalogue.photos.shown(ids.at(-1) ?? 0)?.name
      if (name) meter.set({ currentFile: name })
    },
    onState(compute) {
      meter.set({ compute })
      if (compute !== 'ready') return
      indexer.wake()
      learner.wake()
    }
  })
  const reader = createReaderLine(catalogue, farReaderOf(search, report), {
    serving: search.serving()?.id,
    backbone: search.backbone()
  })
  const context: Context = {
    catalogue,
    link,
    reader,
    thumbnails,
    tuned: join(library, 'backbones'),
    async giveWay(signal) {
      while (!isIdle()) await sleep(GIVES_WAY_FOR, undefined, { signal })
      signal.throwIfAborted()
    },
    onPending() {
      revision.raise()
      indexer.wake()
    },
    onKept({ indexed, failed }) {
      indexer.count(indexed, failed)
      if (indexed + failed > 0) revision.raise()
    },
    onMoved: ({ folder, directory }) => scanner.hint(folder, directory, false),
    onFitting(fitting) {
      meter.set({ fitting })
      if (!fitting) revision.raise('rest') // another model may serve
    }
  }
  const thumbnailMaker = createThumbnailMaker({
    catalogue,
    link,
    thumbnails,
    signal: stop.signal,
    onHope: (names) => page?.emit('thumbnails', { names })
  })
  const planner = createPlanner(context, stop.signal)
  const modelTidying = createTidying(context)
  const swap = createModelSwap(context, modelTidying)
  const fitter = createFitter(context, swap, (indexed) => learner.holdsModels(indexed))
  const scanner = createScanner(catalogue, {
    except: library,
    settle: options.settle ?? SETTLE,
    onRows: () => (revision.raise(), indexer.wake()),
    onFindings,
    onPresence() {
      watching?.update()
      thumbnailMaker.tryAgain()
      revision.raise('rest')
    },
    onFault: (error) => console.error(error),
    onBusy(scanning) {
      meter.set({ scanning })
      if (scanning) return
      indexer.wake()
      learner.wake()
    }
  })
  const indexer = createIndexer(
    {
      context,
      planner,
      fitter,
      meter,
      scanning: () => scanner.busy,
      onRest: () => learner.wake()
    },
    resting
  )
  const learner = createLearner({
    context,
    fitter,
    swap,
    tidying: modelTidying,
    isIdle,
    ...(options.learns && { learns: options.learns }),
    readOnly: options.readOnly ?? false,
    onServing: () => revision.raise('rest')
  })
  learner.on((learning) => page?.emit('learning', learning))
  meter.on(() => learner.tell()) // it may wait for indexing, or have more photos
  const watching =
    options.watch === false || options.readOnly
      ? undefined
      : createWatching(catalogue, scanner, library, () => revision.raise('rest'))

  async function onFindings(findings: Findings): Promise<void> {
    planner.scanned()
    reader.changed([...findings.left, ...findings.returned])
    if (!findings.changed) return
    thumbnailMaker.tryAgain()
    revision.raise()
  }

  /** Makes a new compute fit for use. */
  async function prepare(session: Session): Promise<void> {
    if (!options.readOnly) await modelTidying.useBackbone(session.backbone.sha256)
    await learner.prepare(session)
    await tellServing(context, session, options.readOnly)
    // Only now it is known which backbones there are.
    if (!options.readOnly) tidying = tidying.then(() => modelTidying.tidy()).catch(report)
  }

  function found({ ids, scores }: Scored): FoundKin[] {
    const kin: FoundKin[] = []
    ids.forEach((id, place) => {
      const row = catalogue.photos.place(id)
      if (row) kin.push({ id, path: pathOf(row), score: scores[place] ?? 0 })
    })
    return kin
  }

  async function vectorsBy(id: number): Promise<Vectors> {
    if (!catalogue.models.get(id)) throw missingModel(id)
    const model = { id, record: catalogue.models.record(id) }
    const { backbone } = model.record
    const { signal } = stop
    return allVectors(catalogue, backbone, model, {
      async describe(ids) {
        const photos = ids.flatMap((photo) => knownPhoto(context, photo) ?? [])
        const session = await link.session(signal)
        const { outcomes } = await session.call('renew', { photos, backbone }, signal)
        return new Map(
          outcomes.flatMap((one) => (one.outcome === 'renewed' ? [[one.id, one.feature]] : []))
        )
      },
      async encode(features, n) {
        return (await link.session(signal)).encode(model, features, n, signal)
      }
    })
  }

  async function tidy(): Promise<void> {
    await modelTidying.tidy()
    const now = Date.now()
    if (now - catalogue.settings.sweptAt() < SWEEP_EVERY) return
    await purge(catalogue, now)
    await sweep(catalogue, thumbnails, now, stop.signal)
    if (!stop.signal.aborted) catalogue.settings.setSweptAt(now)
  }

  const engine: Engine = {
    attachCompute: (port) => link.attach(port),
    servePage(port) {
      warming ??= warmUp(catalogue, search, stop.signal).catch(report)
      page?.close()
      page = serve(port, engineContract, pageHandlers(parts))
    },
    serveControl(port) {
      control?.close()
      control = serve(port, engineControlContract, controlHandlers(parts))
    },
    async addFolder(path) {
      const id = await scanner.exclusively(() => addFolder(catalogue, path))
      watching?.update()
      revision.raise()
      if (!options.readOnly) scanner.scan([id]).catch(report)
      return id
    },
    rescan: () => scanner.scan(),
    async idle() {
      while (!stop.signal.aborted && (scanner.busy || indexer.running)) await sleep(LOOK_EVERY)
      if (stop.signal.aborted) throw cancelled('indexing')
      if (indexer.trouble) throw indexer.trouble
      return { ...indexer.report }
    },
    pause() {
      catalogue.settings.setPaused(true)
      indexer.rest(true)
    },
    resume() {
      catalogue.settings.setPaused(false)
      indexer.rest(false)
    },
    progress: () => meter.snapshot(),
    onProgress: (listener) => meter.on(listener),
    status: () => statusOf(catalogue, search),
    failed: () => failedPhotos(catalogue),
    similar: async (question) => found(await kinOf(parts, question, stop.signal)),
    filterOf: (path) => filterOf(catalogue, path),
    idOf: (path) => photoAt(catalogue, resolve(path)),
    vectors: (model) =>
      model === undefined
        ? allVectors(catalogue, search.backbone(), search.serving())
        : vectorsBy(model),
    learner,
    close: () => (closing ??= shutDown())
  }

  const parts: HandlerParts = {
    catalogue,
    engine,
    link,
    search,
    filters,
    pictures: createPictures(),
    layouts: createLayouts(catalogue, filters, (filter) => revision.of(filter)),
    thumbnails: thumbnailMaker,
    revision,
    isWatched: (folder) => watching?.isWatched(folder) ?? false,
    async removeFolder(id) {
      const ids = await scanner.exclusively(() => catalogue.folders.remove(id, Date.now()))
      reader.changed(ids)
      watching?.update()
      revision.raise()
    },
    retry(ids) {
      const count = catalogue.work.retry(ids)
      revision.raise()
      indexer.wake()
      return count
    }
  }

  function report(error: unknown): void {
    if (!stop.signal.aborted) console.error(error)
  }

  let tidying = options.readOnly ? Promise.resolve() : tidy().catch(report)
  if (!options.readOnly) scanner.scan().catch(report)

  async function shutDown(): Promise<void> {
    stop.abort()
    link.close()
    thumbnailMaker.close()
    const ends = [scanner.close(), indexer.close(), learner.close()]
    await Promise.all([watching?.close(), ...ends, tidying, warming])
    meter.close()
    revision.close()
    catalogue.close()
  }

  return engine
}
