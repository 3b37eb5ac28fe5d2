// What the engine offers to the process that holds it: the utility process behind ports, the
// command line directly. Types only; `createEngine` in engine.ts makes one, `lookInto` in
// look-only.ts only its answers.
import type { AlbumInfo } from '../wire/methods/album-methods.ts'
import type { Arithmetic, ArithmeticState } from '../wire/arithmetic.ts'
import type { Progress } from '../wire/engine-records.ts'
import type {
  Devices,
  KeptModel,
  LearnOptions,
  LearnResult,
  Learning
} from '../wire/learning-contract.ts'
import type { Fault } from '../wire/fault.ts'
import type { Nearness } from '../wire/nearness.ts'
import type { Port } from '../wire/port.ts'
import type { Filter } from '../wire/query-contract.ts'
import type { Patience } from '../wire/disk/volume-calls.ts'
import type { RunReport } from '../wire/writer-contract.ts'
import type { DuplicateQuestion, FoundDuplicates } from './duplicates/duplicate-groups.ts'
import type { Question } from './answering/kin-question.ts'
import type { LibrarySnapshot, TakenPhoto } from './answering/library-snapshot.ts'
import type { FailedPhoto, Status, Vectors } from './answering/overview.ts'
import type { Spacings } from './faults/decision.ts'
import type { AddedFolder } from './folders/library-folders.ts'
import type { Comparisons } from './learning/learner-api.ts'

export type { FailedPhoto, LibrarySnapshot, RunReport, Status, TakenPhoto, Vectors }

export interface EngineOptions {
  /** Folder of the catalogue and the thumbnails; made when missing. */
  library: string
  /** Watch the folders for changes (default). A command that ends after one run says false. */
  watch?: boolean
  /** A file that changed less than this long ago may still be growing, ms; default 2000. */
  settle?: number
  /** How long is waited between attempts, by whom a fault is about (default: SPACING). */
  spacing?: Spacings
  /** How long volumes are waited for that do not answer (default: PATIENCE). */
  patience?: Patience
  /**
   * Compute is let go after so many ms without a call (default: never), which `onNeed` is told with
   * false: it can be ended. With true one is to be attached again.
   */
  computeRest?: { after: number; onNeed: (isNeeded: boolean) => void }
  /** Learn by itself, so, when it is due (the app); else only when it is asked for (default). */
  learns?: LearnOptions
  /**
   * Told, at most once, that the catalogue is damaged: the process is to end as soon as `ended`
   * resolves, since the next start replaces it. By default it ends of this fault, which nobody
   * catches.
   */
  onDamage?: (fault: Fault, ended: Promise<void>) => void
}

export interface Closed {
  /** Calls that no disk has answered: while there are any, only a signal ends the process. */
  unanswered: number
}

export interface FoundKin {
  id: number
  path: string
  score: number // 0..1
  likeness: number // 0..1, the same for whatever model serves
  nearness: Nearness
  companions: string[] // names of the files beside it that belong to it
  copies: string[] // paths of the photos whose files are equal to its
  alike: string[] // paths of further kin that show the same picture, one of each content
  shots: string[] // paths of further kin of the same moment, one of each content
}

export interface FoundAnswer {
  kin: FoundKin[]
  copies: string[] // paths of the photos whose files are equal to those asked with
  putAway: string[] // paths of photos that a person said are not like those
}

/** What an album has now: kin, where it is asked with pictures, else all that pass its filter. */
export interface FoundAlbum {
  name: string
  /** Files that it is asked with whose content is in the library no more: it is asked without. */
  missing: string[]
  kin: FoundKin[]
  photos: string[] // paths; the newest first
}

