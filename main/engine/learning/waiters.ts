// Callers who wait for the run to end. Pure.
import type { LearnResult } from '../../wire/learning-contract.ts'

/** Whoever waits for a result of type T. */
export interface Caller<T> {
  resolve(result: T): void
  reject(error: unknown): void
}

/** All callers who wait for the same run. */
export class Waiters {
  readonly #all = new Set<Caller<LearnResult>>()

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  add(caller: Caller<LearnResult>): void {
    this.#all.add(caller)
  }

  resolve(result: LearnResult): void {
    for (const caller of this.#all) caller.resolve(result)
    this.#all.clear()
  }

  reject(error: unknown): void {
    for (const caller of this.#all) caller.reject(error)
    this.#all.clear()
  }
}
