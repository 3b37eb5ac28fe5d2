// The library's revision: raised with every change that is shown, told at most twice a second.

const TELL_EVERY = 500 // ms

export interface Revision {
  readonly value: number
  /** Something that is shown changed. */
  raise(): void
  close(): void
}

/**
 * Makes a revision that tells `listener` of itself. It starts with the time, so that it never
 * falls.
 */
export function createRevision(listener: (revision: number) => void): Revision {
  let value = Date.now()
  let timer: NodeJS.Timeout | undefined
  let toldAt = 0
  return {
    get value() {
      return value
    },
    raise() {
      value++
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
