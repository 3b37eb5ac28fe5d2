// How much may be held at once, in any unit. Pure.

/** A sum that work takes from beforehand and gives back; who finds too little waits in turn. */
export class Budget {
  readonly #most: number
  #held = 0
  #waiting: { amount: number; admit: () => void }[] = []

  constructor(most: number) {
    this.#most = most
  }

  /**
   * Resolves when so much is held for the caller: at once or when others gave back enough. More
   * than there is in all is held when nothing else is. `isUrgent`: before all others that wait.
   */
  take(amount: number, isUrgent = false): Promise<void> {
    return new Promise((admit) => {
      const waiter = { amount, admit }
      if (isUrgent) this.#waiting.unshift(waiter)
      else this.#waiting.push(waiter)
      this.#admit()
    })
  }

  give(amount: number): void {
    this.#held -= amount
    this.#admit()
  }

  #admit(): void {
    for (;;) {
      const next = this.#waiting[0]
      if (!next || (this.#held > 0 && this.#held + next.amount > this.#most)) return
      this.#waiting.shift()
      this.#held += next.amount
      next.admit()
    }
  }
}
