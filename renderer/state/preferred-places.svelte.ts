// The places of the library whose photos are rather kept when there are duplicates, in the person's
// order, some of them protected. Runs in the page; the engine remembers them.
import type { KeptPlace } from '../../main/wire/duplicate-messages.ts'
import { MOST_PLACES } from '../../main/wire/duplicate-messages.ts'
import type { EngineLink } from './engine-link.svelte.ts'

type Where = Pick<KeptPlace, 'folder' | 'directory'>

/**
 * Their list, as it is kept. Every change rejects with a Fault, and changes nothing then. Changes
 * are made one after the other, each to the list that is stored by then.
 */
export class PreferredPlaces {
  #link: EngineLink
  #list = $state.raw<readonly KeptPlace[]>([])
  /** Settles when what was asked for before is done; it never rejects. */
  #before: Promise<unknown> = Promise.resolve()

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** The first counts before the next. */
  get list(): readonly KeptPlace[] {
    return this.#list
  }

  read(): Promise<void> {
    return this.#inTurn(() => this.#read())
  }

  has(where: Where): boolean {
    return this.#list.some(isAt(where))
  }

  isProtected(where: Where): boolean {
    return this.#list.some((one) => one.isProtected && isAt(where)(one))
  }

  /** Prefers a place, after those that are preferred already. */
  add(where: Where, isProtected = false): Promise<void> {
    return this.#change((list) => withPlace(list, where, isProtected))
  }

  remove(where: Where): Promise<void> {
    return this.#change((list) => list.filter((one) => !isAt(where)(one)))
  }

  /** Protects a place, which is preferred then, or protects it no more. */
  protect(where: Where, isProtected: boolean): Promise<void> {
    return this.#change((list) =>
      isProtected && !list.some(isAt(where))
        ? withPlace(list, where, true)
        : list.map((one) => (isAt(where)(one) ? { ...one, isProtected } : one))
    )
  }

  /** One place up (-1) or down (1) in the order. */
  move(where: Where, by: -1 | 1): Promise<void> {
    return this.#change((list) => {
      const from = list.findIndex(isAt(where))
      const [one, other] = [list[from], list[from + by]]
      if (!one || !other) return list
      const moved = [...list]
      moved[from] = other
      moved[from + by] = one
      return moved
    })
  }

  async #read(): Promise<void> {
    this.#list = (await this.#link.call('keptPlaces', {})).places
  }

  #change(changed: (list: readonly KeptPlace[]) => readonly KeptPlace[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#read()
      const places = changed(this.#list)
      if (places === this.#list) return
      await this.#link.call('setKeptPlaces', { places: places.map((one) => ({ ...one })) })
      this.#list = places
    })
  }

  /** Does it when all that was asked for before is done, or has failed. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#before.then(work)
    this.#before = done.catch(() => undefined) // whoever asked for it is told
    return done
  }
}

/** With a place at the end, unless it is there already or there are as many as may be. */
function withPlace(
  list: readonly KeptPlace[],
  where: Where,
  isProtected: boolean
): readonly KeptPlace[] {
  if (list.some(isAt(where)) || list.length >= MOST_PLACES) return list
  return [...list, { ...where, isProtected }]
}

function isAt({ folder, directory }: Where): (one: Where) => boolean {
  return (one) => one.folder === folder && one.directory === directory
}
