// The library's revision: raised with every change that is shown, told at most twice a second. Runs
// in the engine. A mark (favourite, rating) changes no order but that of the marked: what takes
// long to make is kept by the revision of what it is made of.
import type { Filter } from '../../wire/query-contract.ts'

const TELL_EVERY = 500 // ms

/** Photos came, went or changed; favourites or ratings did; or only what is beside them. */
export type Changed = 'photos' | 'marks' | 'rest'

export interface Revision {
  readonly value: number
  /** The revision that last changed photos: their number, order, places or states. */
  readonly photos: number
  /** The last one that changed what passes a filter. */
  of(filter: Filter | undefined): number
  /** Something that is shown changed. */
  raise(what?: Changed): void // default: photos
  close(): void
}

/**
 * Makes a revision that tells `listener` of itself. It starts with the time, so that it never
 * falls.
 */
export function createRevision(listener: (revision: number) => void): Revision {
  let value = Date.now()
  const last = { photos: value, marks: value, rest: value }
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0
  return {
    get value() {
      return value
    },
    get photos() {
      return last.photos
    },
    of: (filter) =>
      filter?.favourites || filter?.rating ? Math.max(last.photos, last.marks) : last.photos,
    raise(what = 'photos') {
      last[what] = ++value
      timer ??= setTimeout(
        () => {
          timer = undefined
          toldAt = Date.now()
          listener(value)
        },
        Math.max(0, toldAt + TELL_EVERY - Date.now())
      )
    },
    close: () => clearTimeout(timer)
  }
}
