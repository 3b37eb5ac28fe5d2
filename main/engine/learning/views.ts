// Augmented views of the photos of a run: made where they are missing, kept at once, so that a kill
// costs the calls in flight. Runs in the engine; compute sees the photos.
import { isFault } from '../../wire/fault.ts'
import type { Seen } from '../../wire/compute-contract.ts'
import { pathOf } from '../compute-link.ts'
import type { UsedModel } from '../compute-link.ts'
import type { Context } from '../context.ts'

/** Views of each photo, and their seed: cached views serve every run. */
export const VIEWS = 4
const SEED = 1
/** Photos of a call, and calls in flight. */
const BATCH = 48
const IN_FLIGHT = 2
/** Deaths of compute with one photo alone in work, until it is left out. */
const DEATHS = 3

export interface ViewParts {
  context: Context
  /** Waits while others need compute more. */
  giveWay(signal: AbortSignal): Promise<void>
  onDone(photos: number): void
}

/**
 * Makes what is missing of the views of these photos. Photos that cannot be seen are left out.
 * Rejects with the Fault that keeps compute from working, or when the signal aborts.
 */
export async function makeViews(
  { context, giveWay, onDone }: ViewParts,
  base: UsedModel,
  ids: readonly number[],
  signal: AbortSignal
): Promise<void> {
  const { catalogue, link } = context
  const waiting: (readonly number[])[] = []
  for (let from = 0; from < ids.length; from += BATCH) waiting.push(ids.slice(from, from + BATCH))

  /** After a death of compute the photos that were in work are seen again, half as many a call. */
  async function see(batch: readonly number[]): Promise<void> {
    for (let deaths = 0; deaths < DEATHS; deaths++) {
      if (deaths > 0 && batch.length > 1) {
        const half = batch.length >> 1
        waiting.unshift(batch.slice(0, half), batch.slice(half))
        return
      }
      await giveWay(signal)
      const photos = batch.flatMap((id) => {
        const place = catalogue.photos.place(id)
        return place ? [{ id, path: pathOf(place) }] : []
      })
      try {
        const session = await link.session(signal)
        const argument = { photos, quantizer: base.record, V: VIEWS, seed: SEED }
        const { outcomes } = await session.call('views', argument, signal)
        keep(outcomes.filter((outcome): outcome is Seen => outcome.outcome === 'seen'))
        break
      } catch (error) {
        if (!isFault(error, 'process-lost') || signal.aborted) throw error
      }
    }
    onDone(batch.length)
  }

  function keep(seen: readonly Seen[]): void {
    catalogue.transaction(() => {
      for (const { id, views } of seen) catalogue.views.put(id, base.id, views)
    })
  }

  async function worker(): Promise<void> {
    for (let batch = waiting.shift(); batch && !signal.aborted; batch = waiting.shift())
      await see(batch)
  }

  const workers = Array.from({ length: IN_FLIGHT }, worker)
  try {
    await Promise.all(workers)
  } finally {
    waiting.length = 0 // one failed: the other ends with what it has in work
    await Promise.allSettled(workers)
  }
  signal.throwIfAborted()
}
