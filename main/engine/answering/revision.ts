// The library's revision: raised with every change that is shown, told at most twice a second. Runs
// in the reader. A mark (favourite, rating) changes no order but that of the marked: what takes
// long to make is kept by the revision of what it is made of.
import type { Filter } from '../../wire/query-contract.ts'
import type { StepAside } from '../../wire/step-aside.ts'

const TELL_EVERY = 500 // ms
/** So long it waits to look whether somebody still acts. */
const LOOK_AGAIN = 50 // ms

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
 * falls. While somebody acts nothing is told, as whoever is told draws anew: but marks are, which
 * the act itself may have set.
 */
export function createRevision(listener: (revision: number) => void, aside: StepAside): Revision {
  let value = Date.now()
  const last = { photos: value, marks: value, rest: value }
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0
  let told = value

  function tell(): void {
    if (aside.isOn && last.marks <= told) {
      timer = setTimeout(tell, LOOK_AGAIN)
      return
    }
    timer = undefined
    toldAt = Date.now()
    told = value
    listener(value)
  }

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
      timer ??= setTimeout(tell, Math.max(0, toldAt + TELL_EVERY - Date.now()))
    },
    close: () => clearTimeout(timer)
  }
}
