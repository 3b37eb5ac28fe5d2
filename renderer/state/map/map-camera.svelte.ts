// What of the map is looked at, and how it gets there. Runs in the page; it does not touch the DOM.
import { NO_POINTS } from './map-points.ts'
import type { MapPoints } from './map-tiles.ts'
import { between, fitted, moved, revealing, zoomed } from './map-framing.ts'
import type { Point, Size } from '../large/zoom-geometry.ts'
import type { MapFraming } from './map-framing.ts'

/** A flight from one framing to another takes so long, ms. */
const FLIGHT = 260
/** From so near on, of what the whole map takes, photos are shown in place of clusters. */
const NEAR = 2.4
/** So many photos are shown as pictures from anywhere. */
const FEW = 150

/** The framing of a map in a field. */
export class MapCamera {
  #size = $state.raw<Size>({ width: 0, height: 0 })
  #points = $state.raw<MapPoints>(NO_POINTS)
  #framing = $state.raw<MapFraming | undefined>()
  #layout = 0
  #frame = 0
  /** Where a flight that is under way leads. */
  #goal: MapFraming | undefined
  #isStill: () => boolean

  /** @param isStill nothing is to move by itself */
  constructor(isStill: () => boolean) {
    this.#isStill = isStill
  }

  /** The framing that shows all photos. */
  whole = $derived(fitted(this.#points.places, this.#size))
  framing = $derived(this.#framing ?? this.whole)
  /** How near one is: 1 shows all. */
  nearness = $derived(this.framing.scale / this.whole.scale)
  showsClusters = $derived(this.#points.ids.length > FEW && this.nearness < NEAR)

  get size(): Size {
    return this.#size
  }

  setSize(size: Size): void {
    if (size.width !== this.#size.width || size.height !== this.#size.height) this.#size = size
  }

  /** What is on the map now; of another layout all of it is shown. */
  setPoints(points: MapPoints, layout: number): void {
    if (layout !== this.#layout) {
      this.#stop() // a flight would lead to where photos were
      this.#framing = undefined
    }
    this.#layout = layout
    this.#points = points
  }

  move(by: Point): void {
    this.#stop()
    this.#framing = moved(this.framing, by)
  }

  /** Nearer by a factor, about a point of the field; the middle if none is given. */
  zoom(factor: number, at?: Point): void {
    const middle = { x: this.#size.width / 2, y: this.#size.height / 2 }
    const from = at ? this.framing : this.#next
    const target = zoomed(from, this.#size, factor, at ?? middle, this.whole)
    if (at) {
      this.#stop()
      this.#framing = target
    } else this.#fly(target)
  }

  showAll(): void {
    this.#fly(this.whole, true)
  }

  /** Shows some places as a whole, but from no farther than photos are shown from. */
  show(places: Float32Array): void {
    const target = fitted(places, this.#size, 40 * this.whole.scale)
    this.#fly({ ...target, scale: Math.max(target.scale, 1.05 * NEAR * this.whole.scale) })
  }

  /** Moves as little as is needed for a place to be well in view. */
  reveal(place: Point): void {
    const from = this.#next
    const target = revealing(from, this.#size, place)
    if (target.x !== from.x || target.y !== from.y) this.#fly(target)
  }

  /** What is looked at once a flight has ended: keys go on from there. */
  get #next(): MapFraming {
    return this.#goal ?? this.framing
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#goal = undefined
  }

  #fly(to: MapFraming, isWhole = false): void {
    this.#stop()
    this.#goal = to
    const from = this.framing
    const began = performance.now()
    const step = (now: number): void => {
      const share = this.#isStill() ? 1 : Math.min(1, (now - began) / FLIGHT)
      const eased = 1 - (1 - share) ** 3
      this.#framing = share < 1 ? between(from, to, Math.max(0, eased)) : isWhole ? undefined : to
      if (share < 1) this.#frame = requestAnimationFrame(step)
      else this.#goal = undefined
    }
    if (this.#isStill()) step(began)
    else this.#frame = requestAnimationFrame(step)
  }
}
