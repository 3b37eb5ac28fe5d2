// What the page and app may ask: answered from what the reader has, or passed on to the writer
// where something is to be written, learned or computed. Runs in the reader. Arguments and results
// were, and are, validated by the wire.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ClosedGroup } from '../catalogue/closed-table.ts'
import type { OtherPath } from '../catalogue/other-path-table.ts'
import type { Argument, Client, Handlers } from '../wire/channel.ts'
import type { EngineContract, EngineControlContract } from '../wire/engine-contract.ts'
import type { FolderInfo, KinAnswer as ShownAnswer, LibraryInfo } from '../wire/engine-records.ts'
import type { PhotoInfo, Progress } from '../wire/engine-records.ts'
import { isFault } from '../wire/fault.ts'
import type { Filter, QueryPart } from '../wire/query-contract.ts'
import type { WriterContract } from '../wire/writer-contract.ts'
import type { DuplicateFinder } from './duplicates/duplicate-finder.ts'
import { duplicateHandlers, unprotected } from './duplicates/duplicate-handlers.ts'
import type { MapMaker } from './mapping/map-maker.ts'
import type { ShownMap } from './mapping/shown-map.ts'
import { filesOfPhotos, lastCopies } from './moving/last-copies.ts'
import { pathOfPhoto } from './photo-paths.ts'
import { awayIn, infoOf, photoCounts, photosByFolder } from './answering/overview.ts'
import { directoriesOf, subfoldersOf } from './answering/subfolders.ts'
import { leftOutByFolder } from './answering/left-out.ts'
import { createTraits } from './answering/traits.ts'
import type { Reader } from './answering/reader.ts'
import { kinOf, look } from './answering/kin-question.ts'
import type { KinAnswer, KinParts, Question } from './answering/kin-question.ts'

export interface HandlerParts extends Reader, KinParts {
  writer: Client<WriterContract>
  duplicates: DuplicateFinder
  map: ShownMap
  maker: MapMaker
  /** Told whether the machine runs on its battery. */
  onPower(onBattery: boolean): void
  /** As the writer told it last. */
  progress(): Progress
  /** False for a folder that cannot be watched as a whole. */
  isWatched(folder: number): boolean
}

/** Answers a method by that of the same name of the writer. */
function passedOn(writer: Client<WriterContract>) {
  return <K extends keyof WriterContract['methods']>(method: K) =>
    (argument: Argument<WriterContract, K>, signal: AbortSignal) =>
      writer.call(method, argument, signal)
}

/** The page's line. */
export function pageHandlers(parts: HandlerParts): Handlers<EngineContract> {
  const { catalogue, writer } = parts
  const byWriter = passedOn(writer)
  const counts = countsOf(parts)
  const traits = createTraits(catalogue, () => parts.revision.photos)

  /** A person has asked: what waits for its time is tried as well. */
  async function lookAgain(): Promise<void> {
    try {
      await writer.call('tryNow', {})
      await writer.call('rescan', {})
    } catch (error) {
      if (!isFault(error, 'cancelled', 'process-lost')) console.error(error)
    }
  }

  return {
    library: ({ filter }) => libraryInfo(parts, counts(), filter),
    layout: (request) => parts.layouts.slice(request),
    timeline: async ({ filter }) => ({ months: await parts.layouts.months(filter) }),
    traits,
    directories: ({ folder }) => ({ directories: directoriesOf(catalogue, folder) }),
    setFavourite: byWriter('setFavourite'),
    setRating: byWriter('setRating'),
    async query({ parts: asked, ...narrowing }, signal) {
      const found = await kinOf(parts, { ...narrowing, parts: asked.map(partOf) }, signal)
      return shownAnswer(parts, found)
    },
    look: ({ bytes, crop }, signal) => look(parts, { bytes }, crop, undefined, signal),
    lookAt({ id, crop }, signal) {
      return look(parts, { path: pathOfPhoto(catalogue, id) }, crop, id, signal)
    },
    draw: byWriter('draw'),
    photos: ({ ids }) => ({ photos: ids.flatMap((id) => photoInfo(catalogue, id)) }),
    async kin({ id, ...narrowing }, signal) {
      const question = { ...narrowing, parts: [{ of: { id }, weight: 1 }] }
      const found = await kinOf(parts, question, signal)
      return shownAnswer(parts, found)
    },
    failures({ after, count }) {
      const failures = catalogue.photos
        .failures(after, count)
        .map(({ id, name, directory, fault }) => ({ id, name, folder: directory, fault }))
      return { total: photoCounts(catalogue).failed, damaged: catalogue.photos.damaged(), failures }
    },
    retry: byWriter('retry'),
    tryNow: byWriter('tryNow'),
    pause: byWriter('pause'),
    resume: byWriter('resume'),
    rescan() {
      void lookAgain()
      return {}
    },
    subfolders: ({ folder }) => ({ subfolders: subfoldersOf(catalogue, folder) }),
    leaveOut: byWriter('leaveOut'),
    takeBack: byWriter('takeBack'),
    setLeastPixels: byWriter('setLeastPixels'),
    removeFolder: byWriter('removeFolder'),
    ...duplicateHandlers(catalogue, parts.duplicates),
    setNotKin: byWriter('setNotKin'),
    albums: () => ({ albums: catalogue.albums.all() }),
    album: ({ id }) => catalogue.albums.open(id),
    keepAlbum: byWriter('keepAlbum'),
    renameAlbum: byWriter('renameAlbum'),
    removeAlbum: byWriter('removeAlbum'),
    putAlbumBack: byWriter('putAlbumBack'),
    setNotDuplicates: byWriter('setNotDuplicates'),
    forgetDecision: byWriter('forgetDecision'),
    setKeptPlaces: byWriter('setKeptPlaces'),
    map(request) {
      parts.maker.want()
      return parts.map.slice(parts.maker, request)
    },
    stepAside() {
      parts.aside.begin()
      // Nobody waits for it: a writer that is gone does nothing.
      writer.call('stepAside', {}).catch(() => undefined)
      return {}
    },
    hideRebuilt: byWriter('hideRebuilt'),
    learning: byWriter('learning'),
    learn: byWriter('learn'),
    cancelLearning: byWriter('cancelLearning'),
    pauseLearning: byWriter('pauseLearning'),
    resumeLearning: byWriter('resumeLearning'),
    models: byWriter('models'),
    rollback: byWriter('rollback'),
    compareModels: byWriter('compareModels'),
    arithmetic: byWriter('arithmetic'),
    describeAnew: byWriter('describeAnew'),
    devices: byWriter('devices'),
    measureDevices: byWriter('measureDevices')
  }
}

