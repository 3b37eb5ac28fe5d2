// The photo that is shown large, its kin, and the way that led there. Runs in the page.
import type { Kin } from '../../main/wire/engine-contract.ts'
import { Fault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'
import { NO_HISTORY, canGo, current, follow, go, replace } from './history.ts'
import type { History } from './history.ts'
import type { Library } from './library.svelte.ts'
import type { PhotoInfos } from './photo-infos.svelte.ts'

/** Kin that are asked for. */
const TOP = 100

export type KinState =
  | { status: 'loading' }
  | { status: 'waiting' } // the photo is not indexed yet
  | { status: 'ready'; kin: Kin[]; exact: boolean }
  | { status: 'failed'; fault: Fault }

/** Opens photos, asks for their kin, goes back and forward. */
export class Viewer {
  #link: EngineLink
  #library: Library
  #infos: PhotoInfos
  #history = $state.raw<History>(NO_HISTORY)
  #kin = $state.raw<KinState>({ status: 'loading' })
  #asking: AbortController | undefined
  /** The place in the library that closing returns to: where it was opened or stepped to. */
  #origin = 0
  /** How far the list of kin is scrolled, pixels; the component keeps it up to date. */
  kinScroll = 0

  constructor(link: EngineLink, library: Library, infos: PhotoInfos) {
    this.#link = link
    this.#library = library
    this.#infos = infos
  }

  /** The photo shown; nothing when closed. */
  get id(): number | undefined {
    return current(this.#history)?.id
  }

  get origin(): number {
    return this.#origin
  }

  get kin(): KinState {
    return this.#kin
  }

  get canGoBack(): boolean {
    return canGo(this.#history, -1)
  }

  get canGoForward(): boolean {
    return canGo(this.#history, 1)
  }

  /** Where the list of kin was when this photo was left. */
  get savedKinScroll(): number {
    return current(this.#history)?.kinScroll ?? 0
  }

  open(id: number): void {
    this.#origin = id
    this.#show(follow(NO_HISTORY, id, 0))
  }

  /** Goes on to one of the kin. */
  follow(id: number): void {
    this.#show(follow(this.#history, id, this.kinScroll))
  }

  back(): void {
    this.#show(go(this.#history, -1, this.kinScroll))
  }

  forward(): void {
    this.#show(go(this.#history, 1, this.kinScroll))
  }

  /** The photo before or after this one in the library; the same one at the ends. */
  neighbour(by: -1 | 1): number | undefined {
    const { ids } = this.#library.layout
    const index = this.id === undefined ? -1 : ids.indexOf(this.id)
    return index < 0 ? undefined : ids[index + by]
  }

  step(by: -1 | 1): void {
    const id = this.neighbour(by)
    if (id === undefined) return
    this.#origin = id
    this.#show(replace(this.#history, id))
  }

  close(): void {
    this.#asking?.abort()
    this.#history = NO_HISTORY
  }

  /** The library changed: a photo that waited for its index may have it now. */
  libraryChanged(): void {
    if (this.id !== undefined && this.#kin.status === 'waiting') void this.load()
  }

  /** Asks for the photo's details and kin; what was asked for another photo is dropped. */
  async load(): Promise<void> {
    const id = this.id
    if (id === undefined) return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    if (this.#kin.status !== 'waiting') this.#kin = { status: 'loading' }
    const { revision } = this.#library.layout
    // Asked at once, so that a click costs one way to the engine and back.
    const [details, answer] = await Promise.allSettled([
      this.#infos.load([id], revision, asking.signal),
      this.#link.call('kin', { id, top: TOP }, asking.signal)
    ])
    if (asking.signal.aborted) return
    if (details.status === 'fulfilled' && this.#infos.get(id)?.indexed === false) {
      this.#kin = { status: 'waiting' }
    } else if (answer.status === 'fulfilled') {
      this.#kin = { status: 'ready', ...answer.value }
    } else {
      if (!(answer.reason instanceof Fault)) throw answer.reason
      this.#kin = { status: 'failed', fault: answer.reason }
    }
  }

  #show(history: History): void {
    if (history === this.#history) return
    this.#history = history
    this.kinScroll = this.savedKinScroll
    this.#kin = { status: 'loading' }
    void this.load()
  }
}
