// Who is let in first: long work asks between its steps whether anyone waits. Pure.
import { setImmediate } from 'node:timers/promises'
import type { StepAside } from '../wire/step-aside.ts'

/** Lets short work go before long work on the same thread. */
export class Priority {
  readonly #aside: StepAside
  #waiting = 0
  #free: (() => void)[] = []

  constructor(aside: StepAside) {
    this.#aside = aside
  }

  /** Runs work that others give way to. */
  readonly first = async <T>(work: () => Promise<T>): Promise<T> => {
    this.#waiting++
    try {
      return await work()
    } finally {
      if (--this.#waiting === 0) for (const go of this.#free.splice(0)) go()
    }
  }

  /**
   * For the long work: comes back when nobody waits and nobody acts; throws when the signal aborts.
   */
  async giveWay(signal: AbortSignal): Promise<void> {
    await setImmediate() // what has come in meanwhile begins now
    while ((this.#waiting > 0 || this.#aside.isOn) && !signal.aborted) {
      if (this.#waiting > 0) await this.#nobodyWaits(signal)
      await this.#aside.over(signal)
      await setImmediate()
    }
    signal.throwIfAborted()
  }

  async #nobodyWaits(signal: AbortSignal): Promise<void> {
    let go: () => void = () => undefined
    const free = new Promise<void>((resolve) => (go = resolve))
    this.#free.push(go)
    signal.addEventListener('abort', go, { once: true })
    await free
    signal.removeEventListener('abort', go)
  }
}
