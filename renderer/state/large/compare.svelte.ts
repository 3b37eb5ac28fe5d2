// Two to four photos that are compared: which they are, which of them is meant by keys, and how
// closely they are looked at, all together. Runs in the page.
import { Fault } from '../../../main/wire/fault.ts'
import { laidOut, placeBeside, type Edges, type Layout } from './compare-layout.ts'
import type { PhotoInfos } from '../photo-infos.svelte.ts'
import { ShownPictures } from './shown-pictures.svelte.ts'
import { Zoom } from './zoom.svelte.ts'
import type { Size } from './zoom-geometry.ts'

/** So many can be compared at once. */
export const MOST_COMPARED = 4
/** The shape of a photo that is not known yet. */
const USUAL: Size = { width: 3, height: 2 }

/** What is around the photos, CSS pixels. */
export const EDGES: Edges = { gap: 8, caption: 36 }

/** Shows photos beside each other. */
export class Compare {
  #infos: PhotoInfos
  #ids = $state.raw<readonly number[]>([])
  #focused = $state(0)
  #zooms = new Map<number, Zoom>()
  /** Where those lay that were taken out. */
  #places = new Map<number, number>()
  /** Pictures as large as their fields, which are equal. */
  readonly large: ShownPictures
  /** What all of them share, CSS pixels. */
  area = $state.raw<Size>({ width: innerWidth, height: innerHeight })

  constructor(infos: PhotoInfos) {
    this.#infos = infos
    this.large = new ShownPictures(infos)
  }

  isOpen = $derived(this.#ids.length > 0)
  layout: Layout = $derived(
    laidOut(
      this.area,
      this.#ids.length > 0 ? this.#ids.map((id) => this.#shape(id)) : [USUAL],
      EDGES
    )
  )

  get ids(): readonly number[] {
    return this.#ids
  }

  /** The photo that is meant by keys; 0 while nothing is compared. */
  get focused(): number {
    return this.#focused
  }

  /** How closely the focused one is looked at; the others follow it. */
  get zoom(): Zoom | undefined {
    return this.#zooms.get(this.#focused)
  }

  /** How closely one is looked at. */
  zoomOf(id: number): Zoom {
    const zoom = this.#zooms.get(id)
    if (!zoom) throw new Error(`photo ${id}: not compared`)
    return zoom
  }

  /** Shows these, all of each; at most four. */
  open(ids: readonly number[]): void {
    const different = [...new Set(ids)].slice(0, MOST_COMPARED)
    this.#zooms = new Map(different.map((id) => [id, this.#zoomFor(id)]))
    this.#places.clear()
    this.#ids = different
    this.#focused = different[0] ?? 0
  }

  /** Reads what is known of them. */
  async load(revision: number): Promise<void> {
    if (!this.isOpen) return
    try {
      await this.#infos.load([...this.#ids], revision)
    } catch (error) {
      if (!(error instanceof Fault)) throw error // the library says what is wrong with it
    }
  }

  focus(id: number): void {
    if (this.#ids.includes(id)) this.#focused = id
  }

  /** Moves to another: -1, 0 or 1 across and down. */
  go(across: number, down: number): void {
    const { columns } = this.layout
    const place = this.#ids.indexOf(this.#focused)
    const next = placeBeside(place, [across, down], this.#ids.length, columns)
    this.#focused = this.#ids[next] ?? this.#focused
  }

  /** Takes photos out; the one beside them is focused. Without any left it is closed. */
  remove(ids: readonly number[]): void {
    const place = this.#ids.indexOf(this.#focused)
    const left = this.#ids.filter((id) => !ids.includes(id))
    if (left.length === this.#ids.length) return
    for (const id of ids) this.#places.set(id, this.#ids.indexOf(id))
    const isLost = !left.includes(this.#focused)
    this.#ids = left
    if (isLost) this.#focused = left[Math.min(place, left.length - 1)] ?? 0
  }

  /** Compares those again that were taken out, where they lay, and focuses them. */
  putBack(ids: readonly number[]): void {
    for (const id of ids) {
      const place = this.#places.get(id)
      if (!this.isOpen || place === undefined || this.#ids.includes(id)) continue
      this.#ids = [...this.#ids.slice(0, place), id, ...this.#ids.slice(place)]
      this.#focused = id
    }
  }

  close(): void {
    this.#ids = []
    this.#focused = 0
  }

  #shape(id: number): Size {
    const info = this.#infos.get(id)
    return info && info.width > 0 ? info : USUAL
  }

  #zoomFor(id: number): Zoom {
    const sceneOf = (): Zoom['scene'] => {
      const photo = this.#infos.get(id)
      if (!photo || photo.width === 0) return undefined
      return { photo, field: this.layout.field, density: this.large.density }
    }
    const others = (): Zoom[] =>
      this.#ids.filter((one) => one !== id).map((one) => this.zoomOf(one))
    return new Zoom(sceneOf, others)
  }
}
