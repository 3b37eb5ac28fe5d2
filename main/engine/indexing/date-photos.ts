// Reads the dates of photos that are described already: after an update of the rules, or when the
// XMP file beside a photo changed. Runs in the writer; compute reads the files. What is left is in
// the catalogue.
import type { Undated } from '../../catalogue/date-table.ts'
import { isFault } from '../../wire/fault.ts'
import type { Context } from '../context.ts'
import { nameDate } from '../folders/name-date.ts'
import { filesOf } from '../photo-paths.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 64

export interface Dater {
  /** True while there are photos to be read. */
  hasNext(): boolean
  /** Reads the next few; a photo that cannot be read now keeps its date until the next start. */
  step(signal: AbortSignal): Promise<void>
}

/** Makes the dater. */
export function createDater(context: Context): Dater {
  const { catalogue, link } = context
  const skipped = new Set<number>()

  function next(limit: number): Undated[] {
    const photos = catalogue.dates.undated(limit + skipped.size)
    return photos.filter(({ id }) => !skipped.has(id)).slice(0, limit)
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
        if (outcome.outcome === 'refused') skipped.add(photo.id)
        else if (catalogue.dates.set(photo, outcome.date ?? ofName(photo.name), outcome.holds))
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
        for (const { id } of photos) skipped.add(id) // one of them may have been the reason
      }
    }
  }
}

function ofName(name: string): { at: number; source: 'name' } | null {
  const at = nameDate(name)
  return at === null ? null : { at, source: 'name' }
}
