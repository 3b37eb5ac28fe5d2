// Reads the dates of photos that are described already: after an update of the rules, when the XMP
// file beside a photo changed, or could not be read before. Runs in the writer; compute reads the
// files. What is left is in the catalogue; when it is tried again is remembered here alone.
import type { Undated } from '../../catalogue/date-table.ts'
import { isFault } from '../../wire/fault.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import type { Context } from '../context.ts'
import { decide } from '../decision.ts'
import { nameDate } from '../folders/name-date.ts'
import { filesOf } from '../photo-paths.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 64

/** A photo that could not be read: how often, and when it is tried again, ms since 1970. */
interface Wait {
  files: string // as they were: where they change it waits no longer
  attempts: number
  retryAt: number
}

/** Until the next start, that is. */
const NEVER = Number.POSITIVE_INFINITY

export interface Dater {
  /** True while there are photos that can be read now. */
  hasNext(): boolean
  /** Reads the next few; a photo that cannot be read now keeps its date and is tried later. */
  step(signal: AbortSignal): Promise<void>
  /** When a photo that waits is to be tried, ms since 1970. */
  nextAt(): number | undefined
  /** All that wait may be tried now. */
  tryNow(): void
}

/** Makes the dater. */
export function createDater(context: Context): Dater {
  const { catalogue, link, spacing } = context
  const waiting = new Map<number, Wait>()
  let lookedAt = 0 // ms since 1970

  function next(limit: number): Undated[] {
    lookedAt = Date.now()
    const photos = catalogue.dates.undated(limit + waiting.size)
    return photos.filter((photo) => (waitOf(photo)?.retryAt ?? 0) <= lookedAt).slice(0, limit)
  }

  function waitOf(photo: Undated): Wait | undefined {
    const known = waiting.get(photo.id)
    return known?.files === factsOf(photo) ? known : undefined
  }

  function wait(photo: Undated, fault: FaultRecord): void {
    const attempts = (waitOf(photo)?.attempts ?? 0) + 1
    const { course, after } = decide(fault, { attempts }, spacing)
    const retryAt = course === 'fail' ? NEVER : Date.now() + after
    waiting.set(photo.id, { files: factsOf(photo), attempts, retryAt })
  }

  async function read(photos: readonly Undated[], signal: AbortSignal): Promise<number> {
    const session = await link.session(signal)
    const request = { photos: photos.map(filesOf) }
    const { outcomes } = await session.call('dates', request, signal)
    const byId = new Map(photos.map((photo) => [photo.id, photo]))
    let written = 0
    catalogue.transaction(() => {
      for (const outcome of outcomes) {
        const photo = byId.get(outcome.id)
        if (!photo) continue
        if (outcome.outcome === 'refused') {
          wait(photo, outcome.fault)
          continue
        }
        waiting.delete(photo.id)
        if (catalogue.dates.set(photo, outcome.date ?? ofName(photo.name), outcome.holds))
          written++
      }
    })
    return written
  }

  return {
    hasNext: () => next(1).length > 0,
    async step(signal) {
      const photos = next(CALL)
      try {
        if ((await read(photos, signal)) > 0) context.onKept({ indexed: 0, failed: 0 })
      } catch (error) {
        if (signal.aborted || !isFault(error, 'process-lost')) throw error
        // One of them may have been the reason.
        for (const photo of photos)
          waiting.set(photo.id, { files: factsOf(photo), attempts: 1, retryAt: NEVER })
      }
    },
    nextAt() {
      let first = NEVER
      // One whose time had come and that was not read is in a folder that is away.
      for (const { retryAt } of waiting.values())
        if (retryAt > lookedAt && retryAt < first) first = retryAt
      return first === NEVER ? undefined : first
    },
    tryNow: () => waiting.clear()
  }
}

function factsOf({ size, modifiedAt, sidecar, sidecarModifiedAt }: Undated): string {
  return `${size} ${modifiedAt} ${sidecarModifiedAt} ${sidecar}`
}

function ofName(name: string): { at: number; source: 'name' } | null {
  const at = nameDate(name)
  return at === null ? null : { at, source: 'name' }
}
