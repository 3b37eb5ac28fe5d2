// What the engine offers: to the page (by id only, never a path in) and, in a contract of its own,
// to app and the command line, which are trusted with paths.
import * as v from 'valibot'
import { defineContract } from './channel.ts'
import {
  DirectoryInfo,
  Failure,
  KinAnswer,
  LibraryInfo,
  Looked,
  Month,
  PhotoInfo,
  Progress
} from './engine-records.ts'
import { albumMethods } from './methods/album-methods.ts'
import { DuplicateProgress, duplicateMethods } from './duplicate-messages.ts'
import { FaultRecord } from './fault.ts'
import { fileMethods } from './file-methods.ts'
import { folderMethods } from './folder-methods.ts'
import { MapState, mapMethods } from './map-messages.ts'
import { Crop, Filter, Query, Rating } from './query-contract.ts'
import { Traits } from './filter.ts'
import { LargeSide, TilePlace } from './large-picture.ts'
import { PICTURE_KINDS, ThumbnailName } from './thumbnail.ts'
import { Arithmetic, ArithmeticState } from './arithmetic.ts'
import { Devices, KeptModel, KinComparison, LearnOptions, Learning } from './learning-contract.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Bytes of a picture from outside, at most. */
export const LARGEST_PICTURE = 64 * 2 ** 20
/** Photos of one slice of the layout, at most. */
export const LARGEST_SLICE = 65_536

const ids = v.pipe(v.array(id), v.maxLength(1000))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const bytes = v.instance<new () => Uint8Array>(Uint8Array)
const pictureBytes = v.pipe(
  bytes,
  v.check((bytes) => bytes.byteLength <= LARGEST_PICTURE, `at most ${LARGEST_PICTURE} bytes`)
)
/** Failures that one message has at most. */
export const MOST_FAILURES = 10_000

/** The page's line. */
export const engineContract = defineContract({
  name: 'engine',
  version: 1,
  methods: {
    /** What there is; `filter`: what the page shows, for its order. */
    library: { argument: v.object({ filter: v.optional(Filter) }), result: LibraryInfo },
    /**
     * The grid in the smallest form, newest first (capture date, else file date, then id): ids [n],
     * aspect ratios [n] (width / height) and names of thumbnails [n, 16], from `offset` on, n at
     * most `count`. Without `count`: all of them. `total` photos pass the filter. Slices of one
     * `order` fit together: name it to be given its next slice (as long as it is kept: see which
     * one comes back), name none for today's. Rows come by `photos` for what is on screen.
     */
    layout: {
      argument: v.object({
        filter: v.optional(Filter),
        offset: v.optional(count),
        count: v.optional(v.pipe(count, v.maxValue(LARGEST_SLICE))),
        order: v.optional(count)
      }),
      result: v.object({
        order: count,
        total: count,
        all: count, // without the filter
        ids: v.instance(Uint32Array),
        aspects: v.instance(Float32Array),
        thumbnails: v.instance(Uint8Array)
      })
    },
    /** The months of the grid that hold photos, newest first. */
    timeline: {
      argument: v.object({ filter: v.optional(Filter) }),
      result: v.object({ months: v.array(Month) })
    },
    /** The directories of a library folder, in order of path. */
    directories: {
      argument: v.object({ folder: id }),
      result: v.object({ directories: v.array(DirectoryInfo) })
    },
    /** How many photos have each trait that a filter may ask for, whatever the filter. */
    traits: { argument: v.object({}), result: Traits },
    photos: {
      argument: v.object({ ids }),
      result: v.object({ photos: v.array(PhotoInfo) })
    },
    /** Marks photos, and those of equal content, as favourites, or as none. */
    setFavourite: { argument: v.object({ ids, favourite: v.boolean() }), result: v.object({}) },
    /** Rates photos, and those of equal content, from 1 to 5; 0: not rated. */
    setRating: { argument: v.object({ ids, rating: Rating }), result: v.object({}) },
    /** The photo's kin, best first; it and its copies are left out. */
    kin: {
      argument: v.object({
        id,
        top: v.pipe(count, v.maxValue(1000)),
        filter: v.optional(Filter),
        strictness: v.optional(share),
        fold: v.optional(v.boolean()) // see Query
      }),
      result: KinAnswer
    },
    /**
     * The kin of several photos and pictures together, best first, those asked with left out.
     * Throws Fault bad-argument when none has a weight above 0, not-found for a picture that is not
     * kept any more: look at it again.
     */
    query: {
      argument: Query,
      result: KinAnswer
    },
    /**
     * Remembers, by their contents, that no photo of `others` is kin of one of `ids`, nor the other
     * way round; or takes that back.
     */
    setNotKin: {
      argument: v.object({ ids, others: ids, isKin: v.boolean() }),
      result: v.object({})
    },
    /**
     * Describes a picture from outside, or a part of it; the last 16 pictures are kept to be asked
     * with. Throws Fault corrupt-photo, unsupported-format or too-large.
     */
    look: {
      argument: v.object({ bytes: pictureBytes, crop: v.nullable(Crop) }),
      result: Looked
    },
    /** The same for a part of a photo of the library. */
    lookAt: { argument: v.object({ id, crop: Crop }), result: Looked },
    /** A JPEG of a picture from outside, which the page does not decode. Throws as `look` does. */
    draw: {
      argument: v.object({ bytes: pictureBytes, side: LargeSide }),
      result: v.object({ bytes })
    },
    /**
     * Photos that failed, in order of id: the first `count` after photo `after`, 0 at first.
     * `damaged`: how many others are shown though a part of them is damaged.
     */
    failures: {
      argument: v.object({ after: count, count: v.pipe(count, v.maxValue(MOST_FAILURES)) }),
      result: v.object({ total: count, damaged: count, failures: v.array(Failure) })
    },
    /** Puts failed photos (all, or those named) back to pending. */
    retry: {
      argument: v.object({ ids: v.nullable(v.pipe(v.array(id), v.maxLength(1000))) }),
      result: v.object({ pending: count })
    },
    /** Tries what waits at once, without waiting for its time. */
    tryNow: { argument: v.object({}), result: v.object({}) },
    pause: { argument: v.object({}), result: v.object({}) },
    resume: { argument: v.object({}), result: v.object({}) },
    /** Looks through all folders again, and tries what waits at once. */
    rescan: { argument: v.object({}), result: v.object({}) },
    ...folderMethods,

    ...albumMethods,

    ...duplicateMethods,

    ...mapMethods,

    /** Somebody acts: background work begins nothing for a moment, see [Note: step aside]. */
    stepAside: { argument: v.object({}), result: v.object({}) },
    /** It was read that the catalogue was replaced: `library` tells it no more. */
    hideRebuilt: { argument: v.object({}), result: v.object({}) },

    learning: { argument: v.object({}), result: Learning },
    /**
     * Starts learning now, in place of a run that was not finished; what becomes of it comes by the
     * event. Refused (not-found) with fewer photos than it needs.
     */
    learn: { argument: LearnOptions, result: v.object({}) },
    /** Gives the run up; the model that serves stays. */
    cancelLearning: { argument: v.object({}), result: v.object({}) },
    /** Nothing is learned until it is resumed, also after a restart. */
    pauseLearning: { argument: v.object({}), result: v.object({}) },
    resumeLearning: { argument: v.object({}), result: v.object({}) },
    /** All models that are kept, the latest first. */
    models: { argument: v.object({}), result: v.object({ models: v.array(KeptModel) }) },
    /** Lets an earlier model serve again; answers when it does. */
    rollback: { argument: v.object({ model: id }), result: v.object({}) },
    /**
     * Kin of the same photos by the former model and by the one that serves: of those photos of a
     * sample whose kin changed. Null where there is no former one, or its codes are gone.
     */
    compareModels: {
      argument: v.object({
        photos: v.pipe(count, v.minValue(1), v.maxValue(50)),
        top: v.pipe(count, v.minValue(1), v.maxValue(50))
      }),
      result: v.object({
        before: v.nullable(id), // models
        after: v.nullable(id),
        comparisons: v.array(KinComparison)
      })
    },
    /** In which numbers photos are described; waits for compute. */
    arithmetic: { argument: v.object({}), result: ArithmeticState },
    /**
     * Has all photos described anew in others, while what there is goes on serving; answers when
     * that is done. Throws Fault bad-argument, device, cancelled: all stays as it was.
     */
    describeAnew: { argument: v.object({ arithmetic: Arithmetic }), result: v.object({}) },
    /** What could compute, as last measured. */
    devices: { argument: v.object({}), result: Devices },
    /** Measures again; it takes some seconds, in which nothing else is computed. */
    measureDevices: { argument: v.object({}), result: Devices }
  },
  events: {
    progress: Progress,
    duplicates: DuplicateProgress,
    /** What is done for the map; at most five times a second, and when it ends. */
    map: MapState,
    /** Told at most five times a second. */
    learning: Learning,
    /** The library has a new revision (told at most twice a second). */
    changed: v.object({ revision: count }),
    /** Thumbnails that could not be made may be made now: they may be asked for again. */
    thumbnails: v.object({ names: v.array(ThumbnailName) })
  }
})
export type EngineContract = typeof engineContract

