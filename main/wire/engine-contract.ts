// What the engine offers: to the page (by id only, never a path in) and, in a contract of its own,
// to app and the command line, which are trusted with paths.
import * as v from 'valibot'
import { defineContract } from './channel.ts'
import { FAULT_KINDS, FaultRecord } from './fault.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

export const FolderInfo = v.object({
  id,
  name: v.string(), // the folder's own name
  path: v.string(), // to be shown; the page never sends it back
  present: v.boolean(), // false: drive unplugged or folder gone; its photos are kept
  photos: count,
  /** False: the system allows no (more) watches; it is looked through from time to time instead. */
  watched: v.optional(v.boolean())
})
export type FolderInfo = v.InferOutput<typeof FolderInfo>

export const ModelInfo = v.object({
  id,
  kind: v.picklist(['first', 'learned']),
  M: count,
  K: count,
  L: count,
  bits: count,
  fittedOn: count, // photos
  createdAt: v.number() // ms since 1970
})
export type ModelInfo = v.InferOutput<typeof ModelInfo>

export const Progress = v.object({
  state: v.picklist(['idle', 'scanning', 'indexing', 'fitting', 'paused']),
  done: count, // of this run, failed ones too
  total: count,
  failed: count, // of this run
  photosPerSecond: v.number(),
  secondsLeft: v.nullable(v.number()),
  currentFile: v.nullable(v.string()), // its name, to be shown
  /** What is being restarted, calmly: work goes on by itself. */
  restarting: v.nullable(v.picklist(['compute', 'decoder'])),
  /** What keeps indexing from going on; it is tried again by itself. */
  trouble: v.optional(v.nullable(FaultRecord))
})
export type Progress = v.InferOutput<typeof Progress>

export const LibraryInfo = v.object({
  photos: count,
  indexed: count,
  pending: count,
  failed: count,
  folders: v.array(FolderInfo),
  model: v.nullable(ModelInfo),
  progress: Progress,
  /** Raised when rows appeared, vanished or changed: the page asks for the layout again. */
  revision: count
})
export type LibraryInfo = v.InferOutput<typeof LibraryInfo>

export const PhotoInfo = v.object({
  id,
  name: v.string(), // file name
  folder: v.string(), // path of its folder, relative to the library folder, to be shown
  width: count,
  height: count,
  fileSize: count, // bytes
  capturedAt: v.nullable(v.number()), // ms since 1970, local time as UTC
  indexed: v.boolean()
})
export type PhotoInfo = v.InferOutput<typeof PhotoInfo>

export const Kin = v.object({
  id,
  score: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  width: count,
  height: count,
  name: v.string()
})
export type Kin = v.InferOutput<typeof Kin>

export const Failure = v.object({
  id,
  name: v.string(),
  folder: v.string(),
  kind: v.picklist(FAULT_KINDS),
  reason: v.string() // a sentence with its remedy
})
export type Failure = v.InferOutput<typeof Failure>

const page = v.object({ offset: count, count: v.pipe(count, v.maxValue(10_000)) })

/** The page's line. */
export const engineContract = defineContract({
  name: 'engine',
  version: 1,
  methods: {
    library: { argument: v.object({}), result: LibraryInfo },
    /**
     * The whole grid in the smallest form, newest first (capture date, else file date, then id):
     * ids [n] and aspect ratios [n] (width / height). Rows come by `photos` for what is on screen.
     */
    layout: {
      argument: v.object({}),
      result: v.object({
        revision: count,
        ids: v.instance(Uint32Array),
        aspects: v.instance(Float32Array)
      })
    },
    photos: {
      argument: v.object({ ids: v.pipe(v.array(id), v.maxLength(1000)) }),
      result: v.object({ photos: v.array(PhotoInfo) })
    },
    /** The photo's kin, best first, itself left out. `exact`: ordered by features, no model yet. */
    kin: {
      argument: v.object({ id, top: v.pipe(count, v.maxValue(1000)) }),
      result: v.object({ kin: v.array(Kin), exact: v.boolean() })
    },
    failures: {
      argument: page,
      result: v.object({ total: count, failures: v.array(Failure) })
    },
    /** Puts failed photos (all, or those named) back to pending. */
    retry: {
      argument: v.object({ ids: v.nullable(v.pipe(v.array(id), v.maxLength(1000))) }),
      result: v.object({ pending: count })
    },
    pause: { argument: v.object({}), result: v.object({}) },
    resume: { argument: v.object({}), result: v.object({}) },
    /** Looks through all folders again. */
    rescan: { argument: v.object({}), result: v.object({}) },
    /** Takes a folder out of the library. Its files are not touched. */
    removeFolder: { argument: v.object({ id }), result: v.object({}) }
  },
  events: {
    progress: Progress,
    /** The library has a new revision (told at most twice a second). */
    changed: v.object({ revision: count })
  }
})
export type EngineContract = typeof engineContract

/** App's line: trusted with paths. */
export const engineControlContract = defineContract({
  name: 'engine-control',
  version: 1,
  methods: {
    addFolder: { argument: v.object({ path: v.string() }), result: v.object({ id }) },
    /**
     * Where a picture of a photo lies, for photo://. `root` is the folder its real path must be in:
     * the library folder for 'photo', the thumbnail cache for 'thumb'.
     */
    locate: {
      argument: v.object({ id, what: v.picklist(['photo', 'thumb']) }),
      result: v.object({ path: v.string(), root: v.string(), contentType: v.string() })
    },
    /** Stops work, closes the catalogue. The process may exit afterwards. */
    close: { argument: v.object({}), result: v.object({}) }
  },
  events: {}
})
export type EngineControlContract = typeof engineControlContract
