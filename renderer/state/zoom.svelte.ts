// How far the large photo is zoomed into, and what of it is seen. Runs in the page.
import { WHOLE, panned, pixelScale, placed, within, zoomedTo } from './zoom-geometry.ts'
import type { Box, Point, Scene, Framing } from './zoom-geometry.ts'

const MIDDLE: Point = { x: 0, y: 0 }
/** One press of a key zooms by as much, and moves by this share of the field. */
const STEP = 1.5
const PACE = 0.15

/** Zooms and moves what is shown. */
export class Zoom {
  #sceneOf: () => Scene | undefined
  #framing = $state.raw<Framing>(WHOLE)

  /** @param sceneOf what is shown; nothing where it cannot be zoomed into */
  constructor(sceneOf: () => Scene | undefined) {
    this.#sceneOf = sceneOf
  }

  scene = $derived.by(() => this.#sceneOf())
  /** What is seen; a field that was made smaller or larger shows what it can. */
  framing = $derived(this.scene ? within(this.scene, this.#framing) : WHOLE)
  isZoomed = $derived(this.framing.scale > 1.001)
  /** Where the whole photo lies in its field, CSS pixels; nothing while all of it is seen. */
  box: Box | undefined = $derived(
    this.scene && this.isZoomed ? placed(this.scene, this.framing) : undefined
  )

  /** The photo's pixels for one of the screen's, in words. */
  get percent(): number {
    return this.scene ? Math.round((100 * this.framing.scale) / pixelScale(this.scene)) : 100
  }

  /** Zooms by a factor; what lies at a point, counted from the middle of the field, stays there. */
  by(factor: number, at: Point = MIDDLE): void {
    const { scale } = this.framing
    if (this.scene) this.#framing = zoomedTo(this.scene, this.framing, scale * factor, at)
  }

  in(): void {
    this.by(STEP)
  }

  out(): void {
    this.by(1 / STEP)
  }

  /** All of the photo. */
  fit(): void {
    this.#framing = WHOLE
  }

  /** A pixel of the photo for one of the screen. */
  pixels(at: Point = MIDDLE): void {
    if (this.scene) this.#framing = zoomedTo(this.scene, this.framing, pixelScale(this.scene), at)
  }

  /** Pixels, or all of the photo. A small one that is larger than its pixels is zoomed into. */
  toggle(at: Point = MIDDLE): void {
    if (this.isZoomed) return this.fit()
    this.pixels(at)
    if (!this.isZoomed) this.by(STEP * STEP, at)
  }

  /** Moves the photo under its field, CSS pixels. */
  pan(by: Point): void {
    if (this.scene && this.isZoomed) this.#framing = panned(this.scene, this.framing, by)
  }

  /** Looks further to a side: -1, 0 or 1 across and down. */
  look(across: number, down: number): void {
    const { width = 0, height = 0 } = this.scene?.field ?? {}
    this.pan({ x: -across * PACE * width, y: -down * PACE * height })
  }
}
