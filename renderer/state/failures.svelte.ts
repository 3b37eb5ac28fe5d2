// The photos that could not be read, as long as their list is open. Runs in the page.
import type { Failure } from '../../main/wire/engine-records.ts'
import { MOST_FAILURES } from '../../main/wire/engine-contract.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

const SLICE = 500

/** The list of photos that could not be read, a slice at a time. */
export class Failures {
  #link: EngineLink
  #list = $state.raw<Failure[]>([])
  #total = $state(0)
  #damaged = $state(0)
  #fault = $state.raw<Fault | undefined>()
  #isRead = $state(false)
  #wanted = SLICE // rows
  #reading: AbortController | undefined

  constructor(link: EngineLink) {
    this.#link = link
  }

  get list(): Failure[] {
    return this.#list
  }

  get total(): number {
    return this.#total
  }

  /** Photos that were read though a part of them is damaged. */
  get damaged(): number {
    return this.#damaged
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  get isRead(): boolean {
    return this.#isRead
  }

  /** Reads the list again, as far as it was read before. */
  read(): Promise<void> {
    this.#wanted = Math.max(SLICE, this.#list.length)
    return this.#readAfter([])
  }

  /** Reads another slice, when there is one. */
  async readMore(): Promise<void> {
    if (this.#list.length >= this.#total) return
    this.#wanted = this.#list.length + SLICE
    if (!this.#reading) await this.#readAfter(this.#list) // else what is read goes so far
  }

  /** Puts failed photos back in the queue: those named, or all. Rejects with a Fault. */
  async retry(ids: number[] | null): Promise<void> {
    await this.#link.call('retry', { ids })
    await this.read()
  }

  /** Reads on from the rows that are known, until as many as wanted are there or the list ends. */
  async #readAfter(known: readonly Failure[]): Promise<void> {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    const list = [...known]
    try {
      for (let total = Infinity; list.length < Math.min(this.#wanted, total);) {
        const count = Math.min(this.#wanted - list.length, MOST_FAILURES)
        const slice = { after: list.at(-1)?.id ?? 0, count }
        const answer = await this.#link.call('failures', slice, reading.signal)
        list.push(...answer.failures)
        total = answer.failures.length < count ? list.length : answer.total
        this.#total = total
        this.#damaged = answer.damaged
      }
      this.#list = list
      this.#fault = undefined
      this.#isRead = true
    } catch (error) {
      if (isFault(error, 'cancelled')) return
      if (!(error instanceof Fault)) throw error
      this.#fault = error
    } finally {
      if (this.#reading === reading) this.#reading = undefined
    }
  }
}