/** App's line, trusted with paths. */
export function controlHandlers(
  parts: HandlerParts,
  close: () => Promise<unknown>
): Handlers<EngineControlContract> {
  const byWriter = passedOn(parts.writer)
  return {
    addFolder: byWriter('addFolder'),
    locateFolder: byWriter('locateFolder'),
    large: byWriter('large'),
    part: byWriter('part'),
    files: ({ ids }) => ({ photos: filesOfPhotos(parts.catalogue, ids) }),
    lastCopies: async ({ ids }) => ({ ids: await lastCopies(parts.catalogue, ids) }),
    unprotected: ({ ids }) => ({ ids: unprotected(parts.catalogue, ids) }),
    transfer: byWriter('transfer'),
    putBack: byWriter('putBack'),
    follow: byWriter('follow'),
    remakeThumbnail: byWriter('remakeThumbnail'),
    power(argument, signal) {
      parts.onPower(argument.onBattery)
      return parts.writer.call('power', argument, signal)
    },
    computeRefused: byWriter('computeRefused'),
    close: async () => (await close(), {})
  }
}

type Counts = ReturnType<typeof photoCounts> & { folders: ReadonlyMap<number, number> }

/** Counts of photos, kept until photos change: in a million they take a tenth of a second. */
function countsOf({ catalogue, revision }: HandlerParts): () => Counts {
  let kept: { revision: number; counts: Counts } | undefined
  return () => {
    const now = revision.photos
    if (kept?.revision !== now) {
      const counts = { ...photoCounts(catalogue), folders: photosByFolder(catalogue) }
      kept = { revision: now, counts }
    }
    return kept.counts
  }
}

function libraryInfo(
  { catalogue, search, ...parts }: HandlerParts,
  { folders, ...counts }: Counts,
  filter: Filter | undefined
): LibraryInfo {
  const model = search.serving()
  // Of several groups of a folder the first is told.
  const closed = new Map(catalogue.closed.groups().reverse().map((group) => [group.folder, group]))
  const leftOut = leftOutByFolder(catalogue)
  const limits = catalogue.omitted.limits()
  return {
    ...counts,
    folders: catalogue.folders.list().map((folder) => ({
      ...folder,
      photos: folders.get(folder.id) ?? 0,
      watched: parts.isWatched(folder.id),
      closed: closedInfo(closed.get(folder.id)),
      leftOut: leftOut.get(folder.id),
      leastPixels: limits.get(folder.id),
      away: folder.present ? awayIn(catalogue, folder.id) : []
    })),
    model: model ? infoOf(model.row) : null,
    rebuilt: catalogue.settings.rebuilt() ?? null,
    progress: parts.progress(),
    revision: parts.revision.value,
    order: parts.revision.of(filter)
  }
}

function closedInfo(group: ClosedGroup | undefined): FolderInfo['closed'] {
  if (!group) return undefined
  const { directories, first, fault } = group
  return { directories, first, fault }
}

function photoInfo(catalogue: Catalogue, id: number): PhotoInfo[] {
  const row = catalogue.photos.shown(id)
  if (!row) return [] // it left since the page asked for the layout
  const { directory: folder, status, capturedAt, capturedFrom, fileTime, ...shown } = row
  const date =
    capturedAt !== null && capturedFrom
      ? { at: capturedAt, source: capturedFrom }
      : fileTime === null ? null : { at: fileTime, source: 'file' as const }
  const otherPaths = catalogue.otherPaths.ofPhoto(id).map(otherPathShown)
  const facts = catalogue.facts.of(id)
  return [{ ...shown, date, folder, facts, indexed: status === 'indexed', otherPaths }]
}

/** As a person sees it: below the name of its folder. */
function otherPathShown({ folderName, directory, name }: OtherPath): string {
  return [folderName, directory, name].filter((part) => part !== '').join('/')
}

/** A part of a query of the page, as the engine takes it. */
function partOf({ of, weight }: QueryPart): Question['parts'][number] {
  return { of: of.kind === 'photo' ? { id: of.id } : { picture: of.picture }, weight }
}

function shownAnswer({ catalogue, search }: HandlerParts, answer: KinAnswer): ShownAnswer {
  const byId = new Map(answer.kin.map((one) => [one.id, one]))
  const kin = catalogue.photos
    .shownKin([...byId.keys()])
    .flatMap((photo) => {
      const found = byId.get(photo.id)
      if (!found) return []
      const { isSame: _, ...told } = found
      return [{ ...photo, ...told }]
    })
  const { copies, putAway } = answer
  return { kin, copies, putAway, exact: search.serving() === undefined }
}
