// What the engine offers to the process that holds it: the utility process behind ports, the
// command line directly. Types only; `createEngine` in engine.ts makes one.
import type { QuantizerRecord } from '../wire/compute-contract.ts'
import type { ModelInfo, Progress } from '../wire/engine-contract.ts'
import type { LearnOptions } from '../wire/learning-contract.ts'
import type { Port } from '../wire/port.ts'
import type { Filter } from '../wire/query-contract.ts'
import type { Question } from './answering/kin-question.ts'
import type { Learner } from './learning/learner-api.ts'

export interface EngineOptions {
  /** Folder of the catalogue and the thumbnails; made when missing. */
  library: string
  /** Watch the folders for changes (default). A command that ends after one run says false. */
  watch?: boolean
  /** A file that changed less than this long ago may still be growing, ms; default 2000. */
  settle?: number
  /**
   * Only look: nothing is made, scanned, indexed or retired, whatever was chosen before. The
   * library has to be there.
   */
  readOnly?: boolean
  /** Learn by itself, so, when it is due (the app); else only when it is asked for (default). */
  learns?: LearnOptions
}

/** What a run of indexing did, from the first pending photo to rest. */
export interface RunReport {
  indexed: number // photos of this run
  failed: number // photos of this run
  seconds: number // wall time
  photosPerSecond: number
  /**
   * Share of the wall time in which the backbone ran, 0..1; lives that were cut short not counted.
   */
  computeBusy: number
}

export interface Status {
  photos: number // gone ones left out
  indexed: number
  pending: number
  failed: number
  model: ModelInfo | null
  bytesPerPhoto: number // what a scan reads: the code, or the feature while there is no model
}

export interface FailedPhoto {
  path: string
  reason: string // a sentence with its remedy
}

export interface FoundKin {
  id: number
  path: string
  score: number // 0..1
}

/**
 * All that was computed for the indexed photos; row i of each belongs to photo i. f16 bit patterns.
 */
export interface Vectors {
  ids: Uint32Array // [n]
  paths: string[] // [n]
  featureSize: number // D
  features: Uint16Array // [n, D]
  /** Of the serving model; null while there is none. */
  encoded: {
    quantizer: QuantizerRecord
    projected: Uint16Array // [n, 256]
    descriptors: Uint16Array // [n, M*L]
    codes: Uint8Array // [n, M/2]
  } | null
}

export interface Engine {
  /**
   * The line to a compute process that is ready. Call it again with a new port after compute was
   * started again: what was in work is done again.
   */
  attachCompute(port: Port): void
  /** Serves engineContract; a new port replaces the former one. */
  servePage(port: Port): void
  /** Serves engineControlContract. */
  serveControl(port: Port): void

  /** Adds a folder (or takes it back in) and starts looking through it; its id. Throws Fault. */
  addFolder(path: string): Promise<number>
  /** Looks through all folders; resolves when the catalogue agrees with the disk. */
  rescan(): Promise<void>
  /**
   * Resolves when nothing is scanned, pending, fitted or encoded any more, or indexing is paused:
   * with the last run. Rejects with the Fault that keeps indexing from going on (bad-model, ...),
   * with cancelled when the engine is closed.
   */
  idle(): Promise<RunReport>
  pause(): void
  resume(): void
  progress(): Progress
  /** Called at most five times a second; returns how to stop. */
  onProgress(listener: (progress: Progress) => void): () => void

  status(): Status
  failed(): FailedPhoto[]
  /** Kin of photos of the library and of any photo files together. Throws Fault not-found. */
  similar(question: Question): Promise<FoundKin[]>
  /** The photos below a folder of the library, or below a directory in one. Throws Fault. */
  filterOf(path: string): Promise<Filter>
  /** The id of the photo at a path, if it is in the library. */
  idOf(path: string): number | undefined
  /**
   * By the serving model, or by any that is kept: what lacks its encodings is encoded for this, and
   * not stored. Throws Fault not-found.
   */
  vectors(model?: number): Promise<Vectors>
  readonly learner: Learner

  /** Stops work, closes the catalogue. */
  close(): Promise<void>
}
