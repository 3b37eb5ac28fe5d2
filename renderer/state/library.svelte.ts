// The library as the page knows it: counts, folders, progress, and the order and shape of all
// photos that pass the filter. Runs in the page. Read again whenever the engine says that it
// changed, or was started again. The order is read only when it changed: a favourite does not
// change it.
//
// [Note: slices] The layout comes in slices. The first is drawn at once where nothing or something
// else was shown before; a layout that merely changed is replaced when all of it is there, so that
// no place in it is lost.
import type { LibraryInfo, Progress } from '../../main/wire/engine-records.ts'
import { LARGEST_SLICE } from '../../main/wire/engine-contract.ts'
import type { Filter } from '../../main/wire/query-contract.ts'
import { NAME_BYTES } from '../../main/wire/thumbnail.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

export interface Layout {
  /** Photo ids, newest first [n]. */
  ids: Uint32Array
  /** width / height of each [n]. */
  aspects: Float32Array
  /** What their thumbnails are called, bytes [n, 16]. */
  thumbnails: Uint8Array
  /** What narrows it: the same object as long as it is the same filter. */
  filter: Filter
}

/** Of no photos. */
export const NO_LAYOUT: Layout = {
  ids: new Uint32Array(0),
  aspects: new Float32Array(0),
  thumbnails: new Uint8Array(0),
  filter: {}
}
/** Photos of the first slice: more than any window shows. */
const FIRST_SLICE = 2000
/**
 * Between two readings there is this many times as much rest as a reading takes. The engine makes
 * the order anew for each, and while photos come, at most one click in 20 may have to wait for it.
 */
const REST = 30
const LEAST_REST = 250 // ms
const LONGEST_REST = 30_000 // ms

/** Counts, folders, progress and layout, kept up to date by themselves. */
export class Library {
  #link: EngineLink
  #info = $state.raw<LibraryInfo | undefined>()
  #revision = $state(-1)
  #layout = $state.raw<Layout>(NO_LAYOUT)
  /** Which order the layout is of, by the engine's count. */
  #order = -1
  #total = $state(0)
  #all = $state(0)
  #progress = $state.raw<Progress | undefined>()
  #fault = $state.raw<Fault | undefined>()
  #filter: Filter = NO_LAYOUT.filter
  #reading = false
  #isStale = false
  /** All slices of the layout are there. */
  #isWhole = $state(false)
  #isHurried = false
  /** By the page's clock, ms. */
  #restsUntil = 0
  #wake: () => void = () => undefined

  constructor(link: EngineLink) {
    this.#link = link
    link.onConnect((client) => {
      client.on('progress', (progress) => (this.#progress = progress))
      client.on('changed', () => this.#readInTurn())
      this.#order = -1 // a restarted engine may count anew
      this.read()
    })
  }

  /** Nothing until the engine has answered once. */
  get info(): LibraryInfo | undefined {
    return this.#info
  }

  /** Another one once anything changed that is shown, be it no more than a favourite. */
  get revision(): number {
    return this.#revision
  }

  /** What is there of it: see `isWhole`. */
  get layout(): Layout {
    return this.#layout
  }

  /** True when the layout has all photos that pass the filter it was asked for with. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** How many photos pass the filter. */
  get total(): number {
    return this.#total
  }

  /** How many there are without a filter. */
  get all(): number {
    return this.#all
  }

  get progress(): Progress | undefined {
    return this.#progress
  }

  /** Why the library cannot be read. */
  get fault(): Fault | undefined {
    return this.#fault
  }

  /** Shows only what passes; read at once. */
  setFilter(filter: Filter): void {
    if (filter === this.#filter) return
    this.#filter = filter
    this.#isWhole = false
    this.read()
  }

  /**
   * Reads counts and layout again, at once: a person waits for it. Calls during a reading become
   * one more after it.
   */
  read(): void {
    this.#isHurried = true
    this.#readInTurn()
    this.#wake()
  }

  /** The same when it has rested. */
  #readInTurn(): void {
    this.#isStale = true
    if (!this.#reading) void this.#readWhileStale()
  }

  async #readWhileStale(): Promise<void> {
    this.#reading = true
    while (this.#isStale) {
      await this.#rest()
      this.#isStale = this.#isHurried = false
      const began = performance.now()
      try {
        const info = await this.#link.call('library', { filter: this.#filter })
        this.#info = info
        this.#progress = info.progress
        this.#revision = info.revision
        if (!this.#isWhole || info.order !== this.#order) await this.#readLayout()
        this.#fault = undefined
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        this.#fault = error
      }
      const now = performance.now()
      const rest = Math.min(LONGEST_REST, Math.max(LEAST_REST, REST * (now - began)))
      this.#restsUntil = now + rest
    }
    this.#reading = false
  }

  /** Waits until the rest is over, or somebody asks for a reading. */
  async #rest(): Promise<void> {
    const rest = this.#restsUntil - performance.now()
    if (this.#isHurried || rest <= 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, rest)
      this.#wake = () => (clearTimeout(timer), resolve())
    })
  }

  /** Reads all slices of one order; gives up, to be read again, when another filter holds. */
  async #readLayout(): Promise<void> {
    const filter = this.#filter
    const isOther = filter !== this.#layout.filter || this.#layout.ids.length === 0
    let slice = await this.#link.call('layout', { filter, offset: 0, count: FIRST_SLICE })
    const { order, total, all } = slice
    const ids = new Uint32Array(total)
    const aspects = new Float32Array(total)
    const thumbnails = new Uint8Array(total * NAME_BYTES)
    let read = 0
    while (filter === this.#filter) {
      ids.set(slice.ids, read)
      aspects.set(slice.aspects, read)
      thumbnails.set(slice.thumbnails, read * NAME_BYTES)
      read += slice.ids.length
      const isWhole = read === total
      if (isWhole || (isOther && read === slice.ids.length)) {
        this.#layout = {
          filter,
          ids: ids.subarray(0, read),
          aspects: aspects.subarray(0, read),
          thumbnails: thumbnails.subarray(0, read * NAME_BYTES)
        }
        this.#order = order
        this.#total = total
        this.#all = all
        this.#isWhole = isWhole
      }
      if (isWhole) return
      slice = await this.#link.call('layout', {
        filter,
        offset: read,
        count: LARGEST_SLICE,
        order
      })
      // Today's order came in place of the one begun with: it must be read from its beginning.
      const isTorn = slice.order !== order || slice.ids.length === 0
      if (isTorn || read + slice.ids.length > total) break
    }
    this.#isStale = this.#isHurried = true
  }
}
