// The library as the page knows it: counts, folders, progress, and the order and shape of all
// photos. Runs in the page. Read again whenever the engine says that it changed, or was started
// again.
import type { LibraryInfo, Progress } from '../../main/wire/engine-contract.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

export interface Layout {
  revision: number
  /** Photo ids, newest first [n]. */
  ids: Uint32Array
  /** width / height of each [n]. */
  aspects: Float32Array
}

const NO_LAYOUT: Layout = { revision: -1, ids: new Uint32Array(0), aspects: new Float32Array(0) }
/** Between two readings there is this many times as much rest as a reading takes. */
const REST = 4
const LEAST_REST = 250 // ms

/** Counts, folders, progress and layout, kept up to date by themselves. */
export class Library {
  #link: EngineLink
  #info = $state.raw<LibraryInfo | undefined>()
  #layout = $state.raw<Layout>(NO_LAYOUT)
  #progress = $state.raw<Progress | undefined>()
  #fault = $state.raw<Fault | undefined>()
  #reading = false
  #isStale = false

  constructor(link: EngineLink) {
    this.#link = link
    link.onConnect((client) => {
      client.on('progress', (progress) => (this.#progress = progress))
      client.on('changed', () => this.read())
      // A restarted engine may count its revisions anew.
      this.#layout = { ...this.#layout, revision: -1 }
      this.read()
    })
  }

  /** Nothing until the engine has answered once. */
  get info(): LibraryInfo | undefined {
    return this.#info
  }

  get layout(): Layout {
    return this.#layout
  }

  get progress(): Progress | undefined {
    return this.#progress
  }

  /** Why the library cannot be read. */
  get fault(): Fault | undefined {
    return this.#fault
  }

  /** Reads counts and layout again; calls during a reading become one more reading after it. */
  read(): void {
    this.#isStale = true
    if (!this.#reading) void this.#readWhileStale()
  }

  async #readWhileStale(): Promise<void> {
    this.#reading = true
    while (this.#isStale) {
      this.#isStale = false
      const began = performance.now()
      try {
        const info = await this.#link.call('library', {})
        if (info.revision !== this.#layout.revision)
          this.#layout = await this.#link.call('layout', {})
        this.#info = info
        this.#progress = info.progress
        this.#fault = undefined
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        this.#fault = error
      }
      const rest = Math.max(LEAST_REST, REST * (performance.now() - began))
      await new Promise((resolve) => setTimeout(resolve, rest))
    }
    this.#reading = false
  }
}
