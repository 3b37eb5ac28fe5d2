// Photos that could not be read now, and when each is tried again: for work that leaves nothing in
// the catalogue but what is left of it. Lives in memory alone; runs in the writer.
import type { FaultRecord } from '../../wire/fault.ts'
import { decide, type Spacings } from '../decision.ts'

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

/** What to do next of a kind of work, and what was put off. */
export class PutOff {
  readonly #waiting = new Map<number, Wait>()
  readonly #spacing: Spacings
  #lookedAt = 0 // ms since 1970

  constructor(spacing: Spacings) {
    this.#spacing = spacing
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
    const retryAt = course === 'fail' ? NEVER : Date.now() + after
    this.#waiting.set(photo.id, { files: factsOf(photo), attempts, retryAt })
    return course !== 'fail'
  }

  /** Not before the next start: one of them may have ended compute. */
  putOff(photos: readonly Files[]): void {
    for (const photo of photos)
      this.#waiting.set(photo.id, { files: factsOf(photo), attempts: 1, retryAt: NEVER })
  }

  done(id: number): void {
    this.#waiting.delete(id)
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
  }

  #of(photo: Files): Wait | undefined {
    const known = this.#waiting.get(photo.id)
    return known?.files === factsOf(photo) ? known : undefined
  }
}

function factsOf({ size, modifiedAt, sidecar, sidecarModifiedAt }: Files): string {
  return `${size} ${modifiedAt} ${sidecarModifiedAt} ${sidecar}`
}
