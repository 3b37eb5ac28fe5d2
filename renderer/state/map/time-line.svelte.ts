// When photos were taken that pass the filter, but for its dates: read when somebody looks at it.
// Runs in the page.
import type { Month } from '../../../main/wire/engine-records.ts'
import type { Filter } from '../../../main/wire/filter.ts'
import { isFault } from '../../../main/wire/fault.ts'
import type { EngineLink } from '../engine-link.svelte.ts'

/** The filter without its dates. */
function undated({ from: _from, until: _until, ...rest }: Filter): Filter {
  return rest
}

/** The months of the library, within what narrows it. */
export class TimeLine {
  #link: EngineLink
  #months = $state.raw<readonly Month[]>([])
  #asked = 0

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** Months that hold photos, newest first. */
  get months(): readonly Month[] {
    return this.#months
  }

  /** Reads them. Where they cannot be read, they stay as they were. */
  async read(filter: Filter): Promise<void> {
    const asked = ++this.#asked
    try {
      const { months } = await this.#link.call('timeline', { filter: undated(filter) })
      if (asked === this.#asked) this.#months = months // else a later one was asked for
    } catch (error) {
      if (!isFault(error)) throw error
      console.warn(error.message)
    }
  }
}
