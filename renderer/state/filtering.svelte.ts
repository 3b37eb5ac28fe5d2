// What narrows the library and the kin: a folder, dates, favourites, ratings. Runs in the page. The
// folders' directories and the months are read when a choice of them is offered.
import type { DirectoryInfo, Month } from '../../main/wire/engine-records.ts'
import type { Filter } from '../../main/wire/query-contract.ts'
import { isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

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
    const narrowing = entries.filter(([, value]) => value !== undefined && value !== false)
    this.#filter = Object.fromEntries(narrowing)
  }

  clear(): void {
    if (this.isActive) this.#filter = {}
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
