// Described photos whose files could not be read now, and when each is tried again: attempts are
// spaced out, and go on after a restart. What will fail again is tried once a start. Runs in the
// writer.
import type { PutOffTable, PutOffWork } from '../../catalogue/put-off-table.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { decide, type Spacings } from '../faults/decision.ts'

interface Wait {
  files: string // as they were: where they change it waits no longer
  attempts: number
  retryAt: number // ms since 1970
}

/** Until the next start, that is. */
const NEVER = Number.POSITIVE_INFINITY

/** What says that the files of a photo are others. */
export interface Files {
  id: number
  size: number
  modifiedAt: number
  sidecar: string | null
  sidecarModifiedAt: number | null
}

/** Rows whose time came so long ago are forgotten, ms. */
const FORGOTTEN = 7 * 24 * 60 * 60_000

/** What to do next of a kind of work, and what was put off. */
export class PutOff {
  readonly #waiting = new Map<number, Wait>()
  readonly #spacing: Spacings
  readonly #table: PutOffTable
  readonly #work: PutOffWork
  #lookedAt = 0 // ms since 1970

  /** Goes on with what waited when Kindred ended. */
  constructor(spacing: Spacings, table: PutOffTable, work: PutOffWork) {
    this.#spacing = spacing
    this.#table = table
    this.#work = work
    const now = Date.now()
    table.forget(now - FORGOTTEN)
    const latest = now + spacing.photo.most // the clock may have been put back
    for (const { photo, retryAt, ...wait } of table.ofWork(work))
      this.#waiting.set(photo, { ...wait, retryAt: Math.min(retryAt, latest) })
  }

  /** The first of what there is to do that can be tried now. `ask` gives so many at most. */
  next<P extends Files>(limit: number, ask: (limit: number) => P[]): P[] {
    this.#lookedAt = Date.now()
    return ask(limit + this.#waiting.size)
      .filter((photo) => (this.#of(photo)?.retryAt ?? 0) <= this.#lookedAt)
      .slice(0, limit)
  }

  /** A photo met a fault: false where it will meet it again, and is not tried any more. */
  put(photo: Files, fault: FaultRecord): boolean {
    const attempts = (this.#of(photo)?.attempts ?? 0) + 1
    const { course, after } = decide(fault, { attempts }, this.#spacing)
    const files = factsOf(photo)
    if (course === 'fail') {
      this.done(photo.id)
      this.#waiting.set(photo.id, { files, attempts, retryAt: NEVER })
      return false
    }
    const wait = { files, attempts, retryAt: Date.now() + after }
    this.#waiting.set(photo.id, wait)
    this.#table.put(this.#work, { photo: photo.id, ...wait })
    return true
  }

  /** All of a call that failed, until the next start. False where the fault is not theirs. */
  putOff(photos: readonly Files[], fault: FaultRecord): boolean {
    const { course } = decide(fault, { attempts: 1, work: 'known-photos' }, this.#spacing)
    if (course !== 'fail') return false
    for (const photo of photos)
      this.#waiting.set(photo.id, { files: factsOf(photo), attempts: 1, retryAt: NEVER })
    return true
  }

  done(id: number): void {
    if (this.#waiting.delete(id)) this.#table.drop(this.#work, id)
  }

  /** When a photo that waits is to be tried, ms since 1970. */
  nextAt(): number | undefined {
    let first = NEVER
    // One whose time had come and that was not read is in a folder that is away.
    for (const { retryAt } of this.#waiting.values())
      if (retryAt > this.#lookedAt && retryAt < first) first = retryAt
    return first === NEVER ? undefined : first
  }

  /** All that wait may be tried now. */
  tryNow(): void {
    this.#waiting.clear()
    this.#table.clear(this.#work)
  }

  #of(photo: Files): Wait | undefined {
    const known = this.#waiting.get(photo.id)
    return known?.files === factsOf(photo) ? known : undefined
  }
}

function factsOf({ size, modifiedAt, sidecar, sidecarModifiedAt }: Files): string {
  return `${size} ${modifiedAt} ${sidecarModifiedAt} ${sidecar}`
}
