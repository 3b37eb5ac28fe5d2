// Which thumbnails could not be had: their tiles show an empty field and do not ask again until the
// engine says that they may. Runs in the page. App has a missing thumbnail made again while the
// page waits for it; where that fails it cannot be made now, as when the photo's drive is away.
import { tick } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import { thumbnailAddress } from './picture-addresses.ts'
import type { EngineLink } from './engine-link.svelte.ts'

/** More than any window shows; of those noted long ago another try does no harm. */
const KEPT = 6000

/** The thumbnails that are missing, by name. */
export class Thumbnails {
  #missing = new SvelteSet<string>()
  /** The engine said that these may be asked for before this page knew that they are missing. */
  #hoped = new Set<string>()

  constructor(link: EngineLink) {
    link.onConnect((client) => {
      this.#missing.clear() // what a lost engine could not give, the next one may
      client.on('thumbnails', ({ names }) => {
        for (const name of names) if (!this.#missing.delete(name)) keep(this.#hoped, name)
      })
    })
  }

  /** Where to ask for a thumbnail; nothing while it cannot be had, or its name is not known. */
  address(name: string | null | undefined): string | undefined {
    return name && !this.#missing.has(name) ? thumbnailAddress(name) : undefined
  }

  /** A thumbnail was asked for in vain. */
  noteMissing(name: string | null | undefined): void {
    if (!name) return
    keep(this.#missing, name)
    // The engine's word came before app's answer did: the tile asks once more.
    if (this.#hoped.delete(name)) void tick().then(() => this.#missing.delete(name))
  }
}

function keep(names: Set<string>, name: string): void {
  names.add(name)
  for (const oldest of names) {
    if (names.size <= KEPT) break
    names.delete(oldest)
  }
}
