// How much may be held at once, in any unit, when it is known only after it was taken. Pure.

/** A sum that work adds to and takes from; who would start while it is high waits. */
export class Budget {
  readonly #most: number
  #held = 0
  #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Waits until less than the most is held. */
  async untilRoom(): Promise<void> {
    while (this.#held >= this.#most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  take(amount: number): void {
    this.#held += amount
  }

  give(amount: number): void {
    this.#held -= amount
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
