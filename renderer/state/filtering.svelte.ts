// What narrows the library and the kin: a folder, dates, favourites, ratings, what photos are. Runs
// in the page. The folders' directories, the months and the traits are read when a choice of them
// is offered.
import type { DirectoryInfo, Month } from '../../main/wire/engine-records.ts'
import type { Filter, Traits } from '../../main/wire/filter.ts'
import { isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'
import type { Trait } from './filter-words.ts'

export interface Directory extends DirectoryInfo {
  /** The library folder it is in. */
  folder: number
}

/** The filter that holds, and what can be chosen. */
export class Filtering {
  #link: EngineLink
  #filter = $state.raw<Filter>({})
  #directories = $state.raw<Directory[]>([])
  #months = $state.raw<Month[]>([])
  #traits = $state.raw<Traits | undefined>()

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** A new object whenever it changes. */
  get filter(): Filter {
    return this.#filter
  }

  get isActive(): boolean {
    return Object.keys(this.#filter).length > 0
  }

  get directories(): Directory[] {
    return this.#directories
  }

  /** Months that hold photos, newest first, whatever the filter. */
  get months(): Month[] {
    return this.#months
  }

  /** Changes some of it; what is undefined no longer narrows. */
  set(change: { [K in keyof Filter]?: Filter[K] | undefined }): void {
    const entries = Object.entries({ ...this.#filter, ...change })
    const narrowing = entries.filter(
      ([name, value]) => value !== undefined && !(name === 'favourites' && value === false)
    )
    this.#filter = Object.fromEntries(narrowing)
  }

  /** Narrows by this, or no longer where it does already. */
  pick<K extends Trait>(trait: K, value: NonNullable<Filter[K]>): void {
    const isPicked = JSON.stringify(this.#filter[trait]) === JSON.stringify(value)
    this.set({ [trait]: isPicked ? undefined : value })
  }

  /** Narrows as it did before; the same filter changes nothing. */
  restore(filter: Filter): void {
    this.#filter = filter
  }

  clear(): void {
    if (this.isActive) this.#filter = {}
  }

  /** How many photos have each trait that can be chosen; undefined until they were read. */
  get traits(): Traits | undefined {
    return this.#traits
  }

  /** Reads them. Where they cannot be read, they stay as they were. */
  async readTraits(): Promise<void> {
    try {
      this.#traits = await this.#link.call('traits', {})
    } catch (error) {
      if (!isFault(error)) throw error
      console.warn(error.message)
    }
  }

  /** Reads what can be chosen. Where it cannot be read, the choice stays as it was. */
  async read(folders: readonly number[]): Promise<void> {
    try {
      const [timeline, ...answers] = await Promise.all([
        this.#link.call('timeline', {}),
        ...folders.map((folder) => this.#link.call('directories', { folder }))
      ])
      this.#months = timeline.months
      this.#directories = answers.flatMap(({ directories }, i) =>
        directories.map((directory) => ({ ...directory, folder: folders[i] ?? 0 }))
      )
    } catch (error) {
      if (!isFault(error)) throw error
      console.warn(error.message)
    }
  }
}
