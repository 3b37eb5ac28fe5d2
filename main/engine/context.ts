// What the parts of the writer share. Types only.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Task } from '../catalogue/work-table.ts'
import type { Server } from '../wire/channel.ts'
import type { WriterContract } from '../wire/writer-contract.ts'
import type { ComputeLink } from './lines/compute-link.ts'
import type { Spacings } from './faults/decision.ts'
import type { StepAside } from '../wire/step-aside.ts'
import type { ReaderLine } from './lines/reader-line.ts'
import type { Stopper } from './faults/stop.ts'

/** Tells the reader what happened, once it is committed. */
export type Tell = Server<WriterContract>['emit']

export interface Context {
  catalogue: Catalogue
  link: ComputeLink
  reader: ReaderLine
  /** What keeps everything from going on. */
  stopper: Stopper
  /** How long is waited between attempts. */
  spacing: Spacings
  /** Folder of the thumbnails. */
  thumbnails: string
  /** Folder of the tuned backbones. */
  tuned: string
  /** While somebody acts nothing is begun. */
  aside: StepAside
  /** Waits while others need compute more. */
  giveWay(signal: AbortSignal): Promise<void>
  /** There is something to do: photos wait to be described again, or a model to be fitted. */
  onPending(): void
  /** Photos were written; rows that are shown changed. */
  onKept(kept: Kept): void
  /**
   * A file was not where the catalogue has it, or one of its companions becomes a photo: its
   * directory is looked at soon.
   */
  onMoved(task: Task): void
  /** Told while a model is fitted and photos are encoded anew. */
  onFitting(fitting: boolean): void
}

/** What became of some photos. */
export interface Kept {
  indexed: number
  failed: number
}