/** What may be asked of a library without changing anything. Answered in this thread. */
export interface LibraryAnswers {
  status(): Status
  failed(): FailedPhoto[]
  /** Kin of photos of the library and of any photo files together. Throws Fault not-found. */
  similar(question: Question): Promise<FoundAnswer>
  /**
   * Photos that are there more than once; `waiting`: photos, equal ones once, that are still to be
   * compared. Throws Fault for a path outside the library.
   */
  duplicates(question: DuplicateQuestion): Promise<FoundDuplicates & { waiting: number }>
  /** The photos below a folder of the library, or below a directory in one. Throws Fault. */
  filterOf(path: string): Promise<Filter>
  /** The id of the photo at a path, or of the one that the file there belongs to. */
  idOf(path: string): number | undefined
  /**
   * By the serving model, or by any that is kept: what lacks its encodings is encoded for this, and
   * not stored. Throws Fault not-found.
   */
  vectors(model?: number): Promise<Vectors>
  /** Paths of photos that a person said are not like one. */
  putAway(id: number): string[]
  /** All albums, in order of their names. */
  albums(): AlbumInfo[]
  /**
   * Asks the question of an album: the first `top` of its photos. Throws Fault not-found for an
   * album that is not there, bad-argument where all that it wants is missing.
   */
  openAlbum(id: number, top: number): Promise<FoundAlbum>
  /** Albums of this name that were removed and can be put back, the latest first. */
  removedAlbums(name: string): number[]
  /** All photos at this moment, to be taken elsewhere; to be closed. */
  snapshot(): LibrarySnapshot
  /** The models that are kept, the latest first. */
  models(): Promise<KeptModel[]>
  /**
   * The line to a compute process that is ready. Call it again with a new port after compute was
   * started again: what was in work is done again.
   */
  attachCompute(port: Port): void
  /** Stops work, closes the catalogue. */
  close(): Promise<Closed>
}

/** Learning, which goes on in the writer. */
export interface EngineLearner {
  snapshot(): Promise<Learning>
  /** Called at most five times a second; returns how to stop. */
  on(listener: (learning: Learning) => void): () => void
  /**
   * Learns now; goes on with an unfinished run of the same options, gives any other up. Resolves
   * when the run has ended. Throws Fault not-found (too few photos), cancelled, or what stopped it.
   */
  learn(options: LearnOptions): Promise<LearnResult>
  /** Gives the run up, or the way back to another model. */
  cancel(): Promise<void>
  /** Nothing is learned until `resume`, also after a restart. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** On battery nothing is learned, but what is asked for there. */
  power(onBattery: boolean): Promise<void>
  /**
   * Lets a kept model serve again; an unfinished run is given up then. Throws Fault not-found,
   * bad-model, cancelled: all stays as it was.
   */
  rollback(model: number): Promise<void>
  /** In which numbers photos are described; waits for compute. */
  arithmetic(): Promise<ArithmeticState>
  /**
   * Has all photos described anew in others; an unfinished run is given up then. Throws Fault
   * bad-argument, device, cancelled: all stays as it was.
   */
  describeAnew(arithmetic: Arithmetic): Promise<void>
  /** Kin of some photos by the former model and by the one that serves. */
  compare(photos: number, top: number): Promise<Comparisons>
  devices(): Promise<Devices>
  measureDevices(): Promise<Devices>
}

/** A library that is held by this process: looked through, indexed, learned from. */
export interface Engine extends LibraryAnswers {
  /** Serves engineContract; a new port replaces the former one. */
  servePage(port: Port): void
  /** Serves engineControlContract. */
  serveControl(port: Port): void

  /** Adds a folder (or takes it back in) and starts looking through it. Throws Fault. */
  addFolder(path: string): Promise<AddedFolder>
  /** The folder that was at `former` lies at `path` now. Throws Fault not-found, wrong-folder. */
  locateFolder(former: string, path: string): Promise<void>
  /**
   * Leaves a subfolder of a folder of the library out, or takes it back. Throws Fault bad-argument.
   */
  leaveOut(path: string): Promise<void>
  takeBack(path: string): Promise<void>
  /** Leaves out of a folder of the library what is smaller than that on its longer side. */
  setLeastPixels(path: string, pixels: number): Promise<void>
  /** Remembers that no photo of `others` is kin of one of `ids`; or takes that back. */
  setNotKin(ids: readonly number[], others: readonly number[], isKin: boolean): Promise<void>
  /** Removes an album, or puts it back. Throws Fault not-found. */
  removeAlbum(id: number): Promise<void>
  putAlbumBack(id: number): Promise<void>
  /** Looks through all folders; resolves when the catalogue agrees with the disk. */
  rescan(): Promise<void>
  /**
   * Resolves when nothing is scanned, pending, fitted or encoded any more, or indexing is paused:
   * with the last run. Photos may wait then: `progress` tells for what. Rejects with a Fault that
   * stops all work and does not pass (bad-model, ...), with cancelled when the engine is closed.
   */
  idle(): Promise<RunReport>
  /** Tries what waits at once, without waiting for its time. */
  tryNow(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** As it was told last. */
  progress(): Progress
  /** Called at most five times a second; returns how to stop. */
  onProgress(listener: (progress: Progress) => void): () => void
  readonly learner: EngineLearner
}