/** App's line: trusted with paths. */
export const engineControlContract = defineContract({
  name: 'engine-control',
  version: 1,
  methods: {
    /** `partOf`: it lies in a folder of the library, and this is the name of that one. */
    addFolder: {
      argument: v.object({ path: v.string() }),
      result: v.object({ id, partOf: v.optional(v.string()) })
    },
    /**
     * A folder that is not where it was lies at `path`. Throws Fault not-found, or wrong-folder.
     */
    locateFolder: { argument: v.object({ id, path: v.string() }), result: v.object({}) },
    /**
     * A JPEG of the whole photo of a content, made at each call of the first copy that can be read;
     * see [Note: large picture]. Throws a Fault.
     */
    large: {
      argument: v.object({ name: ThumbnailName, side: LargeSide }),
      result: v.object({ bytes })
    },
    /** A JPEG of a tile of it. Throws a Fault. */
    part: {
      argument: v.object({ name: ThumbnailName, ...TilePlace.entries }),
      result: v.object({ bytes })
    },
    /**
     * Has a picture that is missing or damaged made from a photo's file; answers when it is there.
     * `made` is false where no photo of this content can be read now.
     */
    remakeThumbnail: {
      argument: v.object({ name: ThumbnailName, kind: v.picklist(PICTURE_KINDS) }),
      result: v.object({ made: v.boolean() })
    },
    ...fileMethods,
    /** Whether the machine runs on its battery: then nothing is learned unless it was asked for. */
    power: { argument: v.object({ onBattery: v.boolean() }), result: v.object({}) },
    /** Compute cannot start and stays down: told to whoever waits for it. */
    computeRefused: { argument: v.object({ fault: FaultRecord }), result: v.object({}) },
    /** Stops work, closes the catalogue. The process may exit afterwards. */
    close: { argument: v.object({}), result: v.object({}) }
  },
  events: {}
})
export type EngineControlContract = typeof engineControlContract
