// The places of the library whose photos are rather kept when there are duplicates, in the person's
// order, some of them protected. Runs in the page; the engine remembers them.
import type { KeptPlace } from '../../main/wire/duplicate-messages.ts'
import { MOST_PLACES } from '../../main/wire/duplicate-messages.ts'
import type { EngineLink } from './engine-link.svelte.ts'

type Where = Pick<KeptPlace, 'folder' | 'directory'>

/** Their list, as it is kept. Every change rejects with a Fault, and changes nothing then. */
export class PreferredPlaces {
  #link: EngineLink
  #list = $state.raw<readonly KeptPlace[]>([])

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** The first counts before the next. */
  get list(): readonly KeptPlace[] {
    return this.#list
  }

  async read(): Promise<void> {
    this.#list = (await this.#link.call('keptPlaces', {})).places
  }

  has(where: Where): boolean {
    return this.#list.some(isAt(where))
  }

  isProtected(where: Where): boolean {
    return this.#list.some((one) => one.isProtected && isAt(where)(one))
  }

  /** Prefers a place, after those that are preferred already. */
  add(where: Where, isProtected = false): Promise<void> {
    if (this.has(where) || this.#list.length >= MOST_PLACES) return Promise.resolve()
    return this.#put([...this.#list, { ...where, isProtected }])
  }

  remove(where: Where): Promise<void> {
    return this.#put(this.#list.filter((one) => !isAt(where)(one)))
  }

  /** Protects a place, which is preferred then, or protects it no more. */
  protect(where: Where, isProtected: boolean): Promise<void> {
    if (!this.has(where)) return isProtected ? this.add(where, true) : Promise.resolve()
    return this.#put(this.#list.map((one) => (isAt(where)(one) ? { ...one, isProtected } : one)))
  }

  /** One place up (-1) or down (1) in the order. */
  move(where: Where, by: -1 | 1): Promise<void> {
    const from = this.#list.findIndex(isAt(where))
    const [one, other] = [this.#list[from], this.#list[from + by]]
    if (!one || !other) return Promise.resolve()
    const list = [...this.#list]
    list[from] = other
    list[from + by] = one
    return this.#put(list)
  }

  async #put(places: readonly KeptPlace[]): Promise<void> {
    await this.#link.call('setKeptPlaces', { places: places.map((one) => ({ ...one })) })
    this.#list = places
  }
}

function isAt({ folder, directory }: Where): (one: Where) => boolean {
  return (one) => one.folder === folder && one.directory === directory
}
