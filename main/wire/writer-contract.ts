// The line between the two threads of the engine: the reader, which answers the page, and the
// writer, which looks through folders, indexes, learns and alone writes to the catalogue. Both
// contracts go over one port (`LANES`), so that what a call has changed is told before its answer.
import * as v from 'valibot'
import { albumMethods } from './methods/album-methods.ts'
import { defineContract } from './channel.ts'
import { computeContract } from './compute-contract.ts'
import { engineContract, engineControlContract } from './engine-contract.ts'
import { Progress } from './engine-records.ts'
import { FaultRecord } from './fault.ts'
import { fileMethods } from './file-methods.ts'
import { folderMethods } from './folder-methods.ts'
import { LearnResult, Learning } from './learning-contract.ts'
import { keepMap } from './map-messages.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const ids = v.instance(Uint32Array)
const nothing = v.object({})

/** Each end serves the lane of its own name and calls the other. */
export const LANES = ['writer', 'reader'] as const

/** What a run of indexing did, from the first pending photo to rest. */
export const RunReport = v.object({
  indexed: count, // photos of this run
  failed: count, // photos of this run
  seconds: v.number(), // wall time
  photosPerSecond: v.number(),
  /**
   * Share of the wall time in which the backbone ran, 0..1; lives that were cut short not counted.
   */
  computeBusy: v.number()
})
export type RunReport = v.InferOutput<typeof RunReport>

const { embed, encode } = computeContract.methods
const { addFolder, locateFolder, large, part, remakeThumbnail } = engineControlContract.methods
const { power, computeRefused } = engineControlContract.methods
const { setFavourite, retry, tryNow, pause, resume } = engineContract.methods
const { keepAlbum, renameAlbum, removeAlbum, putAlbumBack } = albumMethods
const { leaveOut, takeBack, setLeastPixels, removeFolder } = folderMethods
const { draw, setRating, hideRebuilt, stepAside } = engineContract.methods
const { learning, learn, cancelLearning, pauseLearning, resumeLearning } = engineContract.methods
const { models, rollback, compareModels, devices, measureDevices } = engineContract.methods
const { arithmetic, describeAnew } = engineContract.methods
const { setNotKin, setNotDuplicates, forgetDecision, setKeptPlaces } = engineContract.methods

/** What the reader asks of the writer. */
export const writerContract = defineContract({
  name: 'writer',
  version: 1,
  methods: {
    // As the page and app ask for them.
    setFavourite,
    setRating,
    retry,
    tryNow,
    pause,
    resume,
    removeFolder,
    leaveOut,
    takeBack,
    setLeastPixels,
    setNotKin,
    keepAlbum,
    renameAlbum,
    removeAlbum,
    putAlbumBack,
    setNotDuplicates,
    forgetDecision,
    setKeptPlaces,
    /** Keeps a layout, or places of photos that came. */
    keepMap,
    hideRebuilt,
    stepAside,
    addFolder,
    locateFolder,
    large,
    part,
    draw,
    remakeThumbnail,
    power,
    computeRefused,
    transfer: fileMethods.transfer,
    putBack: fileMethods.putBack,
    follow: fileMethods.follow,
    learning,
    learn,
    cancelLearning,
    pauseLearning,
    resumeLearning,
    models,
    rollback,
    compareModels,
    devices,
    measureDevices,
    arithmetic,
    describeAnew,
    /** Looks through all folders; answers when the catalogue agrees with the disk. */
    rescan: { argument: nothing, result: nothing },
    /** Answers when nothing is to be done any more, with the last run; see Engine.idle. */
    idle: { argument: nothing, result: RunReport },
    /** As `learn`, but answers when the run has ended. */
    learnToItsEnd: { argument: learn.argument, result: LearnResult },
    /** Of compute: what is not stored is described and encoded now. */
    embed: {
      argument: embed.argument,
      result: v.object({
        ...embed.result.entries,
        /** Id of the model it is encoded with; null: none; left out: it changed on the way. */
        model: v.optional(v.nullable(id))
      })
    },
    encode,
    /** Features of photos by a backbone, of those that can be read; nothing is kept. */
    renew: {
      argument: v.object({ ids: v.array(id), backbone: v.string() }),
      result: v.object({ features: v.map(id, v.instance<new () => Uint16Array>(Uint16Array)) })
    },
    /**
     * Ends all work and closes the catalogue. The thread may end afterwards, but for calls that no
     * disk has answered: so many.
     */
    close: { argument: nothing, result: v.object({ unanswered: v.number() }) }
  },
  // Told after the commit of what they tell.
  events: {
    progress: Progress,
    learning: Learning,
    /** As the page is told. */
    thumbnails: engineContract.events.thumbnails,
    /** Photos came, left or have other vectors; `model`: only its encodings changed. */
    photos: v.object({ ids, model: v.optional(id) }),
    /** What is shown changed: see Revision. */
    changed: v.object({ what: v.picklist(['photos', 'marks', 'rest']) }),
    /** The folders that are watched as a whole. */
    watched: v.object({ folders: v.array(id) }),
    /** The backbone whose features are compared while no model serves. */
    backbone: v.object({ sha256: v.string() }),
    /** The catalogue is damaged: nobody can go on. */
    damaged: v.object({ fault: FaultRecord }),
    /** Compute can be ended, since nothing is asked of it, or is to be attached again. */
    computeNeed: v.object({ isNeeded: v.boolean() }),
    /** A model that was loaded is not to serve after all. */
    letGo: v.object({ model: id })
  }
})
export type WriterContract = typeof writerContract

/** What the writer asks of the reader, and waits for. */
export const readerContract = defineContract({
  name: 'reader',
  version: 1,
  methods: {
    /** Has the codes of a model read, and from then on kept up to date. */
    load: { argument: v.object({ model: id }), result: nothing },
    /** Answers come from this model from now on; null: from features. */
    serve: { argument: v.object({ model: v.nullable(id) }), result: nothing },
    /** The nearest of each photo; see ReaderLine.kin. */
    kin: { argument: v.object({ ids, count }), result: v.object({ kin: v.array(ids) }) }
  },
  events: {}
})
export type ReaderContract = typeof readerContract
