// Reads the dates and facts of photos that are described already: after an update of the rules,
// when the XMP file beside a photo changed, or could not be read before, and once a date has come
// that lay ahead. Runs in the writer; compute reads the files. What is left is in the catalogue,
// and so is when it is tried again.
import type { Undated } from '../../catalogue/date-table.ts'
import { isFault } from '../../wire/fault.ts'
import { earliest } from '../../wire/photo-date.ts'
import type { Context } from '../context.ts'
import { aheadInName, nameDate } from '../folders/name-date.ts'
import { filesOf } from '../photo-paths.ts'
import { PutOff } from './put-off.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 64

/** Work on described photos that goes on in the background. */
export interface Background {
  /** True while there are photos that can be read now. */
  hasNext(): boolean
  /** Reads the next few; a photo that cannot be read now keeps what is known and is tried later. */
  step(signal: AbortSignal): Promise<void>
  /** When a photo that waits is to be tried, ms since 1970. */
  nextAt(): number | undefined
  /** All that wait may be tried now. */
  tryNow(): void
}

/** Makes the dater. */
export function createDater(context: Context): Background {
  const { catalogue, link, spacing } = context
  const waiting = new PutOff(spacing, catalogue.putOff, 'dates')

  function next(limit: number): Undated[] {
    return waiting.next(limit, (most) => catalogue.dates.undated(most))
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
          waiting.put(photo, outcome.fault)
          continue
        }
        waiting.done(photo.id)
        const { date, ahead, facts, holds } = outcome
        const inName = date ? null : aheadInName(photo.name)
        const dated = { date: date ?? ofName(photo.name), ahead: earliest(ahead, inName) }
        if (catalogue.dates.set(photo, { ...dated, facts, holds })) written++
      }
    })
    return written
  }

  return {
    hasNext: () => catalogue.dates.hasCome() || next(1).length > 0,
    async step(signal) {
      if (catalogue.dates.hasCome()) {
        catalogue.dates.lookAgain(CALL)
        context.onKept({ indexed: 0, failed: 0 })
        return
      }
      const photos = next(CALL)
      try {
        if ((await read(photos, signal)) > 0) context.onKept({ indexed: 0, failed: 0 })
      } catch (error) {
        if (signal.aborted || !isFault(error, 'process-lost')) throw error
        if (!waiting.putOff(photos, error.record)) throw error
      }
    },
    nextAt: () => earliest(waiting.nextAt() ?? null, catalogue.dates.nextComes()) ?? undefined,
    tryNow: () => waiting.tryNow()
  }
}

/** The date of a name, for a photo whose metadata has none. */
export function ofName(name: string): { at: number; source: 'name' } | null {
  const at = nameDate(name)
  return at === null ? null : { at, source: 'name' }
}
