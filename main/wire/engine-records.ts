// What the engine tells of a library: its folders, photos, failures and progress. Pure;
// engine-contract.ts has the methods.
import * as v from 'valibot'
import { DECODED_FORMATS, DamageKind } from './decoder-contract.ts'
import { FaultRecord } from './fault.ts'
import { Held } from './held.ts'
import { Nearness } from './nearness.ts'
import { PhotoDate } from './photo-date.ts'
import { PhotoFacts } from './photo-facts.ts'
import { Rating } from './query-contract.ts'
import { Rebuilt } from './rebuilt.ts'
import { ThumbnailName } from './thumbnail.ts'
import { LeftOut } from './left-out.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Directories of a folder that cannot be listed, all for the same. */
export const Closed = v.object({
  directories: count,
  first: v.string() // the path of the first, to be shown; '' is the folder itself
})
export type Closed = v.InferOutput<typeof Closed>

export const FolderInfo = v.object({
  id,
  name: v.string(), // the folder's own name
  path: v.string(), // to be shown; the page never sends it back
  present: v.boolean(), // false: drive unplugged or folder gone; its photos are kept
  photos: count,
  /** False: not all of it can be watched; it is looked through from time to time instead. */
  watched: v.optional(v.boolean()),
  /** What of it cannot be listed, and why. */
  closed: v.optional(v.object({ ...Closed.entries, fault: FaultRecord })),
  /** What of it is left out, at most one of each kind. */
  leftOut: v.optional(v.array(LeftOut)),
  /** Photos whose longer side has fewer pixels are left out; none if not given. */
  leastPixels: v.optional(count),
  /** Where drives below it are mounted that are not there now; their photos are kept. */
  away: v.optional(v.array(v.string()))
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

/** Photos, or directories that cannot be listed, that wait, all for the same. */
export const Wait = v.object({
  fault: FaultRecord,
  folder: v.nullable(v.string()), // the name of theirs; null: photos of all folders
  photos: count, // 0 of directories: how many lie there is not known
  closed: v.optional(Closed),
  retryAt: v.number() // ms since 1970: then it is tried again by itself
})
export type Wait = v.InferOutput<typeof Wait>

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
  /** What photos wait for, each told once. */
  waits: v.array(Wait)
})
export type Progress = v.InferOutput<typeof Progress>

export const LibraryInfo = v.object({
  photos: count,
  indexed: count,
  pending: count,
  failed: count,
  folders: v.array(FolderInfo),
  model: v.nullable(ModelInfo),
  /** The catalogue was damaged and replaced, and nobody has said yet that this was read. */
  rebuilt: v.nullable(Rebuilt),
  progress: Progress,
  /** Raised with every change of what is shown. */
  revision: count,
  /** Which order of photos passes the filter asked with: another one is to be read again. */
  order: count
})
export type LibraryInfo = v.InferOutput<typeof LibraryInfo>

export const PhotoInfo = v.object({
  id,
  name: v.string(), // file name
  folder: v.string(), // path of its folder, relative to the library folder, to be shown
  width: count,
  height: count,
  fileSize: count, // bytes
  date: v.nullable(PhotoDate), // null for a photo that has none that can be
  format: v.nullable(v.picklist(DECODED_FORMATS)), // null while it is not known
  facts: v.nullable(PhotoFacts), // what its metadata tells; null for nothing
  damage: v.nullable(DamageKind), // of one that is shown all the same
  indexed: v.boolean(),
  favourite: v.boolean(),
  rating: Rating,
  companions: v.array(v.string()), // names of the files beside it that belong to it
  otherPaths: v.array(v.string()), // that lead to its file as well, to be shown
  holds: v.nullable(Held), // beside its picture, in its file
  thumbnail: v.nullable(ThumbnailName) // null until it was described
})
export type PhotoInfo = v.InferOutput<typeof PhotoInfo>

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

export const Kin = v.object({
  id,
  score: share, // by which kin are ordered: cosines, which each model makes larger or smaller
  likeness: share, // the same number says the same by whatever model it was found
  nearness: Nearness,
  width: count,
  height: count,
  name: v.string(),
  thumbnail: v.nullable(ThumbnailName),
  copies: v.array(id), // photos whose files are equal to its
  alike: v.array(id), // further kin that show the same picture, one of each content
  shots: v.array(id) // further kin of the same moment, one of each content
})
export type Kin = v.InferOutput<typeof Kin>

/** Kin, best first. */
export const KinAnswer = v.object({
  kin: v.array(Kin),
  copies: v.array(id), // photos whose files are equal to those that were asked with
  putAway: v.array(id), // photos that a person said are not like those, the latest first
  exact: v.boolean() // ordered by features, no model yet
})
export type KinAnswer = v.InferOutput<typeof KinAnswer>

export const Failure = v.object({
  id,
  name: v.string(),
  folder: v.string(),
  fault: FaultRecord
})
export type Failure = v.InferOutput<typeof Failure>

/** A month of the grid, by capture date, else file date. */
export const Month = v.object({
  year: v.pipe(v.number(), v.integer()),
  month: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)),
  photos: count
})
export type Month = v.InferOutput<typeof Month>

/** A directory of a library folder that holds photos, itself or below it. */
export const DirectoryInfo = v.object({
  path: v.string(), // relative to the folder, '/' between names, '' for the folder itself
  photos: count // in it and all below it
})
export type DirectoryInfo = v.InferOutput<typeof DirectoryInfo>

/** A picture that was looked at: what `query` names it by, and its size in pixels. */
export const Looked = v.object({ picture: id, width: count, height: count })
export type Looked = v.InferOutput<typeof Looked>
