// The photos that could not be read, as long as their list is open. Runs in the page.
import type { Failure } from '../../main/wire/engine-records.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

const SLICE = 500

/** The list of photos that could not be read, a slice at a time. */
export class Failures {
  #link: EngineLink
  #list = $state.raw<Failure[]>([])
  #total = $state(0)
  #fault = $state.raw<Fault | undefined>()
  #isRead = $state(false)
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

  get fault(): Fault | undefined {
    return this.#fault
  }

  get isRead(): boolean {
    return this.#isRead
  }

  /** Reads the list again, as far as it was read before. */
  read(): Promise<void> {
    return this.#readUpTo(Math.max(SLICE, this.#list.length))
  }

  /** Reads another slice, when there is one. */
  async readMore(): Promise<void> {
    if (this.#list.length < this.#total) await this.#readUpTo(this.#list.length + SLICE)
  }

  /** Puts failed photos back in the queue: those named, or all. Rejects with a Fault. */
  async retry(ids: number[] | null): Promise<void> {
    await this.#link.call('retry', { ids })
    await this.read()
  }

  async #readUpTo(end: number): Promise<void> {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    try {
      const slice = { offset: 0, count: Math.min(end, 10_000) }
      const { total, failures } = await this.#link.call('failures', slice, reading.signal)
      this.#list = failures
      this.#total = total
      this.#fault = undefined
      this.#isRead = true
    } catch (error) {
      if (isFault(error, 'cancelled')) return
      if (!(error instanceof Fault)) throw error
      this.#fault = error
    }
  }
}
