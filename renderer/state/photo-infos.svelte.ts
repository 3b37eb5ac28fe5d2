// Names, dates and sizes of the photos that are on screen, asked from the engine in slices and
// kept for a while. Runs in the page. A million photos are never all in here.
import { SvelteMap } from 'svelte/reactivity'
import type { PhotoInfo } from '../../main/wire/engine-contract.ts'
import { isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

const SLICE = 1000 // the most that one question may name
const KEPT = 6000
/** Between two slices, so that a dragged scrollbar does not ask for all that flies by. */
const PAUSE = 60 // ms

/** What is known of single photos, by id. */
export class PhotoInfos {
  #link: EngineLink
  #known = new SvelteMap<number, PhotoInfo>()
  /** The library's revision that each known photo was read at. */
  #readAt = new Map<number, number>()
  /**
   * The version that each photo's pictures were first shown with, and those that changed since; of
   * the photos seen last: a picture that was not shown for so long is not kept by the browser.
   */
  #first = new Map<number, number>()
  #changed = new SvelteMap<number, number>()
  #wanted: { ids: number[]; revision: number } | undefined
  #isAsking = false

  constructor(link: EngineLink) {
    this.#link = link
  }

  get(id: number): PhotoInfo | undefined {
    return this.#known.get(id)
  }

  /** What a changed photo's pictures are asked for with; nothing for one that is as it was. */
  version(id: number): number | undefined {
    return this.#changed.get(id)
  }

  /** Notes the version of a photo that is shown. */
  seen({ id, version }: Pick<PhotoInfo, 'id' | 'version'>): void {
    if (version === undefined) return
    const first = this.#first.get(id)
    if (first !== undefined && version !== (this.#changed.get(id) ?? first))
      this.#changed.set(id, version)
    this.#first.delete(id) // so that the oldest come first
    this.#first.set(id, first ?? version)
    for (const oldest of this.#first.keys()) {
      if (this.#first.size <= KEPT) break
      this.#first.delete(oldest)
      this.#changed.delete(oldest)
    }
  }

  /** Asks, soon, for those photos that are not known as of this revision. The last wish counts. */
  want(ids: Uint32Array, revision: number): void {
    const missing = [...ids.subarray(0, SLICE)].filter((id) => this.#readAt.get(id) !== revision)
    this.#wanted = { ids: missing, revision }
    if (!this.#isAsking) void this.#askWhileWanted()
  }

  /** Reads photos now. Rejects with a Fault. */
  async load(ids: number[], revision: number, signal?: AbortSignal): Promise<void> {
    const { photos } = await this.#link.call('photos', { ids }, signal)
    for (const photo of photos) this.#keep(photo, revision)
  }

  /** Marks photos as favourites or as none, shown at once. Rejects with a Fault and undoes it. */
  async setFavourite(ids: number[], favourite: boolean): Promise<void> {
    const before = ids.map((id) => [id, this.#known.get(id)] as const)
    for (const [id, info] of before) if (info) this.#known.set(id, { ...info, favourite })
    try {
      for (let i = 0; i < ids.length; i += SLICE)
        await this.#link.call('setFavourite', { ids: ids.slice(i, i + SLICE), favourite })
    } catch (error) {
      for (const [id, info] of before) if (info) this.#known.set(id, info)
      throw error
    }
  }

  async #askWhileWanted(): Promise<void> {
    this.#isAsking = true
    while (this.#wanted && this.#wanted.ids.length > 0) {
      const { ids, revision } = this.#wanted
      this.#wanted = undefined
      try {
        await this.load(ids, revision)
      } catch (error) {
        if (!isFault(error)) throw error
        console.warn(error.message) // tiles stay without names; the next scroll asks again
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    this.#isAsking = false
  }

  #keep(photo: PhotoInfo, revision: number): void {
    this.#readAt.delete(photo.id) // so that the oldest entries come first
    this.#readAt.set(photo.id, revision)
    this.seen(photo)
    const before = this.#known.get(photo.id)
    if (!before || JSON.stringify(before) !== JSON.stringify(photo))
      this.#known.set(photo.id, photo)
    for (const id of this.#readAt.keys()) {
      if (this.#readAt.size <= KEPT) break
      this.#readAt.delete(id)
      this.#known.delete(id)
    }
  }
}
