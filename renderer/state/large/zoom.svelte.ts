// How far a large photo is zoomed into, and what of it is seen; photos that are compared move
// together. Runs in the page.
import { WHOLE, fitScale, panned, pixelScale, placed, within, zoomedTo } from './zoom-geometry.ts'
import type { Box, Point, Scene, Framing } from './zoom-geometry.ts'

const MIDDLE: Point = { x: 0, y: 0 }
/** One press of a key zooms by as much, and moves by this share of the field. */
const STEP = 1.5
const PACE = 0.15

/**
 * What is wished to be seen: `size` CSS pixels for one of the photo's, and which share of it lies
 * in the middle. Another photo, or a field of another size, is looked at as closely.
 */
interface Closeness extends Point {
  size: number
}

/** Whether only this one of those that are compared is moved. */
type How = { isAlone: boolean }
const TOGETHER: How = { isAlone: false }

const CLOSER = 1.001
const isCloser = ({ scale }: Framing): boolean => scale > CLOSER
const share = (value: number): number => Math.min(1, Math.max(0, value))

/** Zooms and moves what is shown. */
export class Zoom {
  #sceneOf: () => Scene | undefined
  #others: () => readonly Zoom[]
  /** Nothing: all of the photo. */
  #wish = $state.raw<Closeness | undefined>()

  /**
   * @param sceneOf what is shown; nothing where it cannot be zoomed into
   * @param others those that move with this one
   */
  constructor(sceneOf: () => Scene | undefined, others: () => readonly Zoom[] = () => []) {
    this.#sceneOf = sceneOf
    this.#others = others
  }

  scene = $derived.by(() => this.#sceneOf())
  /** What is seen; a field that was made smaller or larger shows what it can. */
  framing = $derived.by((): Framing => {
    if (!this.scene || !this.#wish) return WHOLE
    const { size, x, y } = this.#wish
    return within(this.scene, { scale: size / fitScale(this.scene), x, y })
  })
  isZoomed = $derived(isCloser(this.framing))
  /** Where the whole photo lies in its field, CSS pixels; nothing while all of it is seen. */
  box: Box | undefined = $derived(
    this.scene && this.isZoomed ? placed(this.scene, this.framing) : undefined
  )

  /** The photo's pixels for one of the screen's, in words. */
  get percent(): number {
    return this.scene ? Math.round((100 * this.framing.scale) / pixelScale(this.scene)) : 100
  }

  /** Zooms by a factor; what lies at a point, counted from the middle of the field, stays there. */
  by(factor: number, at: Point = MIDDLE, how = TOGETHER): void {
    if (!this.scene) return
    this.#see(zoomedTo(this.scene, this.framing, this.framing.scale * factor, at), how)
  }

  in(): void {
    this.by(STEP)
  }

  out(): void {
    this.by(1 / STEP)
  }

  /** All of the photo. */
  fit({ isAlone } = TOGETHER): void {
    this.#wish = undefined
    if (!isAlone) for (const other of this.#others()) other.#wish = undefined
  }

  /** A pixel of the photo for one of the screen. */
  pixels(at: Point = MIDDLE, how = TOGETHER): void {
    if (!this.scene) return
    this.#see(zoomedTo(this.scene, this.framing, pixelScale(this.scene), at), how)
    if (!how.isAlone) for (const other of this.#others()) other.#showPixels()
  }

  /** Pixels, or all of the photo. A small one that is larger than its pixels is zoomed into. */
  toggle(at: Point = MIDDLE, how = TOGETHER): void {
    if (!this.scene || this.isZoomed) return this.fit(how)
    if (pixelScale(this.scene) > CLOSER) this.pixels(at, how)
    else this.by(STEP * STEP, at, how)
  }

  /** Moves the photo under its field, CSS pixels. */
  pan(by: Point, how = TOGETHER): void {
    if (this.scene && this.isZoomed) this.#see(panned(this.scene, this.framing, by), how)
  }

  /** Looks further to a side: -1, 0 or 1 across and down. */
  look(across: number, down: number, how = TOGETHER): void {
    const { width = 0, height = 0 } = this.scene?.field ?? {}
    this.pan({ x: -across * PACE * width, y: -down * PACE * height }, how)
  }

  #see(next: Framing, { isAlone }: How): void {
    if (!this.scene) return
    const from = this.framing
    const { scale, x, y } = within(this.scene, next)
    const isZoomed = isCloser({ scale, x, y })
    this.#wish = isZoomed ? { size: scale * fitScale(this.scene), x, y } : undefined
    if (isAlone) return
    const [closer, across, down] = [scale / from.scale, x - from.x, y - from.y]
    for (const other of this.#others())
      if (isZoomed) other.#follow(closer, across, down)
      else other.#wish = undefined
  }

  /**
   * Does what another did: so many times closer, and so much further, in shares of the photo. Where
   * that leads out of this one it is remembered, so that the way back ends where it began.
   */
  #follow(closer: number, across: number, down: number): void {
    if (!this.scene) return
    const { size, x, y } = this.#wish ?? { size: fitScale(this.scene), x: 0.5, y: 0.5 }
    this.#wish = { size: size * closer, x: share(x + across), y: share(y + down) }
  }

  #showPixels(): void {
    if (!this.scene) return
    const { x, y } = this.#wish ?? WHOLE
    this.#wish = { size: pixelScale(this.scene) * fitScale(this.scene), x, y }
  }
}
