// Who may work at once: any number together, or one alone. Pure.

/** Hands out turns: together or alone. */
export class Turns {
  readonly #running = new Set<Promise<unknown>>()
  /** Settles when the last of those who asked to be alone is done. */
  #last: Promise<unknown> = Promise.resolve()

  /** Runs a task beside others; waits for those who asked to be alone before it. */
  readonly together = async <T>(task: () => Promise<T>): Promise<T> => {
    for (let last; last !== this.#last; ) await (last = this.#last)
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
  readonly alone = async <T>(task: () => Promise<T>): Promise<T> => {
    const before = this.#last
    const running = before.then(async () => {
      await Promise.all(this.#running)
      return task()
    })
    this.#last = running.then(nothing, nothing)
    return running
  }
}

function nothing(): void {}
