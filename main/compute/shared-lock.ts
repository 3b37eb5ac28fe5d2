// Who may work at once: any number together, or one alone. Pure.

/** Hands out turns: together or alone. */
export class SharedLock {
  readonly #running = new Set<Promise<unknown>>()
  /** How many want to be alone, or are; `#last` settles when the last of them is done. */
  #wanting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** Runs a task beside others; waits for those who asked to be alone before it. */
  readonly shared = async <T>(task: () => Promise<T>): Promise<T> => {
    while (this.#wanting > 0) await this.#last
    const running = task()
    const done = running.then(nothing, nothing)
    this.#running.add(done)
    try {
      return await running
    } finally {
      this.#running.delete(done)
    }
  }

  /** Runs a task while nothing else runs, in the order of asking. */
  readonly exclusive = async <T>(task: () => Promise<T>): Promise<T> => {
    this.#wanting++
    const running = this.#last.then(async () => {
      await Promise.all(this.#running)
      return task()
    })
    this.#last = running.then(nothing, nothing).then(() => this.#wanting--)
    return running
  }
}

function nothing(): void {}
