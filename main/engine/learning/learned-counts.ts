// How many photos there are, and how many of them are new to what was learned. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { LearnedUntil } from '../../catalogue/settings-table.ts'

/** Photos are counted this often at most for what is told, ms. */
const COUNT_EVERY = 1000

export interface Counted {
  indexed: number
  /** Since the library was learned from. */
  fresh: number
  until: LearnedUntil | undefined
}

export interface Counts {
  now(): Counted
  /** Counts of a large library take their time: these may be a little old. */
  recent(): Counted
}

/** Counts the photos of a catalogue. */
export function createCounts(catalogue: Catalogue): Counts {
  let counted: Counted & { at: number } | undefined

  function now(): Counted {
    const { indexed } = catalogue.work.counts()
    const until = catalogue.settings.learnedUntil()
    const fresh = until ? catalogue.vectors.madeSince(until.at) : indexed
    counted = { at: performance.now(), indexed, fresh, until }
    return counted
  }

  return {
    now,
    recent: () => (counted && performance.now() - counted.at < COUNT_EVERY ? counted : now())
  }
}
