// How much of the wall time something ran. Pure.

/** Counts the time in which at least one piece of work was under way. */
export class Stopwatch {
  #busy = 0
  #since = performance.now()
  #under = 0
  #start = 0

  /** Counts the time until `work` settles. */
  async time<T>(work: () => Promise<T>): Promise<T> {
    if (this.#under++ === 0) this.#start = performance.now()
    try {
      return await work()
    } finally {
      if (--this.#under === 0) this.#busy += performance.now() - this.#start
    }
  }

  /** Busy and wall milliseconds since the last call; work that goes on counts when it settles. */
  lap(): { busyMilliseconds: number; wallMilliseconds: number } {
    const now = performance.now()
    const lap = { busyMilliseconds: this.#busy, wallMilliseconds: now - this.#since }
    this.#busy = 0
    this.#since = now
    return lap
  }
}
