// Who is let in first: long work asks between its steps whether anyone waits. Pure.
import { setImmediate } from 'node:timers/promises'

/** Lets short work go before long work on the same thread. */
export class Priority {
  #waiting = 0
  #free: (() => void)[] = []

  /** Runs work that others give way to. */
  readonly first = async <T>(work: () => Promise<T>): Promise<T> => {
    this.#waiting++
    try {
      return await work()
    } finally {
      if (--this.#waiting === 0) for (const go of this.#free.splice(0)) go()
    }
  }

  /** For the long work: comes back when nobody waits; throws when the signal aborts. */
  async giveWay(signal: AbortSignal): Promise<void> {
    await setImmediate() // what has come in meanwhile begins now
    while (this.#waiting > 0 && !signal.aborted) {
      let go: () => void = () => undefined
      const free = new Promise<void>((resolve) => (go = resolve))
      this.#free.push(go)
      signal.addEventListener('abort', go, { once: true })
      await free
      signal.removeEventListener('abort', go)
      await setImmediate()
    }
    signal.throwIfAborted()
  }
}
