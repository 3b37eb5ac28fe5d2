// Names, dates and sizes of the photos that are on screen, asked from the engine in slices and
// kept for a while. Runs in the page. A million photos are never all in here.
import { SvelteMap } from 'svelte/reactivity'
import type { PhotoInfo } from '../../main/wire/engine-records.ts'
import { isFault } from '../../main/wire/fault.ts'
import type { EngineLink } from './engine-link.svelte.ts'

const SLICE = 1000 // the most that one question may name
const KEPT = 6000
/** Between two slices, so that a dragged scrollbar does not ask for all that flies by. */
const PAUSE = 60 // ms

/** Marks of photos that are shown as they are to be. */
interface Marking {
  ids: ReadonlySet<number>
  change: Partial<PhotoInfo>
}

/** What is known of single photos, by id. */
export class PhotoInfos {
  #link: EngineLink
  #known = new SvelteMap<number, PhotoInfo>()
  /** The library's revision that each known photo was read at. */
  #readAt = new Map<number, number>()
  /** What thumbnails are called, also of photos that were only seen among kin. */
  #thumbnails = new SvelteMap<number, string>()
  #wanted: { ids: number[]; revision: number } | undefined
  #isAsking = false
  /** Answers of before do not take them back, until they are kept and those answers are here. */
  readonly #markings = new Set<Marking>()
  readonly #answers = new Set<Promise<unknown>>()

  constructor(link: EngineLink) {
    this.#link = link
  }

  get(id: number): PhotoInfo | undefined {
    return this.#known.get(id)
  }

  /** What the thumbnail of a photo that was seen lately is called. */
  thumbnail(id: number): string | undefined {
    return this.#thumbnails.get(id)
  }

  /** Notes what the thumbnail of a photo is called that is shown. */
  seen({ id, thumbnail }: Pick<PhotoInfo, 'id' | 'thumbnail'>): void {
    if (thumbnail === null) return
    if (this.#thumbnails.get(id) !== thumbnail) this.#thumbnails.set(id, thumbnail)
    for (const oldest of this.#thumbnails.keys()) {
      if (this.#thumbnails.size <= KEPT) break
      this.#thumbnails.delete(oldest)
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
    const answer = this.#link.call('photos', { ids }, signal)
    this.#answers.add(answer)
    try {
      const { photos } = await answer
      for (const photo of photos) this.#keep(photo, revision)
    } finally {
      this.#answers.delete(answer)
    }
  }

  /** Reads those of these photos now that are not known at all. Rejects with a Fault. */
  async ensure(ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !this.#known.has(id))
    if (missing.length > 0) await this.load(missing, 0)
  }

  /** Marks photos as favourites or as none, shown at once. Rejects with a Fault and undoes it. */
  async setFavourite(ids: number[], favourite: boolean): Promise<void> {
    await this.#set(ids, { favourite }, (some) =>
      this.#link.call('setFavourite', { ids: some, favourite })
    )
  }

  /** Rates photos, 0 to 5, shown at once. Rejects with a Fault and undoes it. */
  async setRating(ids: number[], rating: number): Promise<void> {
    await this.#set(ids, { rating }, (some) => this.#link.call('setRating', { ids: some, rating }))
  }

  async #set(
    ids: number[],
    change: Partial<PhotoInfo>,
    call: (ids: number[]) => Promise<unknown>
  ): Promise<void> {
    const before = ids.map((id) => [id, this.#known.get(id)] as const)
    for (const [id, info] of before) if (info) this.#known.set(id, { ...info, ...change })
    const marking = { ids: new Set(ids), change }
    this.#markings.add(marking)
    try {
      for (let i = 0; i < ids.length; i += SLICE) await call(ids.slice(i, i + SLICE))
      void Promise.allSettled(this.#answers).then(() => this.#markings.delete(marking))
    } catch (error) {
      this.#markings.delete(marking)
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

  #keep(told: PhotoInfo, revision: number): void {
    const markings = [...this.#markings].filter(({ ids }) => ids.has(told.id))
    const photo: PhotoInfo = Object.assign({}, told, ...markings.map(({ change }) => change))
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
