// What the page and app may ask, answered from the parts of the engine. Runs in the engine.
// Arguments and results were, and are, validated by the wire.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Handlers } from '../wire/channel.ts'
import type {
  EngineContract,
  EngineControlContract,
  Kin,
  LibraryInfo,
  PhotoInfo
} from '../wire/engine-contract.ts'
import { Fault } from '../wire/fault.ts'
import type { Filter, QueryPart } from '../wire/query-contract.ts'
import type { Scored } from '../../model/retrieval.ts'
import type { Engine } from './api.ts'
import { pathOf } from './compute-link.ts'
import { contentTypeOf } from './folders/formats.ts'
import { learningHandlers } from './learning/learning-handlers.ts'
import type { Layouts } from './answering/layout.ts'
import { directoriesOf, infoOf, photoCounts } from './answering/overview.ts'
import type { Revision } from './answering/revision.ts'
import { kinOf, look, pathOfPhoto } from './answering/kin-question.ts'
import type { KinParts, Question } from './answering/kin-question.ts'
import type { ThumbnailMaker } from './indexing/remake-thumbnails.ts'

export interface HandlerParts extends KinParts {
  engine: Engine
  layouts: Layouts
  thumbnails: ThumbnailMaker
  revision: Revision
  isWatched(folder: number): boolean
  removeFolder(id: number): Promise<void>
  retry(ids: number[] | null): number
}

/** The page's line. */
export function pageHandlers(parts: HandlerParts): Handlers<EngineContract> {
  const { catalogue, engine, search } = parts
  const counts = countsOf(parts)
  return {
    library: ({ filter }) => libraryInfo(parts, counts(), filter),
    layout: (request) => parts.layouts.slice(request),
    timeline: ({ filter }) => ({ months: parts.layouts.months(filter) }),
    directories: ({ folder }) => ({ directories: directoriesOf(catalogue, folder) }),
    setFavourite({ ids, favourite }) {
      catalogue.favourites.set(ids, favourite)
      parts.revision.raise('favourites')
      return {}
    },
    async query({ parts: asked, ...narrowing }, signal) {
      const found = await kinOf(parts, { ...narrowing, parts: asked.map(partOf) }, signal)
      return { kin: shownKin(catalogue, found), exact: search.serving() === undefined }
    },
    look: ({ bytes, crop }, signal) => look(parts, { bytes }, crop, undefined, signal),
    lookAt({ id, crop }, signal) {
      return look(parts, { path: pathOfPhoto(catalogue, id) }, crop, id, signal)
    },
    photos: ({ ids }) => ({ photos: ids.flatMap((id) => photoInfo(catalogue, id)) }),
    async kin({ id, ...narrowing }, signal) {
      const question = { ...narrowing, parts: [{ of: { id }, weight: 1 }] }
      const found = await kinOf(parts, question, signal)
      return { kin: shownKin(catalogue, found), exact: search.serving() === undefined }
    },
    failures({ offset, count }) {
      const failures = catalogue.photos
        .failures(offset, count)
        .map(({ id, name, directory, kind, reason }) => ({
          id,
          name,
          folder: directory,
          kind,
          reason
        }))
      return { total: photoCounts(catalogue).failed, failures }
    },
    retry: ({ ids }) => ({ pending: parts.retry(ids) }),
    pause: () => (engine.pause(), {}),
    resume: () => (engine.resume(), {}),
    rescan() {
      engine.rescan().catch((error: unknown) => console.error(error))
      return {}
    },
    removeFolder: async ({ id }) => (await parts.removeFolder(id), {}),
    ...learningHandlers(engine.learner)
  }
}

/** App's line, trusted with paths. */
export function controlHandlers(parts: HandlerParts): Handlers<EngineControlContract> {
  return {
    addFolder: async ({ path }) => ({ id: await parts.engine.addFolder(path) }),
    locate: ({ id }) => locate(parts.catalogue, id),
    remakeThumbnail: async ({ name }) => ({ made: await parts.thumbnails.remake(name) }),
    power: ({ onBattery }) => (parts.engine.learner.power(onBattery), {}),
    computeRefused: ({ fault }) => (parts.link.refuse(new Fault(fault)), {}),
    close: async () => (await parts.engine.close(), {})
  }
}

type Counts = ReturnType<typeof photoCounts> & { folders: ReadonlyMap<number, number> }

/** Counts of photos, kept until photos change: in a million they take a tenth of a second. */
function countsOf({ catalogue, revision }: HandlerParts): () => Counts {
  let kept: { revision: number; counts: Counts } | undefined
  return () => {
    const now = revision.photos
    if (kept?.revision !== now) {
      const counts = { ...photoCounts(catalogue), folders: catalogue.folders.counts() }
      kept = { revision: now, counts }
    }
    return kept.counts
  }
}

function libraryInfo(
  { catalogue, engine, search, ...parts }: HandlerParts,
  { folders, ...counts }: Counts,
  filter: Filter | undefined
): LibraryInfo {
  const model = search.serving()
  return {
    ...counts,
    folders: catalogue.folders.list().map((folder) => ({
      ...folder,
      photos: folders.get(folder.id) ?? 0,
      watched: parts.isWatched(folder.id)
    })),
    model: model ? infoOf(model.row) : null,
    progress: engine.progress(),
    revision: parts.revision.value,
    order: parts.revision.of(filter)
  }
}

function photoInfo(catalogue: Catalogue, id: number): PhotoInfo[] {
  const row = catalogue.photos.shown(id)
  if (!row) return [] // it left since the page asked for the layout
  const { directory: folder, status, ...shown } = row
  return [{ ...shown, folder, indexed: status === 'indexed' }]
}

/** A part of a query of the page, as the engine takes it. */
function partOf({ of, weight }: QueryPart): Question['parts'][number] {
  return { of: of.kind === 'photo' ? { id: of.id } : { picture: of.picture }, weight }
}

function shownKin(catalogue: Catalogue, { ids, scores }: Scored): Kin[] {
  const scoreOf = new Map([...ids].map((id, place) => [id, scores[place] ?? 0]))
  return catalogue.photos
    .shownKin([...ids])
    .map((photo) => ({ ...photo, score: scoreOf.get(photo.id) ?? 0 }))
}

/** Where a photo lies, and the folder its real path must be in. Throws Fault not-found. */
function locate(
  catalogue: Catalogue,
  id: number
): { path: string; root: string; contentType: string } {
  const place = catalogue.photos.place(id)
  // A hash is of what was decoded: files that never were are not handed to the page.
  if (place?.hash)
    return { path: pathOf(place), root: place.root, contentType: contentTypeOf(place.name) }
  throw new Fault({
    kind: 'not-found',
    subject: `photo ${id}`,
    expected: 'a photo of the library',
    received: place ? 'one that is not indexed' : 'none',
    remedy: 'It may have left the library since.'
  })
}
