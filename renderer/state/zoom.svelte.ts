// How far the large photo is zoomed into, and what of it is seen. Runs in the page.
import { WHOLE, panned, pixelScale, placed, within, zoomedTo } from './zoom-geometry.ts'
import type { Box, Point, Scene, View } from './zoom-geometry.ts'

const MIDDLE: Point = { x: 0, y: 0 }
/** One press of a key zooms by as much, and moves by this share of the field. */
const STEP = 1.5
const PACE = 0.15

/** Zooms and moves what is shown. */
export class Zoom {
  #sceneOf: () => Scene | undefined
  #view = $state.raw<View>(WHOLE)

  /** @param sceneOf what is shown; nothing where it cannot be zoomed into */
  constructor(sceneOf: () => Scene | undefined) {
    this.#sceneOf = sceneOf
  }

  scene = $derived.by(() => this.#sceneOf())
  /** What is seen; a field that was made smaller or larger shows what it can. */
  view = $derived(this.scene ? within(this.scene, this.#view) : WHOLE)
  isZoomed = $derived(this.view.scale > 1.001)
  /** Where the whole photo lies in its field, CSS pixels; nothing while all of it is seen. */
  box: Box | undefined = $derived(
    this.scene && this.isZoomed ? placed(this.scene, this.view) : undefined
  )

  /** The photo's pixels for one of the screen's, in words. */
  get percent(): number {
    return this.scene ? Math.round((100 * this.view.scale) / pixelScale(this.scene)) : 100
  }

  /** Zooms by a factor; what lies at a point, counted from the middle of the field, stays there. */
  by(factor: number, at: Point = MIDDLE): void {
    if (this.scene) this.#view = zoomedTo(this.scene, this.view, this.view.scale * factor, at)
  }

  in(): void {
    this.by(STEP)
  }

  out(): void {
    this.by(1 / STEP)
  }

  /** All of the photo. */
  fit(): void {
    this.#view = WHOLE
  }

  /** A pixel of the photo for one of the screen. */
  pixels(at: Point = MIDDLE): void {
    if (this.scene) this.#view = zoomedTo(this.scene, this.view, pixelScale(this.scene), at)
  }

  /** Pixels, or all of the photo. A small one that is larger than its pixels is zoomed into. */
  toggle(at: Point = MIDDLE): void {
    if (this.isZoomed) return this.fit()
    this.pixels(at)
    if (!this.isZoomed) this.by(STEP * STEP, at)
  }

  /** Moves the photo under its field, CSS pixels. */
  pan(by: Point): void {
    if (this.scene && this.isZoomed) this.#view = panned(this.scene, this.view, by)
  }

  /** Looks further to a side: -1, 0 or 1 across and down. */
  look(across: number, down: number): void {
    const { width = 0, height = 0 } = this.scene?.field ?? {}
    this.pan({ x: -across * PACE * width, y: -down * PACE * height })
  }
}
